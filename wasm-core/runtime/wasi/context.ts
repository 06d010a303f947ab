import type { HostFunctionOwner, RandomSource } from '../host-functions/owner.ts';
import type { Descriptors } from './descriptors.ts';
import { Refusal } from './errno.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { GuestTime } from './guest-time.ts';
import type { MemoryFileSystem } from './memory-file-system.ts';
import type { WasiIo } from './wasi-io.ts';

/** What the WASI functions of one instance act on. */
export interface WasiContext {
  readonly owner: HostFunctionOwner;
  readonly io: WasiIo;
  readonly memory: GuestMemory;
  readonly descriptors: Descriptors;
  readonly files: MemoryFileSystem;
  readonly time: GuestTime;
  /** What `random_get` gives without the capability `random`. */
  readonly pseudoRandom: RandomSource;
}

/** A WASI function without its error number: it returns for success and throws a Refusal otherwise. */
export type WasiCall = (...args: never[]) => void;

/** A size or an offset that a guest gave as u64. @throws Refusal INVAL above 2^53 - 1, more than any file has */
export function toOffset(value: bigint): number {
  const unsigned = BigInt.asUintN(64, value);
  if (unsigned > BigInt(Number.MAX_SAFE_INTEGER)) throw new Refusal('INVAL');
  return Number(unsigned);
}
