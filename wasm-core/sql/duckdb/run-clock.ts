import type { Timeline } from '../../protocol/timeline.ts';
import type { StatementUse } from './udf/function-calls.ts';

/** What is measured while a statement runs; the rest of its time is the engine's. */
type MeasuredPhase = 'fetch' | 'bind' | 'write';

/** Where the time of one statement goes. */
export class RunClock {
  readonly #started = performance.now();
  readonly #functionMicros: () => number;
  readonly #ms: Record<MeasuredPhase, number> = { fetch: 0, bind: 0, write: 0 };

  /** @param functionMicros what plugin functions have taken of the statement so far */
  constructor(functionMicros: () => number) {
    this.#functionMicros = functionMicros;
  }

  /** Does something that is a phase, calls of plugin functions left out: the engine computes constants as it binds. */
  measure<T>(phase: MeasuredPhase, work: () => T): T {
    const [started, functionMicros] = [performance.now(), this.#functionMicros()];
    try {
      return work();
    } finally {
      this.#add(phase, started, functionMicros);
    }
  }

  /** The same for work that waits; nothing else of the statement may be done meanwhile. */
  async measureWait<T>(phase: MeasuredPhase, work: () => T | Promise<T>): Promise<T> {
    const [started, functionMicros] = [performance.now(), this.#functionMicros()];
    try {
      return await work();
    } finally {
      this.#add(phase, started, functionMicros);
    }
  }

  /** Microseconds since the clock was made. */
  micros(): number {
    return Math.round((performance.now() - this.#started) * 1000);
  }

  /**
   * What the phases took.
   *
   * @param micros all of it
   * @param use what plugin functions did
   */
  timeline(
    micros: number,
    use: Pick<StatementUse, 'micros' | 'transferMicros'> & { readonly scriptMicros: number },
  ): Timeline {
    let left = micros;
    // Each was rounded on its own, and together they must not be more than all of it.
    const take = (wanted: number): number => {
      const taken = Math.max(0, Math.min(left, Math.floor(wanted)));
      left -= taken;
      return taken;
    };
    const phases = {
      fetch: take(this.#ms.fetch * 1000),
      bind: take(this.#ms.bind * 1000),
      write: take(this.#ms.write * 1000),
      transfer: take(use.transferMicros),
      functions: take(use.micros - use.transferMicros + use.scriptMicros),
    };
    const entries = Object.entries({ ...phases, run: left });
    return Object.fromEntries(entries.filter(([, taken]) => taken > 0));
  }

  #add(phase: MeasuredPhase, started: number, functionMicros: number): void {
    const inFunctions = (this.#functionMicros() - functionMicros) / 1000;
    this.#ms[phase] += Math.max(0, performance.now() - started - inFunctions);
  }
}
