import * as l10n from '@vscode/l10n';
import { type ChartDirective, placeChart } from '../../wasm-core/protocol/chart-directive.ts';
import type { StatementDirectives } from '../../wasm-core/protocol/directives.ts';
import type { ColumnInfo, RunResult } from '../../wasm-core/protocol/methods.ts';
import type { ResultView, ToResultsPage } from '../../wasm-core/protocol/webview.ts';
import { openResultFiles, type ResultFiles } from '../node/result-files.ts';
import { directivesAt, titlesAt } from '../run/statement-title.ts';

/** A run's results as the page shows them, and the files behind them. Whoever opened it closes `files`. */
export interface ShownResults {
  readonly views: readonly ResultView[];
  /** The Arrow schema message of each result; empty for a statement without rows. */
  readonly schemas: readonly ArrayBuffer[];
  readonly files: ResultFiles;
}

interface ViewOptions {
  readonly runId: number | string;
  readonly look?: ResultView['look'];
  readonly title?: string | undefined;
  /** Charts of statements with names, for those without a comment of their own; absent: none. */
  readonly charts?: ReadonlyMap<string, ChartDirective> | undefined;
}

/**
 * Prepares the results of a run for the page.
 *
 * @param sql the text that the statements' positions refer to
 * @param options.runId different for each run of the window: a page may still ask for rows of the one before
 * @param options.look how the rows are shown; absent: as rows
 * @param options.title of every result; absent: the statement of each
 * @throws Error of the file system when the host has deleted a file already
 */
export async function openResults(
  result: RunResult,
  sql: string,
  { runId, look = 'rows', title, charts = new Map() }: ViewOptions,
): Promise<ShownResults> {
  const titles = titlesAt(sql, result.statements);
  const directives = look === 'rows' ? directivesAt(sql, result.statements) : [];
  const views = result.statements.map((s, index) => ({
    id: `${runId}.${index}`,
    title: title ?? titles[index] ?? '',
    look,
    columns: s.columns,
    rowCount: s.rowCount,
    truncated: s.truncated,
    pages: s.file?.pages ?? [],
    cost: s.cost,
    ...(s.plan && { plan: s.plan }),
    ...(s.timeline && { timeline: s.timeline }),
    ...(s.cached && { cached: s.cached }),
    ...savedChart(chartOf(directives[index], charts), s.columns),
  }));
  const files = await openResultFiles(result.statements.map((s) => s.file?.path));
  try {
    const schemas = result.statements.map(({ file }, index) =>
      file === undefined ? new ArrayBuffer(0) : files.read(index, 0, file.schemaByteLength),
    );
    return { views, schemas: await Promise.all(schemas), files };
  } catch (error) {
    await files.close();
    throw error;
  }
}

/** The comment above a statement wins over what the workspace file says of its name. */
function chartOf(
  said: StatementDirectives | undefined,
  charts: ReadonlyMap<string, ChartDirective>,
): ChartDirective | undefined {
  return said?.chart?.directive ?? (said?.name === undefined ? undefined : charts.get(said.name));
}

function savedChart(
  directive: ChartDirective | undefined,
  columns: readonly ColumnInfo[],
): Pick<ResultView, 'chart'> {
  return directive === undefined || columns.length === 0 ? {} : { chart: placeChart(directive, columns) };
}

/**
 * The bytes of one page of a result.
 *
 * @throws Error when the run is no longer shown, or of the file system
 */
export async function readPage(shown: ShownResults, id: string, page: number): Promise<ArrayBuffer> {
  const index = shown.views.findIndex((view) => view.id === id);
  const range = shown.views[index]?.pages[page];
  if (range === undefined)
    throw new Error(l10n.t('These rows belong to an earlier run; run the statement again.'));
  return await shown.files.read(index, range.offset, range.byteLength);
}

/** What answers a page's request for rows. */
export async function pageMessage(shown: ShownResults, id: string, page: number): Promise<ToResultsPage> {
  try {
    return { type: 'page', id, page, bytes: await readPage(shown, id, page) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { type: 'pageFailed', id, page, message };
  }
}
