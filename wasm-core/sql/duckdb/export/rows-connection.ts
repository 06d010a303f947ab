import { CoreError } from '../../../protocol/errors.ts';
import type { EngineContext } from '../context.ts';
import { engineError } from '../engine-error.ts';
import { HIDDEN_DATABASE } from '../hidden-database.ts';
import { ArrowStreams, type BatchSource } from './arrow-stream.ts';

/** A view of this name over the rows that a `RowsConnection` was given, in a database that no user looks into. */
export const ROWS_VIEW = 'quern_rows';

/** A connection of its own on which the engine reads rows of results files: nothing of the session's is touched. */
export class RowsConnection {
  readonly #newContext: () => EngineContext;
  #opened: { readonly context: EngineContext; readonly streams: ArrowStreams } | undefined;

  /** @param newContext makes that of a new connection, once it is needed */
  constructor(newContext: () => EngineContext) {
    this.#newContext = newContext;
  }

  /**
   * Shows rows to the engine as `ROWS_VIEW` while `use` runs. A statement may read them once.
   *
   * @param use gets the context of the connection, on which nothing else happens meanwhile
   * @throws what the source throws, before what the engine makes of it; CoreError for the engine's own errors
   */
  async withRows<T>(source: BatchSource, use: (context: EngineContext) => Promise<T>): Promise<T> {
    const { context, streams } = this.#open();
    const { native, bindings } = context.db;
    const stream = streams.open(source);
    try {
      bindings.runQuery(context.runs.id, `attach if not exists ':memory:' as ${HIDDEN_DATABASE}`);
      bindings.runQuery(context.runs.id, `use ${HIDDEN_DATABASE}`);
      const status = native.withText(ROWS_VIEW, (view) =>
        native.api.duckdb_arrow_scan(context.runs.pointer, view, stream.pointer),
      );
      if (status !== 0) throw new CoreError('FORMAT_DATA', 'The engine cannot read the rows of that run.');
      return await use(context);
    } catch (error) {
      // The engine only says that it got none.
      if (stream.failure !== undefined) throw stream.failure;
      throw error instanceof CoreError ? error : engineError(error, '');
    } finally {
      dropView(context);
      stream.dispose();
    }
  }

  #open(): { readonly context: EngineContext; readonly streams: ArrowStreams } {
    if (this.#opened === undefined) {
      const context = this.#newContext();
      this.#opened = { context, streams: new ArrowStreams(context.db.native) };
    }
    return this.#opened;
  }
}

function dropView({ db, runs }: EngineContext): void {
  try {
    db.bindings.runQuery(runs.id, `drop view if exists ${HIDDEN_DATABASE}.main.${ROWS_VIEW}`);
  } catch {
    // The engine is lost; the view is, too.
  }
}
