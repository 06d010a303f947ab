import type { ByteRange } from '../wasm-module.ts';
import type { Problem } from './leniently.ts';
import type { NameTable } from './name-table.ts';
import type { NumberList } from './number-list.ts';
import type { Signature } from './type-text.ts';

/** What imports and exports are of. */
export const ENTITY_KINDS = ['function', 'table', 'memory', 'global', 'tag'] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

/** A section in file order. `start` is the position of its id, `payloadStart` that of its content. */
export interface OutlineSection extends ByteRange {
  readonly id: number;
  /** Its name in the specification, or that of a custom section. */
  readonly name: string;
  readonly payloadStart: number;
  /** How many items it says to have; absent for a custom section. */
  readonly itemCount?: number;
}

/** A defined type. */
export interface OutlineType {
  /** As the text format writes it behind `(type`: `(func (param i32))`, `(sub final 3 (struct (field i8)))`. */
  readonly text: string;
  /** Of a function type. */
  readonly signature?: Signature;
  /** How many types the recursive group has that begins with this one; absent inside groups and outside of them. */
  readonly groupSize?: number;
}

/** A recursive group without a type stands before the type of its index. */
export interface EmptyGroup {
  readonly beforeType: number;
}

/** An import. */
export interface OutlineImport {
  readonly module: string;
  readonly name: string;
  readonly kind: EntityKind;
  /** Its index among those of its kind. */
  readonly index: number;
  /** Whether it takes a function of exactly its type alone. */
  readonly isExact?: true;
}

/** An export. */
export interface OutlineExport {
  readonly name: string;
  readonly kind: EntityKind;
  readonly index: number;
}

/** A table, a memory or a global. */
export interface OutlineEntity {
  /** Its type in the text format. */
  readonly type: string;
  /** Where the expression stands that it begins with. */
  readonly init?: ByteRange;
}

/** Functions by index, imported ones first. */
export interface OutlineFunctions {
  readonly importedCount: number;
  readonly count: number;
  /** The number of each one's type. */
  readonly types: NumberList;
  /** Where the body of each begins that is not imported, by its index less `importedCount`: local declarations, code. */
  readonly starts: NumberList;
  /** Where it ends. */
  readonly ends: NumberList;
}

/** An element segment. */
export interface ElementSegment extends ByteRange {
  readonly mode: 'active' | 'passive' | 'declared';
  /** Absent where the segment does not name one: table 0. */
  readonly table?: number;
  readonly offset?: ByteRange;
  /** Of its elements; `func` for a list of functions. */
  readonly type: string;
  readonly functions?: NumberList;
  readonly expressions?: readonly ByteRange[];
}

/** A data segment; `start` to `end` are its bytes. */
export interface DataSegment extends ByteRange {
  /** Absent where the segment does not name one: memory 0. */
  readonly memory?: number;
  /** Absent for a passive one. */
  readonly offset?: ByteRange;
}

/** What is known of a file without reading the code in it: all of it when it is whole, else what could be read. */
export interface ModuleOutline {
  /** The file, not copied. */
  readonly bytes: Uint8Array;
  readonly form: 'module' | 'component' | 'other';
  readonly sections: readonly OutlineSection[];
  readonly types: readonly OutlineType[];
  readonly emptyGroups: readonly EmptyGroup[];
  readonly imports: readonly OutlineImport[];
  readonly exports: readonly OutlineExport[];
  readonly functions: OutlineFunctions;
  readonly tables: readonly OutlineEntity[];
  readonly memories: readonly OutlineEntity[];
  readonly globals: readonly OutlineEntity[];
  /** The numbers of the tags' types. */
  readonly tags: readonly number[];
  /** Index of the start function. */
  readonly start?: number;
  readonly elements: readonly ElementSegment[];
  readonly data: readonly DataSegment[];
  readonly names: NameTable;
  readonly problems: readonly Problem[];
}

/** The body of a function; undefined for an imported one and for one that the file has no code for. */
export function bodyOf({ functions }: ModuleOutline, index: number): ByteRange | undefined {
  const own = index - functions.importedCount;
  if (own < 0 || own >= functions.starts.length) return undefined;
  return { start: functions.starts.at(own), end: functions.ends.at(own) };
}

/** The signature of a function; undefined when its type is not there or none of a function. */
export function signatureOf(outline: ModuleOutline, index: number): Signature | undefined {
  if (index >= outline.functions.types.length) return undefined;
  return outline.types[outline.functions.types.at(index)]?.signature;
}
