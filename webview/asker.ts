import * as l10n from '@vscode/l10n';

interface Waiting<Question> {
  readonly question: Question;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How a page's questions get out, and what is an answer to one. */
export interface AskerOptions<Question> {
  /** Takes a question for the extension, under a number that its answer has too. */
  readonly send: (id: number, question: Question) => void;
  /** Whether an answer is one to this question. */
  readonly isAnswerTo: (question: Question, answer: unknown) => boolean;
}

/** Asks the extension, and gives its answers to those who asked. `Answers` has the type of the answer by kind of question. */
export class Asker<
  Question extends { readonly kind: string },
  Answers extends Readonly<Record<Question['kind'], unknown>>,
> {
  readonly #options: AskerOptions<Question>;
  readonly #waiting = new Map<number, Waiting<Question>>();
  #nextId = 1;

  constructor(options: AskerOptions<Question>) {
    this.#options = options;
  }

  /** Asks. @throws Error with what the extension says, or when it answers something else */
  ask<Q extends Question>(question: Q): Promise<Answers[Q['kind']]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const take = (answer: unknown): void => {
        // Checked above the cast, by the kind of question.
        if (this.#options.isAnswerTo(question, answer)) resolve(answer as Answers[Q['kind']]);
        else
          reject(
            new Error(l10n.t('Quern gave an answer that this page does not understand; reload the window.')),
          );
      };
      this.#waiting.set(id, { question, resolve: take, reject });
      this.#options.send(id, question);
    });
  }

  /** Takes an answer. */
  take(id: number, answer: unknown): void {
    this.#end(id)?.resolve(answer);
  }

  /** Notes that there is no answer. */
  refuse(id: number, message: string): void {
    this.#end(id)?.reject(new Error(message));
  }

  #end(id: number): Waiting<Question> | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
