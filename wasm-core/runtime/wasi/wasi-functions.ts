import type { HostFunctionOwner, HostFunctions } from '../host-functions/owner.ts';
import { createRandom } from '../random.ts';
import type { WasiCall, WasiContext } from './context.ts';
import { Descriptors } from './descriptors.ts';
import { ERRNO, Refusal } from './errno.ts';
import { fdIoFunctions } from './fd-io.ts';
import { fdStatusFunctions } from './fd-status.ts';
import { GuestExit } from './guest-exit.ts';
import { GuestMemory } from './guest-memory.ts';
import { GuestTime } from './guest-time.ts';
import { MemoryFileSystem } from './memory-file-system.ts';
import { pathFunctions } from './path-functions.ts';
import { processFunctions } from './process-functions.ts';
import type { WasiIo } from './wasi-io.ts';

/** Caps of the file system of one instance. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
export const MAX_FILES = 10_000;

/**
 * The functions of the import module `wasi_snapshot_preview1` for one instance: see docs/wasi.md. Its file system is
 * in memory, begins empty, and goes with the instance. A guest's false pointer is an error number to the guest.
 *
 * Nothing real is given without a capability, and still nothing that a language's start needs is refused: without
 * `clock` and `random` a program gets numbers that look like time and chance and are the same in every run. Go and Rust
 * ask for both before `main`, and a program that only counts words should not have to be granted them.
 *
 * @throws from the functions: what `owner.fail` gave for GuestExit, OUTPUT_LIMIT and TRAP, and what `owner.charge` throws
 */
export function wasiFunctions(owner: HostFunctionOwner, io: WasiIo): HostFunctions {
  const time = new GuestTime(owner);
  const files = new MemoryFileSystem({
    maxBytes: MAX_FILE_BYTES,
    maxNodes: MAX_FILES,
    nowNs: () => time.realtimeNs(),
  });
  const context: WasiContext = {
    owner,
    io,
    memory: new GuestMemory(owner),
    descriptors: new Descriptors(owner, files),
    files,
    time,
    pseudoRandom: createRandom(0),
  };
  const groups = [
    fdIoFunctions(context),
    fdStatusFunctions(context),
    pathFunctions(context),
    processFunctions(context),
  ];
  // Not by spreading the groups into one object: V8 takes 40 times as long for that, and each run has its own.
  const calls = groups.flatMap((group): [string, WasiCall][] => Object.entries(group));
  return Object.fromEntries(calls.map(([name, call]) => [name, guarded(owner, io, call)]));
}

/**
 * What a call costs beside the work it does, and what an error number costs: a unit is about a nanosecond. Measured with
 * Node 20: 55 to 130 ns for what only looks something up, 500 to 600 ns more where it ends in a Refusal.
 */
const CALL_FUEL = 50;
const REFUSAL_FUEL = 500;

/** Charges for a call, and turns what it throws into its error number. */
function guarded(owner: HostFunctionOwner, io: WasiIo, call: WasiCall) {
  return (...args: never[]): number => {
    // A guest can catch its own exit and go on, but not with us.
    if (io.exitCode !== undefined) throw owner.fail(new GuestExit(io.exitCode));
    owner.charge(CALL_FUEL);
    try {
      call(...args);
      return ERRNO.SUCCESS;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      owner.charge(REFUSAL_FUEL);
      return error.errno;
    }
  };
}
