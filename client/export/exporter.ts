import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { ExportParams, ExportPlace, ExportResult } from '../../wasm-core/protocol/export.ts';
import { byteSizeText } from '../../wasm-core/protocol/figures.ts';
import { rowsText } from '../counts.ts';
import type { HostLink } from '../host/host-link.ts';
import type { Sessions } from '../host/sessions.ts';
import { readSettings } from '../settings.ts';
import { ExportDialog } from './export-place.ts';
import { areRowsGone, type ExportedQuery, type ExportedRun, waysToExport } from './export-source.ts';

export interface ExporterParts {
  readonly link: HostLink;
  readonly sessions: Sessions;
  /** Resolves when the plugins are as their sources are. */
  readonly settled: (sql: string) => Promise<void>;
  readonly log: vscode.LogOutputChannel;
}

/** Has the host write rows to a file that the user chooses, and shows how far it is. */
export class Exporter {
  readonly #parts: ExporterParts;
  readonly #dialog = new ExportDialog();

  constructor(parts: ExporterParts) {
    this.#parts = parts;
  }

  /** Writes the rows of a run: those that it kept, or all, as the user says where they differ. */
  async exportRun(run: ExportedRun): Promise<void> {
    const ways = waysToExport(run);
    const way = ways === 'both' ? await askWay(run) : ways;
    if (way === undefined) return;
    const place = await this.#ask(run);
    if (place === undefined) return;
    if (way === 'again') return await this.#writeQuery(run, place);
    try {
      await this.#write(run, place, ({ session }) => ({ ...place, session, result: rowsOf(run) }));
    } catch (error) {
      if (!areRowsGone(error, run)) throw error;
      if (await askAgain()) await this.#writeQuery(run, place);
    }
  }

  /** Runs a statement and writes its rows. */
  async exportQuery(query: ExportedQuery): Promise<void> {
    const place = await this.#ask(query);
    if (place !== undefined) await this.#writeQuery(query, place);
  }

  async #ask({ document, title }: ExportedQuery): Promise<ExportPlace | undefined> {
    const { folder } = await this.#parts.sessions.open(document);
    return await this.#dialog.ask({ folder, title });
  }

  async #writeQuery(query: ExportedQuery, place: ExportPlace): Promise<void> {
    const { text, piece, parameters } = query;
    const sql = text.slice(piece.from, piece.end);
    // A statement's output is limited by its rows, and all of them are wanted.
    const { maxOutputBytes: _, ...limits } = readSettings().limits;
    await this.#parts.settled(text.slice(piece.start, piece.end));
    await this.#write(query, place, (opened) => ({ ...place, ...opened, sql, parameters, limits }));
  }

  async #write(
    { document }: ExportedQuery,
    place: ExportPlace,
    params: (opened: { readonly session: string; readonly folder: string }) => ExportParams,
  ): Promise<void> {
    const { link, sessions, log } = this.#parts;
    const file = vscode.Uri.file(place.path);
    const name = vscode.workspace.asRelativePath(file);
    const opened = await sessions.open(document);
    const result = await withProgress(vscode.l10n.t('Exporting to {0}', name), (options) =>
      link.request('sql/export', params(opened), options),
    );
    if (result === undefined) return;
    log.info(`Exported ${result.rowCount} rows, ${result.byteLength} bytes, to ${result.path}`);
    // Not awaited: the command is done when the file is there.
    void offerFile(file, name, result);
  }
}

/** The rows that a run kept, for the host. */
function rowsOf({
  statement: { file, columns, rowCount },
}: ExportedRun): NonNullable<ExportParams['result']> {
  if (file === undefined)
    throw new CoreError('REQUEST_INVALID', vscode.l10n.t('The statement gave no rows to export.'));
  return { path: file.path, columns, rowCount };
}

/** Shows a request in a notification that can cancel it. @returns undefined when it was cancelled */
async function withProgress(
  title: string,
  request: (options: {
    readonly signal: AbortSignal;
    readonly onProgress: (percent: number) => void;
  }) => Promise<ExportResult>,
): Promise<ExportResult | undefined> {
  const location = vscode.ProgressLocation.Notification;
  return await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const abort = new AbortController();
    const cancelling = token.onCancellationRequested(() => abort.abort());
    let before = 0;
    const onProgress = (percent: number): void => {
      if (percent <= before) return;
      progress.report({ increment: percent - before, message: `${percent} %` });
      before = percent;
    };
    try {
      return await request({ signal: abort.signal, onProgress });
    } catch (error) {
      if (error instanceof CoreError && error.kind === 'CANCELLED') return undefined;
      throw error;
    } finally {
      cancelling.dispose();
    }
  });
}

async function offerFile(file: vscode.Uri, name: string, result: ExportResult): Promise<void> {
  const [open, reveal] = [vscode.l10n.t('Open'), vscode.l10n.t('Reveal')];
  const rows = rowsText(result.rowCount);
  const size = byteSizeText(result.byteLength);
  const message = vscode.l10n.t('Exported {0} to {1} ({2}).', rows, name, size);
  const picked = await vscode.window.showInformationMessage(message, open, reveal);
  if (picked === open) await vscode.commands.executeCommand('vscode.open', file);
  if (picked === reveal) await vscode.commands.executeCommand('revealFileInOS', file);
}

async function askWay({ statement }: ExportedRun): Promise<'kept' | 'again' | undefined> {
  const [all, kept] = [
    vscode.l10n.t('Run Again and Export All'),
    vscode.l10n.t('Export {0}', rowsText(statement.rowCount)),
  ];
  const message = vscode.l10n.t(
    'The run kept the first {0}, as the setting quern.maxRows says.',
    rowsText(statement.rowCount),
  );
  const picked = await vscode.window.showInformationMessage(message, { modal: true }, all, kept);
  if (picked === undefined) return undefined;
  return picked === all ? 'again' : 'kept';
}

async function askAgain(): Promise<boolean> {
  const again = vscode.l10n.t('Run Again and Export');
  const message = vscode.l10n.t('The rows of that run are gone: the host or its session was replaced.');
  return (await vscode.window.showWarningMessage(message, again)) === again;
}
