import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { Debouncer } from '../debouncer.ts';
import { type DiagnoseSources, diagnosticsOf } from '../sql/diagnose.ts';
import type { SqlLinter } from '../sql/lints/linter.ts';
import type { SqlSessions } from '../sql/sessions.ts';
import type { Workspace } from '../workspace.ts';
import { withoutHoleFaults } from './hole-faults.ts';
import type { SqlDocuments } from './sql-documents.ts';
import type { VirtualDocument } from './virtual-document.ts';

/** What the checker works with. */
export interface EmbeddedCheckerOptions {
  readonly sessions: SqlSessions;
  readonly workspace: Workspace;
  readonly sqlDocuments: SqlDocuments;
  readonly linter: SqlLinter;
  /** The open document of a URI. */
  readonly document: (uri: string) => TextDocument | undefined;
  readonly publish: (uri: string, diagnostics: Diagnostic[], version?: number) => void;
  readonly log: (message: string) => void;
}

/** How long typing must pause before a document is checked, milliseconds. */
const PAUSE_MS = 150;

/** Keeps the diagnostics of the SQL inside open documents of other languages; those without SQL cost nothing. */
export class EmbeddedChecker {
  private readonly pause = new Debouncer(PAUSE_MS, (uri) => void this.check(uri));
  private readonly running = new Map<string, AbortController>();
  /** Documents that have diagnostics of ours. */
  private readonly shown = new Set<string>();

  constructor(private readonly options: EmbeddedCheckerOptions) {}

  /** Checks a document once typing pauses; a check of an earlier version is cancelled. */
  schedule(uri: string): void {
    this.running.get(uri)?.abort();
    this.pause.schedule(uri);
  }

  /** Takes a closed document's diagnostics away. */
  close(uri: string): void {
    this.running.get(uri)?.abort();
    this.pause.cancel(uri);
    this.show(uri, []);
  }

  dispose(): void {
    this.pause.dispose();
    for (const controller of this.running.values()) controller.abort();
  }

  private async check(uri: string): Promise<void> {
    const { sessions, workspace, sqlDocuments, linter } = this.options;
    const document = this.options.document(uri);
    const folders = workspace.foldersOf(uri);
    if (document === undefined || folders === undefined || !workspace.trusted) return;
    const { version } = document;
    const virtuals = sqlDocuments.inside(document);
    if (virtuals.length === 0) return this.show(uri, [], version);
    const controller = new AbortController();
    const { signal } = controller;
    this.running.set(uri, controller);
    const isCurrent = () => !signal.aborted && this.options.document(uri)?.version === version;
    try {
      const found = await checkVirtuals(virtuals, { sessions, folders, linter, signal });
      if (isCurrent()) this.show(uri, found, version);
    } catch (error) {
      if (isCurrent()) this.failed(uri, error);
    } finally {
      if (this.running.get(uri) === controller) this.running.delete(uri);
    }
  }

  private show(uri: string, diagnostics: Diagnostic[], version?: number): void {
    // The plugins' compilers speak of the same documents: an empty list of ours must not take theirs away.
    if (diagnostics.length === 0 && !this.shown.has(uri)) return;
    if (diagnostics.length === 0) this.shown.delete(uri);
    else this.shown.add(uri);
    this.options.publish(uri, diagnostics, version);
  }

  /** When the host is back, everything is checked again. */
  private failed(uri: string, error: unknown): void {
    if (!(error instanceof CoreError)) {
      this.options.log(`${uri}: ${error instanceof Error ? error.stack : String(error)}`);
      return;
    }
    if (error.kind === 'CANCELLED' || error.kind === 'HOST_LOST' || error.kind === 'HOST_UNAVAILABLE') return;
    this.options.log(`The SQL in ${uri} could not be checked: ${error.message}`);
  }
}

/**
 * What is to be said of the SQL inside a document.
 *
 * @throws CoreError as `diagnosticsOf`
 */
export async function checkVirtuals(
  virtuals: readonly VirtualDocument[],
  sources: DiagnoseSources,
): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const virtual of virtuals) {
    const said = withoutHoleFaults(virtual, await diagnosticsOf(virtual.document, sources));
    found.push(...(virtual.isInProgram ? said.map(asInProgram) : said));
    if (sources.signal.aborted) break;
  }
  return found;
}

/** A table or a function that is not there may be in the database that the program uses: that is no error. */
function asInProgram(diagnostic: Diagnostic): Diagnostic {
  const { data } = diagnostic;
  const isMissing =
    typeof data === 'object' && data !== null && 'subtype' in data && data.subtype === 'MISSING_ENTRY';
  return isMissing ? { ...diagnostic, severity: DiagnosticSeverity.Information } : diagnostic;
}
