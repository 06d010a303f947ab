import { CoreError } from '../../protocol/errors.ts';
import { SIGNAL, STOP } from './worker-messages.ts';

/** How long the engine computes before other requests get their turn, milliseconds. */
const SLICE_MS = 8;

/** Between two progress reports, milliseconds. */
const PROGRESS_MS = 100;

/**
 * The turns of one run: between them the worker's other requests are served, and here the run learns that it has to
 * stop.
 */
export class Slices {
  readonly #signals: Int32Array;
  readonly #onProgress: (text?: string) => void;
  #turned = performance.now();
  #reported = performance.now();

  constructor(signals: Int32Array, onProgress: (text?: string) => void) {
    this.#signals = signals;
    this.#onProgress = onProgress;
  }

  /**
   * Lets others run when the slice is used up.
   *
   * @throws CoreError CANCELLED, DEADLINE_EXCEEDED when the main thread asked for it
   */
  async turn(): Promise<void> {
    this.check();
    const now = performance.now();
    if (now - this.#turned < SLICE_MS) return;
    if (now - this.#reported >= PROGRESS_MS) {
      this.#reported = now;
      this.#onProgress();
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#turned = performance.now();
    this.check();
  }

  /** Reports how far something is that the run waits for. @param text for people */
  report(text: string): void {
    this.#reported = performance.now();
    this.#onProgress(text);
  }

  /** @throws CoreError CANCELLED, DEADLINE_EXCEEDED */
  check(): void {
    const reason = Atomics.load(this.#signals, SIGNAL.stop);
    if (reason === STOP.none) return;
    if (reason === STOP.cancelled) throw new CoreError('CANCELLED', 'The run was cancelled.');
    throw new CoreError('DEADLINE_EXCEEDED', 'The run took longer than its timeout allows.');
  }
}
