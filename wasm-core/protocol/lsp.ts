import type { PluginFunction } from './plugins.ts';

/*
 * Messages between the editor's client and the language server beyond the Language Server Protocol.
 */

/** What the client gives the server in `initializationOptions`; other editors may leave all of it out. */
export interface ServerOptions {
  /** The window's part of the keys under which it and the server share sessions; absent: the server opens its own. */
  readonly sessionKey?: string;
  /** False in an untrusted workspace: nothing is compiled and no host is started. */
  readonly trusted?: boolean;
  /** Further folders that statements may use. */
  readonly allow?: readonly string[];
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

/** Argument of the `quern.runStatement` command that a lens carries; it needs no call back to the server. */
export interface RunTarget {
  readonly uri: string;
  readonly version: number;
  /** Position in the document, UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  readonly statementIndex: number;
}

/** `quern/pluginState`: a notification from the server to the client when a plugin was compiled and loaded, or failed. */
export interface PluginStateParams {
  readonly uri: string;
  readonly state: 'loaded' | 'failed';
  readonly name: string;
  readonly functions: readonly PluginFunction[];
  /** For `failed`: the first problem, as its diagnostic says it. */
  readonly message?: string;
}

/** `quern/compile`: a request from the client to compile and load one plugin source now, saved or not. */
export interface CompileParams {
  readonly uri: string;
}
export type CompileResult = PluginStateParams;

/**
 * `quern/settled`: a request from the client before a run, without parameters; answered once every plugin that the server
 * knows has been compiled and loaded, those found at its start included.
 */
export type SettledResult = null;

/** `quern/hostState`: a notification from the server to the client about its own connection to the host. */
export interface HostStateParams {
  readonly connected: boolean;
}

export const LSP_PLUGIN_STATE = 'quern/pluginState';
export const LSP_COMPILE = 'quern/compile';
export const LSP_SETTLED = 'quern/settled';
export const LSP_HOST_STATE = 'quern/hostState';
export const RUN_STATEMENT_COMMAND = 'quern.runStatement';
