import * as vscode from 'vscode';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { sessionKeyFor } from '../../wasm-core/protocol/lsp.ts';
import { readSettings } from '../settings.ts';
import type { HostLink } from './host-link.ts';

/** Where a document's statements run. */
export interface DocumentSession {
  readonly session: string;
  /** Absolute folder where relative paths of the document's statements start. */
  readonly folder: string;
}

/** Opens SQL sessions: one for each workspace folder, shared with the language server, and one for each folder outside. */
export class Sessions {
  readonly #link: HostLink;
  readonly #sessionKey: string;
  /** Where untitled documents start when no folder is open. */
  readonly #scratch: vscode.Uri;
  #opened: { connection: HostConnection; byFolder: Map<string, Promise<string>> } | undefined;

  constructor(link: HostLink, options: { readonly sessionKey: string; readonly scratch: vscode.Uri }) {
    this.#link = link;
    this.#sessionKey = options.sessionKey;
    this.#scratch = options.scratch;
  }

  /**
   * The session for a document.
   *
   * @throws CoreError as `sql/open` does
   */
  async open(document: vscode.TextDocument): Promise<DocumentSession> {
    const folder = await this.#folderOf(document);
    const root = workspaceRoot(document.uri) ?? folder;
    const session = await this.#session(root);
    return { session, folder };
  }

  /** Forgets what was opened, after the host said SESSION_UNKNOWN or a setting changed. */
  reset(): void {
    this.#opened = undefined;
  }

  async #session(root: string): Promise<string> {
    const connection = await this.#link.connection();
    if (this.#opened?.connection !== connection) this.#opened = { connection, byFolder: new Map() };
    const { byFolder } = this.#opened;
    const known = byFolder.get(root);
    if (known !== undefined) return known;
    const opening = this.#open(root);
    byFolder.set(root, opening);
    opening.catch(() => byFolder.delete(root));
    return opening;
  }

  async #open(root: string): Promise<string> {
    const others = (vscode.workspace.workspaceFolders ?? [])
      .map((f) => f.uri.fsPath)
      .filter((f) => f !== root);
    const { session } = await this.#link.request('sql/open', {
      folder: root,
      allow: [...others, ...readSettings().allow],
      namespace: root,
      key: sessionKeyFor(this.#sessionKey, root),
    });
    return session;
  }

  async #folderOf(document: vscode.TextDocument): Promise<string> {
    if (document.uri.scheme === 'file') return vscode.Uri.joinPath(document.uri, '..').fsPath;
    if (document.uri.scheme !== 'untitled') {
      throw new CoreError(
        'FILE_IO',
        `Quern runs SQL of files on this machine and of untitled documents; this document is ${document.uri.scheme}: instead.`,
      );
    }
    const first = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    if (first !== undefined) return first;
    await vscode.workspace.fs.createDirectory(this.#scratch);
    return this.#scratch.fsPath;
  }
}

/** The workspace folder that a document belongs to; untitled ones belong to the first. */
function workspaceRoot(uri: vscode.Uri): string | undefined {
  const folders = vscode.workspace.workspaceFolders;
  if (uri.scheme === 'untitled') return folders?.[0]?.uri.fsPath;
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
}
