import * as vscode from 'vscode';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { sessionKeyFor } from '../../wasm-core/protocol/lsp.ts';
import { CALL_SCHEME } from '../functions/call-documents.ts';
import type { RemoteCredentials } from '../remote/remote-credentials.ts';
import { readSettings } from '../settings.ts';
import type { HostLink } from './host-link.ts';

/** Where a document's statements run. */
export interface DocumentSession {
  readonly session: string;
  /** Absolute folder where relative paths of the document's statements start. */
  readonly folder: string;
}

/** What has a place whose session is meant. */
type Placed = Pick<vscode.TextDocument, 'uri'>;

/** Opens SQL sessions: one for each workspace folder, shared with the language server, and one for each folder outside. */
export class Sessions {
  readonly #link: HostLink;
  readonly #sessionKey: string;
  /** Where untitled documents start when no folder is open. */
  readonly #scratch: vscode.Uri;
  readonly #credentials: Pick<RemoteCredentials, 'all'>;
  #opened: { connection: HostConnection; byFolder: Map<string, Promise<string>> } | undefined;

  constructor(
    link: HostLink,
    options: {
      readonly sessionKey: string;
      readonly scratch: vscode.Uri;
      readonly credentials: Pick<RemoteCredentials, 'all'>;
    },
  ) {
    this.#link = link;
    this.#sessionKey = options.sessionKey;
    this.#scratch = options.scratch;
    this.#credentials = options.credentials;
  }

  /**
   * The session for a document, or for a file as if it were one.
   *
   * @throws CoreError as `sql/open` does
   */
  async open(document: Placed): Promise<DocumentSession> {
    const folder = await this.#folderOf(document);
    const root = workspaceRoot(document.uri) ?? folder;
    const session = await this.#session(root);
    return { session, folder };
  }

  /**
   * Asks something of the session for a document, once more where the host had ended it because it lay idle.
   *
   * @throws CoreError as `sql/open`, and what `ask` throws
   */
  async using<T>(document: Placed, ask: (place: DocumentSession) => Promise<T>): Promise<T> {
    try {
      return await ask(await this.open(document));
    } catch (error) {
      // This is the one fault that asking again mends.
      if (!(error instanceof CoreError && error.kind === 'SESSION_UNKNOWN')) throw error;
      this.reset();
      return await ask(await this.open(document));
    }
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
    const { allow, allowUrls } = readSettings();
    const credentials = await this.#credentials.all();
    const { session } = await this.#link.request('sql/open', {
      folder: root,
      allow: [...others, ...allow],
      remote: { allow: allowUrls, credentials },
      namespace: root,
      key: sessionKeyFor(this.#sessionKey, root),
    });
    return session;
  }

  async #folderOf(document: Placed): Promise<string> {
    const { scheme } = placeOf(document.uri);
    if (scheme === 'file') return vscode.Uri.joinPath(placeOf(document.uri), '..').fsPath;
    if (scheme !== 'untitled') {
      throw new CoreError(
        'FILE_IO',
        vscode.l10n.t(
          'Quern runs SQL of files on this machine and of untitled documents; this document is {0}: instead.',
          scheme,
        ),
      );
    }
    const first = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    if (first !== undefined) return first;
    await vscode.workspace.fs.createDirectory(this.#scratch);
    return this.#scratch.fsPath;
  }
}

/**
 * Where a document's relative paths start, and the folder whose session and plugins it has, both absolute; of a document
 * that lies nowhere yet, as far as that is known.
 */
export function documentFolder(uri: vscode.Uri): { readonly folder: string; readonly root: string } {
  const root = workspaceRoot(uri);
  const folder = uri.scheme === 'untitled' ? (root ?? '/') : vscode.Uri.joinPath(placeOf(uri), '..').fsPath;
  return { folder, root: root ?? folder };
}

/** The workspace folder that a document belongs to; untitled ones belong to the first. */
function workspaceRoot(uri: vscode.Uri): string | undefined {
  const folders = vscode.workspace.workspaceFolders;
  if (uri.scheme === 'untitled') return folders?.[0]?.uri.fsPath;
  return vscode.workspace.getWorkspaceFolder(placeOf(uri))?.uri.fsPath;
}

/** A call of a plugin's function runs where its path says. */
function placeOf(uri: vscode.Uri): vscode.Uri {
  return uri.scheme === CALL_SCHEME ? vscode.Uri.file(uri.path) : uri;
}
