import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { RunResult } from '../../wasm-core/protocol/methods.ts';
import { textLiteral } from '../data-tree/source-text.ts';
import { refuseUntrusted } from '../data-tree/window-sources.ts';
import type { HostLink } from '../host/host-link.ts';
import type { Sessions } from '../host/sessions.ts';
import { askHost } from '../results/ask-host.ts';
import type { AskHost } from '../results/result-questions.ts';
import { baseName, patternOf } from '../wasm-editor/wasm-document.ts';

/** A file is often written in several pieces; it is read again when it has been left alone so long, milliseconds. */
const QUIET_MS = 300;

/** The way to the engine. */
export interface DataParts {
  readonly dist: vscode.Uri;
  readonly link: HostLink;
  readonly sessions: Sessions;
}

/** Rows of a file, and the statement that read them. */
export interface FileRows {
  readonly sql: string;
  readonly result: RunResult;
}

/** A data file that an editor shows. */
export class DataDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly #parts: DataParts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listeners: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  /** Asks about rows that were read. */
  readonly ask: AskHost;

  /** Fired when the file has changed, or may be read from now on. */
  readonly onDidChange = this.#changed.event;

  constructor(uri: vscode.Uri, parts: DataParts) {
    this.uri = uri;
    this.#parts = parts;
    this.ask = askHost(parts, { uri });
    const soon = () => this.#changedSoon();
    const watcher = vscode.workspace.createFileSystemWatcher(patternOf(uri));
    this.#listeners = vscode.Disposable.from(
      watcher,
      watcher.onDidChange(soon),
      watcher.onDidCreate(soon),
      vscode.workspace.onDidGrantWorkspaceTrust(soon),
    );
  }

  /**
   * The file's first rows.
   *
   * @throws CoreError as `sql/run`, CAPABILITY_DENIED in Restricted Mode, FILE_IO for files that are not on this machine
   */
  async rows(maxRows: number, signal: AbortSignal): Promise<FileRows> {
    refuseUntrusted();
    const { uri } = this;
    if (uri.scheme !== 'file') {
      throw new CoreError(
        'FILE_IO',
        vscode.l10n.t('Quern reads files of this machine; this one is {0}: instead.', uri.scheme),
      );
    }
    const { link, sessions } = this.#parts;
    const sql = `from ${textLiteral(baseName(uri))}`;
    const result = await sessions.using({ uri }, ({ session, folder }) =>
      link.request('sql/run', { session, sql, folder, maxRows }, { signal }),
    );
    return { sql, result };
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listeners.dispose();
    this.#changed.dispose();
  }

  #changedSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#changed.fire(), QUIET_MS);
  }
}
