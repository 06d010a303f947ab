import type { DiagnosticLevel } from '../../wasm-core/protocol/lsp.ts';
import type { PluginFunction, Preset, SourceLanguage, ToolPaths } from '../../wasm-core/protocol/plugins.ts';
import type { PluginWorkspace } from '../plugins/checks/check.ts';
import type { NamedComponent } from '../wit/check-wit.ts';
import type { WitPackage } from '../wit/wit-package.ts';

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

export type Severity = Exclude<DiagnosticLevel, 'off'>;

/** Something a compiler or the ABI check says of a plugin. */
export interface CompileDiagnostic {
  readonly severity: Severity;
  readonly message: string;
  /** The name of a page in docs/diagnostics, an error kind, or `wat/parse`, `wat/type`, `as/2304`, `js/syntax`, `udf/comment`, `clang`, `rustc/E0308`, `toolchain/clang`. */
  readonly code: string;
  readonly range: SourceRange;
  /** Absolute path of the file that the range is in, where that is not the source itself. */
  readonly file?: string;
  /** It keeps the module from nothing, and the setting `quern.diagnostics` says how loud it is. */
  readonly isLint?: true;
  /** For the fixes, as JSON. */
  readonly data?: unknown;
  /** What the compiler says of other places. */
  readonly related?: readonly RelatedPlace[];
}

/** A place that a diagnostic also speaks of. */
export interface RelatedPlace {
  readonly message: string;
  /** Absolute. */
  readonly file: string;
  readonly range: SourceRange;
}

/** How a source is compiled. */
export interface CompileOptions {
  /** Absent: `debug`. */
  readonly preset?: Preset;
  /** Tools that the user names, in the place of those that are found. */
  readonly tools?: ToolPaths;
  /** Gives up a compiler that is a process; the others go on to their end. */
  readonly signal?: AbortSignal;
}

/** The languages that our own compilers compile. */
export const OWN_LANGUAGES = ['wat', 'assemblyscript', 'javascript'] as const;
export type OwnLanguage = (typeof OWN_LANGUAGES)[number];

/** Whether one of our own compilers compiles a language, and no program of the user's. */
export function isOwnLanguage(language: SourceLanguage): language is OwnLanguage {
  return OWN_LANGUAGES.some((own) => own === language);
}

/** A plugin's text, or the bytes of a `.wasm` file with the text of its sidecar. */
export type PluginSource = (
  | {
      readonly language: OwnLanguage;
      /** Absolute path; the module is named by it. */
      readonly path: string;
      readonly text: string;
      /** Absolute folder that relative imports may read. */
      readonly root: string;
    }
  | {
      readonly language: Exclude<SourceLanguage, OwnLanguage>;
      /** Absolute path of the source, or of the file that stands for a project; the module is named by it. */
      readonly path: string;
      readonly text: string;
      /** Absolute folder; what tools say of files outside is told at the source itself. */
      readonly root: string;
      /** The text of `name.quern.json` beside the source. */
      readonly sidecar?: string;
    }
  | {
      readonly language: 'wasm';
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly sidecar?: string;
    }
) & {
  /** What the folder's `quern.json` says of it; absent: nothing. */
  readonly workspace?: PluginWorkspace;
};

/** A source that a program of the user's compiles. */
export type ToolSource = Exclude<PluginSource, { readonly language: 'wasm' | OwnLanguage }>;

/** Whether a source is for a program of the user's, and not for one of our own compilers. */
export function isToolSource(source: PluginSource): source is ToolSource {
  return source.language !== 'wasm' && !isOwnLanguage(source.language);
}

/** What became of a plugin's source. */
export interface CompileOutcome {
  /** The module's name: the file's name without its ending, or a project's folder. */
  readonly name: string;
  /** The module, with its `quern` section; absent when there is an error among the diagnostics. */
  readonly wasm?: Uint8Array;
  readonly diagnostics: readonly CompileDiagnostic[];
  /** Functions for SQL. */
  readonly functions: readonly PluginFunction[];
  /** Where each function is declared, by SQL name, as far as it is known. */
  readonly places: ReadonlyMap<string, SourcePlace>;
  /**
   * Absolute paths of other files that the module was made of, also of those that were looked for and are not there;
   * absent when that is not known.
   */
  readonly inputs?: readonly string[];
  /** Absolute path of the program that compiled it, where that is one of the user's. */
  readonly tool?: string;
}

/** Where something is declared. */
export interface SourcePlace extends SourceRange {
  /** Absolute path, where it is not the source itself. */
  readonly file?: string;
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
  /** A component's bytes, in the place of a text. */
  readonly component?: Uint8Array;
  /** A package of WIT to be checked, in the place of a text, with the components beside it. */
  readonly wit?: { readonly package: WitPackage; readonly components: readonly NamedComponent[] };
  /** Absent: `debug`. */
  readonly preset?: Preset;
  /** A module to be optimised, in the place of a text to be compiled. */
  readonly module?: Uint8Array;
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
  /** The world of a component, as text. */
  readonly world?: string;
  readonly diagnostics: readonly WorkerDiagnostic[];
  /** Names, from the root, of the other files that were read or looked for. */
  readonly inputs?: readonly string[];
  /** Names of functions for SQL and where they stand, from compilers that know. */
  readonly places: readonly { readonly name: string; readonly start: number; readonly end: number }[];
}
