import type { Capability } from './plugins.ts';

/*
 * What the page that shows a `.wasm` file asks, and what it is answered. The extension passes questions on to a worker
 * thread that has read the file; `quern inspect` asks the same of the same code.
 */

/** A function of the module that is shown. */
export interface WasmFunctionRef {
  readonly index: number;
  /** What it is called; absent when nothing in the file names it. */
  readonly name?: string;
  /** Of its body; absent for an imported one. */
  readonly byteLength?: number;
}

/** A part of the file with the parts that it is made of. */
export interface WasmSizeNode {
  readonly label: string;
  /** At least 1. */
  readonly byteLength: number;
  /** Where it is about a function. */
  readonly function?: number;
  /** Largest first; absent where there are none. Many small ones are one part. */
  readonly children?: readonly WasmSizeNode[];
}

/** A section in file order. */
export interface WasmSectionView {
  readonly name: string;
  /** Position of its first byte. */
  readonly offset: number;
  readonly byteLength: number;
  /** Absent where a section has no list of items. */
  readonly itemCount?: number;
  readonly isCustom: boolean;
}

/** A tool that made the module, as its section `producers` tells. */
export interface WasmProducer {
  /** `language`, `processed-by`, `sdk`. */
  readonly field: string;
  readonly name: string;
  readonly version: string;
}

/** A function for SQL that the module's manifest declares. */
export interface WasmSqlFunction {
  /** Such as `slug(s VARCHAR) -> VARCHAR`. */
  readonly signature: string;
  readonly export: string;
  readonly doc: string;
}

/** What there is to say of a file at a glance. */
export interface WasmOverview {
  readonly form: 'module' | 'component' | 'other';
  readonly byteLength: number;
  /** What could not be read; empty for a whole file. At most 100. */
  readonly problems: readonly { readonly offset: number; readonly message: string }[];
  readonly name?: string;
  readonly sections: readonly WasmSectionView[];
  readonly sizes: WasmSizeNode;
  readonly functionCount: number;
  readonly importedFunctionCount: number;
  /** How many rows each list has. */
  readonly importCount: number;
  readonly exportCount: number;
  /** The types of memories and tables in the text format; at most 100 of each. */
  readonly memories: readonly string[];
  readonly tables: readonly string[];
  readonly globalCount: number;
  readonly start?: WasmFunctionRef;
  readonly producers: readonly WasmProducer[];
  readonly plugin: {
    /** What its imports ask for. */
    readonly capabilities: readonly Capability[];
    readonly functions: readonly WasmSqlFunction[];
    readonly doc: string;
    /** Why the manifest could not be read. */
    readonly problem?: string;
  };
}

/** The lists that a page shows row by row. */
export const WASM_LISTS = ['functions', 'exports', 'imports', 'changes'] as const;
export type WasmList = (typeof WASM_LISTS)[number];

/** A column of a list. */
export interface WasmColumn {
  readonly holds:
    | 'index'
    | 'name'
    | 'type'
    | 'bytes'
    | 'kind'
    | 'documentation'
    | 'module'
    | 'change'
    | 'before'
    | 'after';
  /** Its cells are numbers, or texts that begin with one, and stand at the right. */
  readonly isNumber?: true;
}

/** The columns of each list. `changes` is the comparison with another module. */
export const WASM_COLUMNS: Readonly<Record<WasmList, readonly WasmColumn[]>> = {
  functions: [
    { holds: 'index', isNumber: true },
    { holds: 'name' },
    { holds: 'type' },
    { holds: 'bytes', isNumber: true },
  ],
  exports: [{ holds: 'name' }, { holds: 'kind' }, { holds: 'type' }, { holds: 'documentation' }],
  imports: [{ holds: 'module' }, { holds: 'name' }, { holds: 'kind' }, { holds: 'type' }],
  changes: [
    { holds: 'change' },
    { holds: 'kind' },
    { holds: 'name' },
    { holds: 'before' },
    { holds: 'after' },
    { holds: 'bytes', isNumber: true },
  ],
};

/** A row of a list. */
export interface WasmRow {
  /** As many as the list has columns. */
  readonly cells: readonly string[];
  /** The function that the row is about, when the module that is shown has one. */
  readonly function?: number;
}

/** Some rows of a list, in the order that was asked for. */
export interface WasmRows {
  /** How many rows the search leaves. */
  readonly total: number;
  /** Number of the first row that is here. */
  readonly first: number;
  readonly rows: readonly WasmRow[];
}

/** An instruction as a line of text. */
export interface WasmLine {
  /** In the file. */
  readonly offset: number;
  /** How many blocks it stands in. */
  readonly depth: number;
  readonly text: string;
  /** The function that it names. */
  readonly target?: number;
}

/** Some lines of a function's code. */
export interface WasmLines {
  readonly function: WasmFunctionRef;
  /** How the function begins: `(func $name (;3;) (type 1) (param i32)`. */
  readonly heading: string;
  /** Its locals, empty for none. */
  readonly locals: string;
  /** How many lines the function has. */
  readonly total: number;
  /** Number of the first line that is here. */
  readonly first: number;
  readonly lines: readonly WasmLine[];
  /** Where and why the code could not be read on behind the last line. */
  readonly problem?: string;
}

/** A function that another one calls or is called by. */
export interface WasmCall extends WasmFunctionRef {
  /** `refers`: it takes a reference, through which it may call it. */
  readonly how: 'calls' | 'refers';
}

/** The calls of a function through a table, or through references. */
export interface WasmIndirectCalls {
  /** The type of what is called. */
  readonly type: string;
  /** How many functions it may be: those of the type that a table may hold. */
  readonly total: number;
  /** At most 200 of them. */
  readonly functions: readonly WasmFunctionRef[];
}

/** Whom a function calls and who calls it. Of each list at most 1,000 are here. */
export interface WasmCalls {
  readonly function: WasmFunctionRef;
  readonly callees: readonly WasmCall[];
  readonly calleeCount: number;
  readonly callers: readonly WasmCall[];
  readonly callerCount: number;
  readonly indirect: readonly WasmIndirectCalls[];
  /** Whether a table may hold it, so that it may be called by who does not name it. */
  readonly isInTable: boolean;
  /** The functions that it calls, those that they call, and so on, itself included; tables are not looked into. */
  readonly reachable: { readonly functionCount: number; readonly byteLength: number };
}

/** How two modules differ; the rows are in the list `changes`. */
export interface WasmComparison {
  /** What the module is compared with. */
  readonly other: string;
  readonly before: number;
  readonly after: number;
  readonly sections: readonly {
    readonly name: string;
    /** Absent where only the other module has it. */
    readonly before?: number;
    /** Absent where the other module has it not. */
    readonly after?: number;
  }[];
  readonly changeCount: number;
  /** How many functions are the same in both. */
  readonly sameFunctionCount: number;
}

/** What a page may ask of the module that it shows. */
export type WasmQuestion =
  /** Asked once the page listens, and when the file has changed. */
  | { readonly kind: 'overview' }
  /** Asked when rows of a list scroll into view. `sort` is a column's number. */
  | {
      readonly kind: 'rows';
      readonly list: WasmList;
      readonly search: string;
      readonly sort?: number;
      readonly descending: boolean;
      readonly first: number;
      readonly count: number;
    }
  /** Asked when lines of a function scroll into view. */
  | { readonly kind: 'lines'; readonly function: number; readonly first: number; readonly count: number }
  /** Asked to find a text in a function's code, from a line on. */
  | { readonly kind: 'find'; readonly function: number; readonly text: string; readonly from: number }
  /** Asked to find the function of an index or a name. */
  | { readonly kind: 'named'; readonly text: string }
  /** Asked when a function's calls are looked at. */
  | { readonly kind: 'calls'; readonly function: number };

/** The answer to each kind of question. */
export interface WasmAnswers {
  readonly overview: WasmOverview;
  readonly rows: WasmRows;
  readonly lines: WasmLines;
  /** The first line that has the text, or -1. */
  readonly find: { readonly line: number };
  /** The function of that index or name, else the first whose name has the text in it, else -1. */
  readonly named: { readonly function: number };
  readonly calls: WasmCalls;
}

/** The most rows or lines of one answer. */
export const MAX_WASM_ROWS = 1000;

/** From the page that shows a `.wasm` file to the extension. */
export type FromWasmPage =
  /** Sent once the page listens; what was posted before it is lost. */
  | { readonly type: 'ready' }
  /** Sent when the page needs something of the module. `id` comes back with the answer. */
  | { readonly type: 'ask'; readonly id: number; readonly question: WasmQuestion }
  /** Sent to put a function, or the whole module, on the clipboard as text. */
  | { readonly type: 'copyWat'; readonly function?: number }
  /** Sent to choose another module and to compare. */
  | { readonly type: 'compare' };

/** From the extension to the page that shows a `.wasm` file. */
export type ToWasmPage =
  /** Sent when the file was read, at the beginning and when it has changed: what the page knew is old. */
  | { readonly type: 'opened'; readonly name: string }
  /** Answers `ask`. */
  | { readonly type: 'answer'; readonly id: number; readonly answer: WasmAnswers[keyof WasmAnswers] }
  /** Answers `ask` when it could not be answered. */
  | { readonly type: 'refused'; readonly id: number; readonly message: string }
  /** Sent when another module was chosen and compared. */
  | { readonly type: 'compared'; readonly comparison: WasmComparison }
  /** Sent to show a function's code. */
  | { readonly type: 'show'; readonly function: number }
  /** Sent to tell how something that was asked for went, such as a copy. */
  | { readonly type: 'notice'; readonly message: string; readonly isError: boolean };

/** A `.wasm` file: its absolute path, or its bytes where it is not on this machine's disk. */
export type WasmSource = { readonly path: string } | { readonly bytes: Uint8Array };

/** From the extension to the thread that reads a `.wasm` file. */
export type ToWasmThread =
  /** Sent first, and when the file has changed. */
  | { readonly type: 'open'; readonly source: WasmSource }
  /** Sent for each question of a page. */
  | { readonly type: 'ask'; readonly question: WasmQuestion }
  /** Sent for the text of a function, or of the whole module; one that is longer is an error. */
  | { readonly type: 'text'; readonly function?: number; readonly maxLength: number }
  /** Sent to compare with another file, which is called `name`. */
  | { readonly type: 'compare'; readonly source: WasmSource; readonly name: string };

/** A message to the thread with the number that its answer comes back with. */
export interface WasmThreadRequest {
  readonly id: number;
  readonly message: ToWasmThread;
}

/** From the thread to the extension: the answer to the request of that number, or why there is none. */
export type FromWasmThread =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };
