import type { HostFunctionOwner } from '../host-functions/owner.ts';

/**
 * Time as a program sees it. Nobody waits: a program that sleeps finds its clock moved on instead, so that it cannot
 * hold a thread of ours and its timers still come due.
 *
 * Without the capability `clock` time begins at 0 and moves 1 µs at each look, the same in every run. It must move,
 * and must not be 0: Go's runtime stops at a clock that says 0 and waits for one that stands still.
 */
export class GuestTime {
  private readonly owner: HostFunctionOwner;
  private virtualNs = 0n;
  private skippedNs = 0n;

  constructor(owner: HostFunctionOwner) {
    this.owner = owner;
  }

  /** Nanoseconds since 1970, at most 2^63 - 1. */
  realtimeNs(): bigint {
    return this.now((clock) => clock.realtimeNs());
  }

  /** Nanoseconds since some instant of the run, at most 2^63 - 1; never goes back. */
  monotonicNs(): bigint {
    return this.now((clock) => clock.monotonicNs());
  }

  /** Moves both clocks on. */
  skip(ns: bigint): void {
    if (ns > 0n) this.skippedNs = smaller(this.skippedNs + ns, MAX_NS);
  }

  private now(read: (clock: HostFunctionOwner['run']['clock']) => bigint): bigint {
    const { run } = this.owner;
    if (!run.capabilities.has('clock')) this.virtualNs += TICK_NS;
    const base = run.capabilities.has('clock') ? read(run.clock) : this.virtualNs;
    return smaller(base + this.skippedNs, MAX_NS);
  }
}

const TICK_NS = 1000n;

/** Programs keep time in signed 64 bits. */
const MAX_NS = (1n << 63n) - 1n;

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
