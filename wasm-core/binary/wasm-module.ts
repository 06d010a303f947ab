import type { ModuleExport, ModuleImport, ValueType } from '../protocol/plugins.ts';

/** The type of a function. */
export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Limits of a memory in pages of 64 KiB, 0 to 65,536; `maximumPages` is absent when the module sets none. */
export interface MemoryLimits {
  readonly initialPages: number;
  readonly maximumPages?: number;
}

/** What a table holds and how many of it; `maximum` is absent when the module sets none. */
export interface TableType {
  readonly element: ReferenceType;
  readonly initial: number;
  readonly maximum?: number;
}

/** The value types that a table may hold. */
export type ReferenceType = Extract<ValueType, 'funcref' | 'externref' | 'exnref'>;

/** The type of a global. */
export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}

/** Bytes from `start` on, up to and without `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A section in file order. `start` is the position of its id, `payloadStart` that of its content. */
export interface Section {
  readonly id: number;
  readonly start: number;
  readonly payloadStart: number;
  readonly end: number;
}

/** A custom section; `start` to `end` are the bytes after its name. */
export interface CustomSection {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** An import with what the file says of it; `start` to `end` is its entry in the import section. */
export type WasmImport = ModuleImport & {
  readonly start: number;
  readonly end: number;
  /** For a function. */
  readonly type?: FunctionType;
  /** For a memory. */
  readonly limits?: MemoryLimits;
};

/** What `readModule` finds in a file. */
export interface WasmModule {
  /** The file itself, not copied. */
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  readonly types: readonly FunctionType[];
  readonly imports: readonly WasmImport[];
  /** Types of all functions by index, imported ones first. */
  readonly functions: readonly FunctionType[];
  /** Tables by index, imported ones first. */
  readonly tables: readonly TableType[];
  /** Globals by index, imported ones first. */
  readonly globals: readonly GlobalType[];
  /** Types of the exception tags by index, imported ones first. */
  readonly tags: readonly FunctionType[];
  /** The body of each function that is not imported, behind its byte length: local declarations, then code. */
  readonly bodies: readonly ByteRange[];
  readonly exports: readonly ModuleExport[];
  /** Indexes of the functions that are exported, by name. */
  readonly exportedFunctions: ReadonlyMap<string, number>;
  /** The memory, imported or declared; at most one. */
  readonly memories: readonly MemoryLimits[];
  readonly customSections: readonly CustomSection[];
  /** Index of the start function. */
  readonly start?: number;
}

/** How many of a kind the module imports; those come first in the index space of the kind. */
export function importedCount(module: Pick<WasmModule, 'imports'>, kind: ModuleImport['kind']): number {
  return module.imports.reduce((count, i) => count + (i.kind === kind ? 1 : 0), 0);
}

/** Section ids that we name. */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The order that the specification asks of sections. */
export const SECTION_ORDER: readonly number[] = [
  SECTION.type,
  SECTION.import,
  SECTION.function,
  SECTION.table,
  SECTION.memory,
  SECTION.tag,
  SECTION.global,
  SECTION.export,
  SECTION.start,
  SECTION.element,
  SECTION.dataCount,
  SECTION.code,
  SECTION.data,
];
