import { nearNames } from '../../../wasm-core/protocol/near-names.ts';
import { SPACE_WORDS } from '../syntax/space-words.ts';
import type { WatToken } from '../syntax/tokens.ts';
import type { IndexSpace } from '../syntax/tree.ts';
import { type NameFault, nameOf, type WatDefinition, type WatUse } from './names.ts';

/** A definition whose uses are still being found. */
export interface OpenDefinition extends WatDefinition {
  uses: WatUse[];
}

/** A use whose definition is still to hear of it. */
export interface OpenUse extends WatUse {
  readonly definition: OpenDefinition | undefined;
}

/** What is told of a definition that gets its place in a scope. */
export type DefinitionParts = Omit<OpenDefinition, 'space' | 'index' | 'uses' | 'block'>;

/** Shared until there is a use, and never added to. */
export const NO_USES: WatUse[] = [];

/** Where a binder puts what it finds. */
export interface NameNotes {
  readonly definitions: OpenDefinition[];
  readonly faults: NameFault[];
}

/** The definitions of one space, by number and by name. */
export class Scope {
  private readonly list: OpenDefinition[] = [];
  private readonly byName = new Map<string, OpenDefinition>();
  /** How many more there may be that are not known, behind those that are: no number of theirs is a fault. */
  unknownCount = 0;
  /** Whether those that are not known come before the others, so that no number is anyone's for certain. */
  isShifted = false;

  constructor(
    readonly space: IndexSpace,
    private readonly notes: NameNotes,
  ) {}

  get count(): number {
    return this.list.length;
  }

  /** Adds a definition behind the others; a name that is taken is told, and stays what it is. */
  define({ id, place, span, field, variable }: DefinitionParts): OpenDefinition {
    const definition: OpenDefinition = {
      space: this.space,
      index: this.list.length,
      id,
      place,
      span,
      field,
      variable,
      block: undefined,
      uses: NO_USES,
    };
    this.list.push(definition);
    this.notes.definitions.push(definition);
    if (id === undefined) return definition;
    const name = nameOf(id);
    if (!this.byName.has(name)) this.byName.set(name, definition);
    else {
      const message = `There is another ${SPACE_WORDS[this.space]} ${id.text}: each needs a name of its own.`;
      this.notes.faults.push({ code: 'wat/duplicate-name', start: id.start, end: id.end, message });
    }
    return definition;
  }

  /** What a token names; tells where it is nothing. */
  find(token: WatToken): OpenDefinition | undefined {
    const found = this.peek(token);
    if (found === undefined && (token.kind === 'id' || !this.mayHold(token))) this.missing(token);
    return found;
  }

  /** As `find`; tells nothing. */
  peek(token: WatToken): OpenDefinition | undefined {
    if (token.kind === 'id') return this.byName.get(nameOf(token));
    return this.isShifted ? undefined : this.list[numberOf(token)];
  }

  private mayHold(token: WatToken): boolean {
    return numberOf(token) < this.list.length + this.unknownCount;
  }

  private missing(token: WatToken): void {
    const what = SPACE_WORDS[this.space];
    let hint = this.list.length === 0 ? '.' : `: they are numbered from 0 to ${this.list.length - 1}.`;
    if (token.kind === 'id') {
      const [near] =
        this.notes.faults.length < MOST_HINTS ? nearNames(nameOf(token), this.byName.keys(), 1) : [];
      const known = near === undefined ? undefined : this.byName.get(near);
      hint = known?.id === undefined ? '.' : `; did you mean ${known.id.text}?`;
    }
    const message = `There is no ${what} ${token.text}${hint}`;
    this.notes.faults.push({ code: 'wat/undefined-name', start: token.start, end: token.end, message });
  }
}

/** Looking for near names takes long, so it is done for so many of the first faults alone. */
export const MOST_HINTS = 20;

/** The number that a token writes. */
export function numberOf({ text }: WatToken): number {
  return Number(text.replaceAll('_', ''));
}
