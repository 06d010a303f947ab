import type { PluginFunction, Preset, ToolPaths } from './plugins.ts';

/*
 * Messages between the editor's client and the language server beyond the Language Server Protocol.
 */

/**
 * How the server's process is started, as arguments in front of its file. Most of what it makes, such as tokens and
 * answers, is garbage at once: V8's young generation grows to 48 MiB for it by default, and clearing all of that keeps
 * requests waiting longer than clearing a little more often.
 */
export const SERVER_EXEC_ARGV: readonly string[] = ['--max-semi-space-size=2'];

/** What the client gives the server in `initializationOptions`; other editors may leave all of it out. */
export interface ServerOptions {
  /** The window's part of the keys under which it and the server share sessions; absent: the server opens its own. */
  readonly sessionKey?: string;
  /** False in an untrusted workspace: nothing is compiled and no host is started. */
  readonly trusted?: boolean;
  /** Further folders that statements may use. */
  readonly allow?: readonly string[];
  /** Origins, or beginnings of addresses, whose files statements may read on a network. */
  readonly allowUrls?: readonly string[];
  /** False: SQL inside documents of other languages is left alone. */
  readonly embeddedSql?: boolean;
  /** True: the editor tells by the JSON schemas what is at fault in our files, so the server need not. */
  readonly validatesJson?: boolean;
  /** How loud each hint is, by its code, where it is not as the hint itself says. */
  readonly diagnostics?: Readonly<Record<string, DiagnosticLevel>>;
  /** In which language the fix for a missing function writes a plugin; absent: AssemblyScript. */
  readonly newPluginLanguage?: PluginLanguage;
  /** Programs that compile plugins, where the user names them. */
  readonly tools?: ToolPaths;
  /** How plugins are compiled; absent: `debug`. */
  readonly preset?: Preset;
}

/** How loud a hint is; `off` for not at all. */
export const DIAGNOSTIC_LEVELS = ['error', 'warning', 'information', 'hint', 'off'] as const;
export type DiagnosticLevel = (typeof DIAGNOSTIC_LEVELS)[number];

/** Languages that the language server writes new plugins in. */
export const PLUGIN_LANGUAGES = ['assemblyscript', 'wat'] as const;
export type PluginLanguage = (typeof PLUGIN_LANGUAGES)[number];

/** The settings of `levels` that are levels; anything else is left out. */
export function diagnosticLevels(levels: unknown): Readonly<Record<string, DiagnosticLevel>> {
  if (typeof levels !== 'object' || levels === null) return {};
  const known = Object.entries(levels).flatMap(([code, level]) => {
    const found = DIAGNOSTIC_LEVELS.find((name) => name === level);
    return found === undefined ? [] : [[code, found] as const];
  });
  return Object.fromEntries(known);
}

/**
 * The `key` of `sql/open` for one folder's session in one window: the workspace folder that a document is in, else the
 * document's own folder. The client and the language server both use it, so that checks see what runs created.
 *
 * @param sessionKey `ServerOptions.sessionKey`
 * @param folder absolute
 */
export function sessionKeyFor(sessionKey: string, folder: string): string {
  return `${sessionKey}:${folder}`;
}

/** What may stand above a statement: what can be done with it, its parameters, and what its last run gave. */
export const LENS_KINDS = ['run', 'runAbove', 'explain', 'benchmark', 'parameters', 'result'] as const;
export type LensKind = (typeof LENS_KINDS)[number];

/** What may stand above a function in a plugin's source. */
export const FUNCTION_LENS_KINDS = ['runWith', 'test', 'benchmark', 'profile'] as const;
export type FunctionLensKind = (typeof FUNCTION_LENS_KINDS)[number];

/** A function that a plugin's source declares: the argument of the commands that its lenses carry. */
export interface FunctionTarget {
  /** Of the source. */
  readonly uri: string;
  /** The module's name. */
  readonly module: string;
  readonly function: PluginFunction;
}

/** `quern/functions`: a request from the client for the functions that a plugin's source declares. */
export interface SourceFunctionsParams {
  readonly uri: string;
}
export interface SourceFunctionsResult {
  /** In the order of the source. */
  readonly functions: readonly (FunctionTarget & { readonly line: number })[];
}

/** Argument of the commands that lenses carry; they need no call back to the server. */
export interface RunTarget {
  readonly uri: string;
  readonly version: number;
  /** Position in the document, UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  readonly statementIndex: number;
  /** Of a statement inside another language: where the comments above it begin, which hold its directives. */
  readonly from?: number;
}

/** `quern/pluginState`: a notification from the server to the client when a plugin was compiled and loaded, or failed. */
export interface PluginStateParams {
  readonly uri: string;
  readonly state: 'loaded' | 'failed';
  readonly name: string;
  readonly functions: readonly PluginFunction[];
  /** For `failed`: the first problem, as its diagnostic says it. */
  readonly message?: string;
  /** For `loaded`: bytes of the module, and of the one before it that was compiled since the server's start. */
  readonly size?: { readonly byteLength: number; readonly before?: number };
}

/** `quern/compile`: a request from the client to compile and load one plugin source now, saved or not. */
export interface CompileParams {
  readonly uri: string;
}
export type CompileResult = PluginStateParams;

/**
 * `quern/settled`: a request from the client before a run; answered once every plugin that the text may call has been
 * compiled and loaded, those found at the server's start included.
 */
export interface SettledParams {
  readonly sql: string;
}
export type SettledResult = null;

/**
 * `quern/statements`: a request from the client for the SQL inside an open document of another language, before it runs
 * what is at the cursor; positions are UTF-16 code units.
 */
export interface StatementsParams {
  readonly uri: string;
}
export interface StatementsResult {
  /** The version that the positions refer to; absent when the document is not open. */
  readonly version?: number;
  /** Statements that see what others of the same text define: all of a Markdown document, one string of a program. */
  readonly texts: readonly EmbeddedText[];
}
export interface EmbeddedText {
  readonly parts: readonly { readonly start: number; readonly end: number }[];
  /** In order. */
  readonly statements: readonly EmbeddedStatement[];
}
export interface EmbeddedStatement {
  /** Where the comments above it begin, which hold its directives. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
  /** False when the program around it puts something in, or writes it in another way than SQL does. */
  readonly isRunnable: boolean;
}

/**
 * `quern/visible`: a notification from the client to the server when other lines of SQL documents are on the screen, of
 * all documents that are; what is visible is checked before the rest.
 */
export interface VisibleParams {
  readonly documents: readonly { readonly uri: string; readonly lines: readonly LineSpan[] }[];
}
/** Lines from the first to the last, counted from 0. */
export interface LineSpan {
  readonly first: number;
  readonly last: number;
}

/** `quern/hostState`: a notification from the server to the client about its own connection to the host. */
export interface HostStateParams {
  readonly connected: boolean;
}

/** `quern/world`: a request from the client for the world of a component, to show it. */
export interface WorldParams {
  /** Of the `.wasm` file. */
  readonly uri: string;
}
export interface WorldResult {
  /** WIT; absent for what is no component. */
  readonly world?: string;
}

export const LSP_WORLD = 'quern/world';
export const LSP_PLUGIN_STATE = 'quern/pluginState';
export const LSP_COMPILE = 'quern/compile';
export const LSP_SETTLED = 'quern/settled';
export const LSP_STATEMENTS = 'quern/statements';
export const LSP_VISIBLE = 'quern/visible';
export const LSP_FUNCTIONS = 'quern/functions';
export const LSP_HOST_STATE = 'quern/hostState';
export const RUN_STATEMENT_COMMAND = 'quern.runStatement';

/** Runs every statement up to and with the one that a lens stands above. */
export const RUN_ABOVE_COMMAND = 'quern.runAbove';
/** Runs a query and shows its plan, with where the time went. */
export const EXPLAIN_COMMAND = 'quern.runAndExplainStatement';
export const BENCHMARK_COMMAND = 'quern.benchmarkStatement';

/** Asks for arguments, and calls the function that a lens stands above. */
export const RUN_FUNCTION_COMMAND = 'quern.runFunction';
export const TEST_PLUGIN_COMMAND = 'quern.testPlugin';
export const BENCHMARK_FUNCTION_COMMAND = 'quern.benchmarkFunction';
export const PROFILE_FUNCTION_COMMAND = 'quern.profileFunction';
