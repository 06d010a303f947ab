import type * as vscode from 'vscode';
import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import type { RowsSoFar } from '../results/live-run.ts';
import type { RunOutcome } from '../run/run-outcome.ts';
import type { RunRequest, RunView } from '../run/runner.ts';
import { titlesAt } from '../run/statement-title.ts';

/** Rows that a run of the window gave, in a file of the host's. */
export interface RecentResult {
  readonly title: string;
  /** When they were there, milliseconds since 1970. */
  readonly atMs: number;
  readonly rowCount: number;
  readonly columns: readonly ColumnInfo[];
  /** Absolute path of an Arrow stream, which is there as long as the session. */
  readonly file: string;
  /** Of the document that ran. */
  readonly uri: vscode.Uri;
}

/** So many results can be compared with. */
const MOST = 20;

/** Remembers what runs gave, on the way to where it is shown. */
export class RecentResults implements RunView {
  readonly #view: RunView;
  #results: readonly RecentResult[] = [];

  constructor(view: RunView) {
    this.#view = view;
  }

  /** The newest first. */
  get all(): readonly RecentResult[] {
    return this.#results;
  }

  running(request: RunRequest): void {
    this.#view.running(request);
  }

  progress(percent: number, message?: string): void {
    this.#view.progress(percent, message);
  }

  rows(told: RowsSoFar): void {
    this.#view.rows?.(told);
  }

  async ended(request: RunRequest, outcome: RunOutcome): Promise<void> {
    if (outcome.type === 'results' && request.mode === 'run') this.#remember(request, outcome);
    await this.#view.ended(request, outcome);
  }

  #remember({ document }: RunRequest, { result, sql }: RunOutcome & { type: 'results' }): void {
    const titles = titlesAt(sql, result.statements);
    const found = result.statements.flatMap(({ file, rowCount, columns }, index): RecentResult[] =>
      file === undefined
        ? []
        : [
            {
              title: titles[index] ?? '',
              atMs: Date.now(),
              rowCount,
              columns,
              file: file.path,
              uri: document.uri,
            },
          ],
    );
    this.#results = [...found.reverse(), ...this.#results].slice(0, MOST);
  }
}
