import { enter } from './access.ts';
import type { HostFunctionOwner, HostFunctions } from './owner.ts';

/** `now_ms`, `now_ns` and `monotonic_ns`, for modules with the capability `clock`. */
export function clockFunctions(owner: HostFunctionOwner): HostFunctions {
  return {
    now_ms: (): number => {
      enter(owner, NOW_MS);
      const nanoseconds = owner.run.clock.realtimeNs();
      return Number(nanoseconds / NS_PER_MS) + Number(nanoseconds % NS_PER_MS) / Number(NS_PER_MS);
    },
    now_ns: (): bigint => {
      enter(owner, NOW_NS);
      return BigInt.asIntN(64, owner.run.clock.realtimeNs());
    },
    monotonic_ns: (): bigint => {
      enter(owner, MONOTONIC_NS);
      return BigInt.asIntN(64, owner.run.clock.monotonicNs());
    },
  };
}

const NOW_MS = { name: 'now_ms', capability: 'clock' } as const;
const NOW_NS = { name: 'now_ns', capability: 'clock' } as const;
const MONOTONIC_NS = { name: 'monotonic_ns', capability: 'clock' } as const;
const NS_PER_MS = 1_000_000n;
