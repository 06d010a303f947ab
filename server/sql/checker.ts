import type { Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { Debouncer } from '../debouncer.ts';
import type { Workspace } from '../workspace.ts';
import { toDiagnostics } from './diagnostics.ts';
import type { SqlSessions } from './sessions.ts';

/** What the checker works with. */
export interface CheckerOptions {
  readonly sessions: SqlSessions;
  readonly workspace: Workspace;
  /** The open SQL document of a URI. */
  readonly document: (uri: string) => TextDocument | undefined;
  readonly publish: (uri: string, diagnostics: Diagnostic[], version?: number) => void;
  readonly log: (message: string) => void;
}

/** How long typing must pause before a document is checked, milliseconds. */
const PAUSE_MS = 150;

/** Keeps the diagnostics of open SQL documents as the engine would give them. */
export class SqlChecker {
  private readonly pause = new Debouncer(PAUSE_MS, (uri) => void this.check(uri));
  private readonly running = new Map<string, AbortController>();
  /** The version of each document at which the engine was last lost. */
  private readonly lostAt = new Map<string, number>();

  constructor(private readonly options: CheckerOptions) {}

  /** Checks a document once typing pauses; a check of an earlier version is cancelled. */
  schedule(uri: string): void {
    this.running.get(uri)?.abort();
    this.pause.schedule(uri);
  }

  /** Takes a closed document's diagnostics away. */
  close(uri: string): void {
    this.running.get(uri)?.abort();
    this.pause.cancel(uri);
    this.lostAt.delete(uri);
    this.options.publish(uri, []);
  }

  dispose(): void {
    this.pause.dispose();
    for (const controller of this.running.values()) controller.abort();
  }

  private async check(uri: string): Promise<void> {
    const { sessions, workspace, publish } = this.options;
    const document = this.options.document(uri);
    const folders = workspace.foldersOf(uri);
    if (document === undefined || folders === undefined || !workspace.trusted) return;
    const controller = new AbortController();
    this.running.set(uri, controller);
    const { version } = document;
    const isCurrent = () => !controller.signal.aborted && this.options.document(uri)?.version === version;
    try {
      const found = await sessions.check(folders, document.getText(), controller.signal);
      if (isCurrent()) publish(uri, toDiagnostics(document, found), version);
    } catch (error) {
      if (isCurrent()) this.failed(document, error);
    } finally {
      if (this.running.get(uri) === controller) this.running.delete(uri);
    }
  }

  /** After a loss of the host everything is checked again when it is back; other failures are told in the log. */
  private failed({ uri, version }: TextDocument, error: unknown): void {
    if (!(error instanceof CoreError)) {
      this.options.log(`${uri}: ${error instanceof Error ? error.stack : String(error)}`);
      return;
    }
    if (error.kind === 'CANCELLED' || error.kind === 'HOST_LOST' || error.kind === 'HOST_UNAVAILABLE') return;
    this.options.log(`${uri} could not be checked: ${error.message}`);
    // Once for each version, in case it is this text that the engine does not survive.
    if (error.kind !== 'SQL_ENGINE_LOST' || this.lostAt.get(uri) === version) return;
    this.lostAt.set(uri, version);
    this.pause.schedule(uri);
  }
}
