import type { ExportedResult } from '../../../protocol/export.ts';
import type { StatementResult } from '../../../protocol/methods.ts';
import type { ExportTarget } from '../../export-target.ts';
import type { EngineContext } from '../context.ts';
import { deleteFile } from '../node/export/delete-file.ts';
import type { StatementRun } from '../run-statement.ts';
import { Slices } from '../slices.ts';
import { exportRows } from './export-rows.ts';
import type { RowsConnection } from './rows-connection.ts';
import { runExport } from './run-export.ts';

/** Between two progress reports, milliseconds. */
const PROGRESS_MS = 100;

/** What a session writes to files that its user named. */
export class Exports {
  readonly #context: EngineContext;
  readonly #connection: RowsConnection;

  /** @param connection on which rows of results files are exported */
  constructor(context: EngineContext, connection: RowsConnection) {
    this.#context = context;
    this.#connection = connection;
  }

  /**
   * Runs one statement and writes its rows.
   *
   * @returns the statement's result without its place in the text, without rows
   * @throws CoreError as `runExport`
   */
  run(
    context: EngineContext,
    { run, target }: { readonly run: StatementRun; readonly target: ExportTarget },
  ): Promise<Omit<StatementResult, 'start' | 'end'>> {
    const { slices } = run;
    return this.#granted(target, () =>
      runExport(context, {
        run,
        target,
        exportRows: async ({ file, columns, rowCount }) => {
          if (file === undefined) return;
          try {
            const result = { path: file.path, columns, rowCount };
            await exportRows(this.#connection, { result, target, slices, onProgress: () => {} });
          } finally {
            deleteFile(file.path);
          }
        },
      }),
    );
  }

  /** Writes the rows of a results file. @throws CoreError as `exportRows` */
  rows(
    { result, target }: { readonly result: ExportedResult; readonly target: ExportTarget },
    onProgress: (percent: number) => void,
  ): Promise<undefined> {
    let told = 0;
    const slices = new Slices(this.#context.signals, () => {});
    const tell = (percent: number): void => {
      const now = performance.now();
      if (now - told < PROGRESS_MS) return;
      told = now;
      onProgress(Math.floor(percent));
    };
    return this.#granted(target, async () => {
      slices.check();
      await exportRows(this.#connection, { result, target, slices, onProgress: tell });
      return undefined;
    });
  }

  /** The file is admitted while it is written, and to this alone. */
  async #granted<T>({ file }: ExportTarget, write: () => Promise<T>): Promise<T> {
    this.#context.paths.grant(file);
    try {
      return await write();
    } finally {
      this.#context.paths.grant(undefined);
    }
  }
}
