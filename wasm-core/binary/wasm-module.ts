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
  readonly exports: readonly ModuleExport[];
  /** The memory, imported or declared; at most one. */
  readonly memories: readonly MemoryLimits[];
  readonly customSections: readonly CustomSection[];
  /** Index of the start function. */
  readonly start?: number;
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
