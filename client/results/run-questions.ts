import type { FromResultsPage, ToResultsPage } from '../../wasm-core/protocol/webview.ts';
import { askHost, type HostParts } from './ask-host.ts';
import { reopenRows } from './kept-content.ts';
import { answerMessage, REFUSING } from './result-answers.ts';
import { ResultQuestions } from './result-questions.ts';
import type { GivenRows, RunContent } from './run-content.ts';
import { selectedRuns } from './selected-runs.ts';

/** The questions about each of the runs that the page holds; they end with the run. */
export class RunQuestions {
  readonly #host: HostParts;
  readonly #byContent = new Map<RunContent, ResultQuestions>();

  constructor(host: HostParts) {
    this.#host = host;
  }

  /** What answers a question of the page. @param contents of the runs that it holds */
  answer(
    asked: Extract<FromResultsPage, { readonly type: 'ask' }>,
    contents: readonly RunContent[],
  ): Promise<ToResultsPage> {
    return answerMessage(asked, this.#of(asked.question.id, contents) ?? REFUSING);
  }

  /** What answers a request for rows that were selected; undefined for rows that were not. */
  async page(id: string, page: number): Promise<ToResultsPage | undefined> {
    for (const questions of this.#byContent.values()) {
      const answer = await questions.page(id, page);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** The results of a run, and behind them the rows that were selected of them. */
  given(content: RunContent): readonly GivenRows[] {
    const { given } = content;
    return [...given, ...selectedRuns(given, this.#byContent.get(content))];
  }

  /** Ends what is about a run. */
  drop(content: RunContent): void {
    void this.#byContent.get(content)?.dispose();
    this.#byContent.delete(content);
  }

  #of(id: string, contents: readonly RunContent[]): ResultQuestions | undefined {
    // Selected rows have the id of their result in front.
    const [result] = id.split('/');
    const content = contents.find(({ given }) => given.some((run) => run.id === result));
    const [run] = content?.given ?? [];
    if (content === undefined || run === undefined) return undefined;
    const known = this.#byContent.get(content);
    if (known !== undefined) return known;
    const reopen = (id: string) => reopenRows(this.#host, content, id);
    const questions = new ResultQuestions(askHost(this.#host, run.document), content.given, reopen);
    this.#byContent.set(content, questions);
    return questions;
  }
}
