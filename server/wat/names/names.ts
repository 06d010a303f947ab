import { SPACE_WORDS } from '../syntax/space-words.ts';
import { stringText } from '../syntax/strings.ts';
import type { WatToken } from '../syntax/tokens.ts';
import type {
  IndexSpace,
  WatField,
  WatInstruction,
  WatSpan,
  WatSyntax,
  WatVariable,
} from '../syntax/tree.ts';

/** Something that has an index, and may have a name. */
export interface WatDefinition {
  readonly space: IndexSpace;
  /** Its number in its space; of a label, how many blocks are around it. */
  readonly index: number;
  /** `$name` where it has one. */
  readonly id: WatToken | undefined;
  /** Where it is shown: its name, else the keyword that begins it. */
  readonly place: WatSpan;
  /** All of it: of a label its block, of a local its form. */
  readonly span: WatSpan;
  /** The field that defines it, or in which it stands. */
  readonly field: WatField;
  /** Of a local or field. */
  readonly variable: WatVariable | undefined;
  /** Of a label: the instruction that begins its block. */
  readonly block: WatInstruction | undefined;
  /** Every place that names it, in their order. */
  readonly uses: readonly WatUse[];
}

/** A place that names something. */
export interface WatUse {
  readonly space: IndexSpace;
  /** A name or a number. */
  readonly token: WatToken;
  /** Absent for what is not there, or not known. */
  readonly definition: WatDefinition | undefined;
  /** The field in which it stands. */
  readonly field: WatField;
  /** Whether it is set here, not read. */
  readonly isWrite: boolean;
}

/** A name that means nothing where it stands, or is taken. */
export interface NameFault extends WatSpan {
  readonly code: 'wat/undefined-name' | 'wat/duplicate-name';
  readonly message: string;
}

/** What the names and numbers of a module mean. */
export interface WatNames {
  readonly syntax: WatSyntax;
  /** Everything that is defined, scope by scope. */
  readonly definitions: readonly WatDefinition[];
  /** Every place that names something, in the order of the text. */
  readonly uses: readonly WatUse[];
  readonly faults: readonly NameFault[];
}

/** The name that an id stands for: `$a` and `$"a"` are the same. */
export function nameOf({ text }: WatToken): string {
  return text.startsWith('$"') ? stringText(text.slice(1)) : text.slice(1);
}

/** How a name is written: quoted where it has to be. */
export function writtenName(name: string): string {
  if (/^[!#-'*+\-./0-9:<=>?@A-Z\\^_`a-z|~]+$/.test(name)) return `$${name}`;
  const inside = [...name].map((c) =>
    /["\\\p{Cc}]/u.test(c) ? `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}` : c,
  );
  return `$"${inside.join('')}"`;
}

/** How something is named: `$name`, else by its number. */
export function shortName({ id, index }: Pick<WatDefinition, 'id' | 'index'>): string {
  return id?.text ?? String(index);
}

/** How something is named where it stands alone: `$name` or `function 3`. */
export function shownName({ space, id, index }: Pick<WatDefinition, 'space' | 'id' | 'index'>): string {
  return id?.text ?? `${SPACE_WORDS[space]} ${index}`;
}
