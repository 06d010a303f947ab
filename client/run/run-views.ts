import type { RowsSoFar } from '../results/live-run.ts';
import type { RunOutcome } from './run-outcome.ts';
import type { RunRequest, RunView } from './runner.ts';

/** Shows profiles in one place, and all other runs in another. */
export class RunViews implements RunView {
  readonly #views: { readonly results: RunView; readonly profile: RunView };
  #current: RunView;

  constructor(views: { readonly results: RunView; readonly profile: RunView }) {
    this.#views = views;
    this.#current = views.results;
  }

  running(request: RunRequest): void {
    this.#current = request.mode === 'profile' ? this.#views.profile : this.#views.results;
    this.#current.running(request);
  }

  rows(told: RowsSoFar): void {
    this.#current.rows?.(told);
  }

  progress(percent: number, message?: string): void {
    this.#current.progress(percent, message);
  }

  async ended(request: RunRequest, outcome: RunOutcome): Promise<void> {
    await this.#current.ended(request, outcome);
  }
}
