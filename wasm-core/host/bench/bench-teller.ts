import type { BenchProgressParams, BenchProgressSample } from '../../protocol/bench.ts';
import type { Call } from '../context.ts';

/** The least time between two notifications, milliseconds. */
const PAUSE_MS = 100;

/** Tells the client how far its bench is. */
export class BenchTeller {
  readonly #call: Pick<Call, 'id' | 'client'>;
  #samples: BenchProgressSample[] = [];
  #phase: BenchProgressParams['phase'] | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(call: Pick<Call, 'id' | 'client'>) {
    this.#call = call;
  }

  /** Tells of a phase, at once when it is another one. */
  phase(phase: BenchProgressParams['phase'], percent: number): void {
    const isOther = phase !== this.#phase;
    this.#phase = phase;
    if (isOther || this.#isDue()) this.#tell(percent);
  }

  /** Tells of a sample, with others that there were since the last time. */
  sample(sample: BenchProgressSample, percent: number): void {
    this.#samples.push(sample);
    if (this.#isDue() || percent === 100) this.#tell(percent);
  }

  #isDue(): boolean {
    return performance.now() - this.#toldAt >= PAUSE_MS;
  }

  #tell(percent: number): void {
    this.#toldAt = performance.now();
    const samples = this.#samples;
    this.#samples = [];
    const { id, client } = this.#call;
    client.notify('bench/progress', { id, phase: this.#phase ?? 'preparing', percent, samples });
  }
}
