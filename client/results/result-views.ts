import type { RunResult } from '../../wasm-core/protocol/methods.ts';
import type { ResultView } from '../../wasm-core/protocol/webview.ts';
import { openResultFiles, type ResultFiles } from '../node/result-files.ts';
import { statementTitle } from '../run/run-target.ts';

/** A run's results as the page shows them, and the files behind them. Whoever opened it closes `files`. */
export interface ShownResults {
  readonly views: readonly ResultView[];
  /** The Arrow schema message of each result; empty for a statement without rows. */
  readonly schemas: readonly ArrayBuffer[];
  readonly files: ResultFiles;
}

/**
 * Prepares the results of a run for the page.
 *
 * @param sql the text that ran, which the statements' positions refer to
 * @param runId different for each run of the window: a page may still ask for rows of the one before
 * @throws Error of the file system when the host has deleted a file already
 */
export async function openResults(result: RunResult, sql: string, runId: number): Promise<ShownResults> {
  const views = result.statements.map((s, index) => ({
    id: `${runId}.${index}`,
    title: statementTitle(sql.slice(s.start, s.end)),
    columns: s.columns,
    rowCount: s.rowCount,
    truncated: s.truncated,
    pages: s.file?.pages ?? [],
    cost: s.cost,
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

/**
 * The bytes of one page of a result.
 *
 * @throws Error when the run is no longer shown, or of the file system
 */
export async function readPage(shown: ShownResults, id: string, page: number): Promise<ArrayBuffer> {
  const index = shown.views.findIndex((view) => view.id === id);
  const range = shown.views[index]?.pages[page];
  if (range === undefined) throw new Error('These rows belong to an earlier run; run the statement again.');
  return await shown.files.read(index, range.offset, range.byteLength);
}
