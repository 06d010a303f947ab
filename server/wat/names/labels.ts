import { nearNames } from '../../../wasm-core/protocol/near-names.ts';
import type { WatToken } from '../syntax/tokens.ts';
import type { WatField, WatInstruction } from '../syntax/tree.ts';
import { nameOf } from './names.ts';
import { MOST_HINTS, type NameNotes, NO_USES, numberOf, type OpenDefinition } from './scope.ts';

/** A label whose block is not at its end yet. */
interface OpenLabel extends OpenDefinition {
  span: { start: number; end: number };
}

/** The labels of the blocks around the instructions of a body, as one goes through it. */
export class LabelStack {
  private readonly stack: OpenLabel[] = [];
  /** Of each name the labels that have it, the innermost last. */
  private readonly byName = new Map<string, OpenLabel[]>();

  constructor(
    private readonly field: WatField,
    private readonly notes: NameNotes,
  ) {}

  /** A block begins. */
  begin(block: WatInstruction): void {
    const { label: id, word, form } = block;
    const label: OpenLabel = {
      space: 'label',
      index: this.stack.length,
      id,
      place: id ?? word ?? block,
      span: { start: form?.start ?? block.start, end: form?.end ?? this.field.form.end },
      field: this.field,
      variable: undefined,
      block,
      uses: NO_USES,
    };
    this.stack.push(label);
    this.notes.definitions.push(label);
    if (id === undefined) return;
    const name = nameOf(id);
    const same = this.byName.get(name);
    if (same === undefined) this.byName.set(name, [label]);
    else same.push(label);
  }

  /** The innermost block ends. */
  end({ end }: WatInstruction): void {
    const label = this.stack.pop();
    if (label === undefined) return;
    label.span.end = end;
    if (label.id !== undefined) this.byName.get(nameOf(label.id))?.pop();
  }

  /** The block that a branch, or an `end` or `else`, names; tells where there is none. */
  find(token: WatToken, { name }: WatInstruction): OpenDefinition | undefined {
    if (name === 'end' || name === 'else') return this.repeated(token, name);
    const depth = numberOf(token);
    const found = token.kind === 'id' ? this.byName.get(nameOf(token))?.at(-1) : this.stack.at(-1 - depth);
    // One more than the blocks is the function itself.
    if (found === undefined && (token.kind === 'id' || depth > this.stack.length)) {
      this.fault(token, `There is no label ${token.text} around this ${name}${this.hint(token)}`);
    }
    return found;
  }

  private repeated(token: WatToken, name: string): OpenDefinition | undefined {
    const label = this.stack.at(-1);
    if (label?.id !== undefined && nameOf(label.id) === nameOf(token)) return label;
    const own = label?.id === undefined ? 'has no label' : `is labelled ${label.id.text}`;
    this.fault(token, `There is no label ${token.text} here: the block of this ${name} ${own}.`);
    return undefined;
  }

  private hint(token: WatToken): string {
    if (token.kind !== 'id') {
      const count = this.stack.length === 1 ? 'is 1 block' : `are ${this.stack.length} blocks`;
      return `: there ${count} around it, and 0 is the innermost.`;
    }
    const open = [...this.byName].flatMap(([name, labels]) => (labels.length > 0 ? [name] : []));
    const [near] = this.notes.faults.length < MOST_HINTS ? nearNames(nameOf(token), open, 1) : [];
    const id = near === undefined ? undefined : this.byName.get(near)?.at(-1)?.id;
    return id === undefined ? '.' : `; did you mean ${id.text}?`;
  }

  private fault(token: WatToken, message: string): void {
    this.notes.faults.push({ code: 'wat/undefined-name', start: token.start, end: token.end, message });
  }
}
