import type { ResultAnswer, ResultQuestion } from '../../result/result-question.ts';
import type { EngineContext } from '../context.ts';
import type { RowsConnection } from '../export/rows-connection.ts';
import { Slices } from '../slices.ts';
import { answerChart } from './answer-chart.ts';
import { answerRows } from './answer-rows.ts';
import { answerFind } from './find-cell.ts';
import { answerSummary } from './summarize-columns.ts';

/** What the answer to a question is made with. */
export interface ResultQuestionParts {
  readonly connection: RowsConnection;
  readonly slices: Slices;
  /** A path for a new results file of the session. */
  readonly newFile: () => string;
}

/** Answers questions about rows of results files. */
export class ResultQuestions {
  readonly #context: EngineContext;
  readonly #connection: RowsConnection;
  #files = 0;

  constructor(context: EngineContext, connection: RowsConnection) {
    this.#context = context;
    this.#connection = connection;
  }

  /**
   * @throws CoreError FILE_NOT_FOUND, FORMAT_DATA, SQL_BIND, SQL_RUN, MEMORY_LIMIT, CANCELLED, DEADLINE_EXCEEDED,
   *   SQL_ENGINE_LOST
   */
  async answer(question: ResultQuestion): Promise<ResultAnswer> {
    const { signals, resultsFolder, resultPrefix } = this.#context;
    const parts: ResultQuestionParts = {
      connection: this.#connection,
      slices: new Slices(signals, () => {}),
      newFile: () => `${resultsFolder}/${resultPrefix}-view-${++this.#files}.arrow`,
    };
    parts.slices.check();
    switch (question.type) {
      case 'rows':
        return await answerRows(parts, question);
      case 'summary':
        return await answerSummary(parts, question);
      case 'find':
        return await answerFind(parts, question);
      case 'chart':
        return await answerChart(parts, question);
    }
  }
}
