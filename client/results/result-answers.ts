import * as l10n from '@vscode/l10n';
import type { ResultAnswers, ResultQuestion } from '../../wasm-core/protocol/result-questions.ts';
import type { FromResultsPage, ToResultsPage } from '../../wasm-core/protocol/webview.ts';

/** Answers what a page asks about the results that it shows. */
export interface ResultAnswerer {
  /** @throws CoreError, or Error when the result is no longer shown */
  answer(question: ResultQuestion): Promise<ResultAnswers[keyof ResultAnswers]>;
}

/** What answers a page's question: the answer, or why there is none. */
export async function answerMessage(
  { ask, question }: Extract<FromResultsPage, { readonly type: 'ask' }>,
  answerer: ResultAnswerer,
): Promise<ToResultsPage> {
  try {
    return { type: 'answer', ask, answer: await answerer.answer(question) };
  } catch (error) {
    return { type: 'refused', ask, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Where nothing can be asked: neither of plans, nor of rows that went. */
export const REFUSING: ResultAnswerer = {
  answer: () => Promise.reject(new Error(l10n.t('Run the statement again to look into its rows.'))),
};

/** While rows still come. */
export const WAITING: ResultAnswerer = {
  answer: () => Promise.reject(new Error(l10n.t('The statement still runs. Ask again when it has ended.'))),
};
