import { CoreError } from '../../../protocol/errors.ts';
import { DEFAULT_LIMITS } from '../../../protocol/limits.ts';
import type { EngineWorker } from './engine-worker.ts';

/** How often a run is looked at, milliseconds. */
const LOOK_MS = 50;

/** How long a run that was told to stop may take to do so before its worker is ended, milliseconds. */
const GRACE_MS = 3000;

const TABLES_GONE = "The session's engine was replaced; its tables are gone.";

/** A function that a guest may be inside. */
export interface WatchedFunction {
  readonly name: string;
  /** For one chunk of rows; absent: what a run of a plugin has by default. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Watches one run from the main thread: carries cancellation and the deadline to the worker, and ends the worker where
 * it does not come back, be it for a guest that loops or for an engine that is inside one long call.
 */
export class Watchdog {
  readonly #worker: EngineWorker;
  readonly #functionAt: (index: number) => WatchedFunction;
  readonly #deadline: number;
  readonly #timeoutMs: number | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.#stop('cancelled');
  #stoppedAt: number | undefined;
  #stoppedFor: 'cancelled' | 'deadline' = 'cancelled';
  #guestEntries = -1;
  #guestSince = 0;

  constructor(options: {
    readonly worker: EngineWorker;
    readonly signal: AbortSignal;
    readonly timeoutMs: number | undefined;
    readonly functionAt: (index: number) => WatchedFunction;
  }) {
    this.#worker = options.worker;
    this.#functionAt = options.functionAt;
    this.#signal = options.signal;
    this.#timeoutMs = options.timeoutMs;
    this.#deadline = performance.now() + (options.timeoutMs ?? Number.POSITIVE_INFINITY);
    this.#worker.signalStop('none');
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    if (this.#signal.aborted) this.#stop('cancelled');
  }

  /** Idempotent. */
  dispose(): void {
    clearInterval(this.#timer);
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#worker.signalStop('none');
  }

  #look(): void {
    const now = performance.now();
    if (this.#stoppedAt !== undefined && now - this.#stoppedAt > GRACE_MS) this.#end();
    else if (now > this.#deadline) this.#stop('deadline');
    this.#lookAtGuest(now);
  }

  #stop(reason: 'cancelled' | 'deadline'): void {
    if (this.#stoppedAt !== undefined) return;
    this.#stoppedAt = performance.now();
    this.#stoppedFor = reason;
    this.#worker.signalStop(reason);
  }

  #end(): void {
    const message =
      this.#stoppedFor === 'cancelled'
        ? `The run was cancelled, and did not stop by itself. ${TABLES_GONE}`
        : `The run took longer than its ${this.#timeoutMs} ms, and did not stop by itself. ${TABLES_GONE}`;
    const kind = this.#stoppedFor === 'cancelled' ? 'CANCELLED' : 'DEADLINE_EXCEEDED';
    void this.#worker.terminate(new CoreError(kind, message));
  }

  /** One chunk of a plugin function has as long as a whole run of a plugin has by default. */
  #lookAtGuest(now: number): void {
    const guest = this.#worker.guest();
    const inside = guest.entries % 2 !== 0;
    if (!inside || guest.entries !== this.#guestEntries) {
      this.#guestEntries = guest.entries;
      this.#guestSince = now;
      return;
    }
    const { name, timeoutMs = DEFAULT_LIMITS.timeoutMs } = this.#functionAt(guest.function);
    const limit = Math.min(timeoutMs, this.#timeoutMs ?? Number.POSITIVE_INFINITY);
    if (now - this.#guestSince < limit) return;
    void this.#worker.terminate(
      new CoreError(
        'DEADLINE_EXCEEDED',
        `${name} ran for ${limit} ms on one chunk of rows and was ended; does it loop for ever? ${TABLES_GONE}`,
        { function: name },
      ),
    );
  }
}
