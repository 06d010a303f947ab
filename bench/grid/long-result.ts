import { openResults, readPage } from '../../client/results/result-views.ts';
import { openTestSession, startEngine } from '../../test/support/sql-session.ts';
import type { ResultView } from '../../wasm-core/protocol/webview.ts';

/** A result of any length, whose pages all have the same rows: what the page does with them is measured, not these. */
export interface LongResult {
  readonly view: ResultView;
  readonly schema: ArrayBuffer;
  /** The bytes of each page. */
  readonly page: ArrayBuffer;
}

/**
 * Runs a statement in a real engine, and repeats the first page of its rows.
 *
 * @param sql gives at least one page
 * @param rowCount rows that the result shall have, at least
 */
export async function longResult(sql: string, rowCount: number): Promise<LongResult> {
  const engine = startEngine();
  const session = await openTestSession(engine);
  try {
    const shown = await openResults(await session.run(sql), sql, { runId: 1 });
    try {
      const [view] = shown.views;
      const [first] = view?.pages ?? [];
      if (view === undefined || first === undefined) throw new Error('The statement gives no rows.');
      const count = Math.ceil(rowCount / first.rowCount);
      const pages = Array.from({ length: count }, (_, i) => ({ ...first, firstRow: i * first.rowCount }));
      return {
        view: { ...view, pages, rowCount: count * first.rowCount },
        schema: shown.schemas[0] ?? new ArrayBuffer(0),
        page: await readPage(shown, view.id, 0),
      };
    } finally {
      await shown.files.close();
    }
  } finally {
    await session.close();
    await engine.dispose();
  }
}
