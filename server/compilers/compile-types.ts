import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';

/** A position in a document as editors count it: from 0, characters in UTF-16 code units. */
export interface SourcePosition {
  readonly line: number;
  readonly character: number;
}

/** A range in a document; the end is exclusive. */
export interface SourceRange {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

export type Severity = 'error' | 'warning';

/** Something a compiler or the ABI check says of a plugin. */
export interface CompileDiagnostic {
  readonly severity: Severity;
  readonly message: string;
  /** An error kind, or `wat/parse`, `wat/type`, `as/2304`, `udf/comment`. */
  readonly code: string;
  readonly range: SourceRange;
}

/** A plugin's text, or the bytes of a `.wasm` file with the text of its sidecar. */
export type PluginSource =
  | {
      readonly language: 'wat' | 'assemblyscript';
      /** Absolute path; the module is named by it. */
      readonly path: string;
      readonly text: string;
      /** Absolute folder that relative imports may read. */
      readonly root: string;
    }
  | {
      readonly language: 'wasm';
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly sidecar?: string;
    };

/** What became of a plugin's source. */
export interface CompileOutcome {
  /** The module's name: the file's name without its ending. */
  readonly name: string;
  /** The module, with its `quern` section; absent when there is an error among the diagnostics. */
  readonly wasm?: Uint8Array;
  readonly diagnostics: readonly CompileDiagnostic[];
  /** Functions for SQL. */
  readonly functions: readonly PluginFunction[];
  /** Where each function is declared, by SQL name, as far as it is known. */
  readonly places: ReadonlyMap<string, SourceRange>;
}

/*
 * Between the compilers' threads and whoever asks. Offsets are UTF-16 code units in the request's text.
 */

/** Sent to a compiler's thread when there is a source to compile. */
export interface WorkerRequest {
  readonly id: number;
  /** Path from `root`, with `/`. */
  readonly entry: string;
  readonly root: string;
  readonly text: string;
}

export interface WorkerDiagnostic {
  readonly severity: Severity;
  readonly message: string;
  readonly code: string;
  readonly start: number;
  readonly end: number;
}

/** Sent back once for each request. */
export interface WorkerReply {
  readonly id: number;
  readonly wasm?: Uint8Array;
  readonly diagnostics: readonly WorkerDiagnostic[];
  /** Names of functions for SQL and where they stand, from compilers that know. */
  readonly places: readonly { readonly name: string; readonly start: number; readonly end: number }[];
}
