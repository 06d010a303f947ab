import type { RunResult } from '../../wasm-core/protocol/methods.ts';
import type { FromResultsPage, ToResultsPage } from '../../wasm-core/protocol/webview.ts';
import { answerMessage } from '../results/result-answers.ts';
import { type AskHost, ResultQuestions } from '../results/result-questions.ts';
import { pageMessage, type ShownResults } from '../results/result-views.ts';
import { selectionQuery } from '../results/selection-query.ts';

/** Rows of a file that a page shows, and what it asks about them. */
export class ShownRows {
  readonly shown: ShownResults;
  readonly #sql: string;
  readonly #questions: ResultQuestions;

  /**
   * @param shown whose files are its own from now on
   * @param read the statement that read the file, and what it gave
   */
  constructor(shown: ShownResults, read: { readonly sql: string; readonly result: RunResult }, ask: AskHost) {
    this.shown = shown;
    this.#sql = read.sql;
    const results = shown.views.flatMap(({ id, title }, index) => {
      const statement = read.result.statements[index];
      return statement === undefined ? [] : [{ id, title, statement }];
    });
    this.#questions = new ResultQuestions(ask, results);
  }

  /** What answers a request for rows. */
  async page(id: string, page: number): Promise<ToResultsPage> {
    return (await this.#questions.page(id, page)) ?? (await pageMessage(this.shown, id, page));
  }

  /** What answers a question about the rows. */
  answer(asked: Extract<FromResultsPage, { readonly type: 'ask' }>): Promise<ToResultsPage> {
    return answerMessage(asked, this.#questions);
  }

  /** The query for the rows that are selected; undefined when none are. @param id of the selected rows */
  selectionSql(id: string): string | undefined {
    const [result = ''] = id.split('/');
    const selected = this.#questions.selectedOf(result);
    if (selected === undefined) return undefined;
    const piece = { from: 0, start: 0, end: this.#sql.length };
    return selectionQuery({ text: this.#sql, piece }, selected.sql);
  }

  /** Closes the files. Idempotent. */
  async dispose(): Promise<void> {
    await this.#questions.dispose();
    await this.shown.files.close();
  }
}
