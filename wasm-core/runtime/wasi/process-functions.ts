import { CoreError } from '../../protocol/errors.ts';
import type { WasiCall, WasiContext } from './context.ts';
import { Refusal } from './errno.ts';
import { GuestExit } from './guest-exit.ts';
import { pollOneoff } from './poll.ts';

/** The functions that are not about descriptors: arguments, environment, clocks, randomness, the end. */
export function processFunctions(context: WasiContext) {
  const { owner, io, memory, time } = context;
  const args = () => [io.options.programName, ...owner.run.args];
  const env = () => Object.entries(owner.run.env).map(([name, value]) => `${name}=${value}`);
  return {
    args_get: (list: number, buffer: number) => writeStrings(context, args(), list, buffer),
    args_sizes_get: (count: number, size: number) => writeSizes(context, args(), count, size),
    environ_get: (list: number, buffer: number) => writeStrings(context, env(), list, buffer),
    environ_sizes_get: (count: number, size: number) => writeSizes(context, env(), count, size),
    clock_res_get(clock: number, result: number) {
      checkClock(clock);
      memory.setU64(result, RESOLUTION_NS);
    },
    clock_time_get(clock: number, _precision: bigint, result: number) {
      checkClock(clock);
      // The two clocks of processor time run like the monotonic one.
      memory.setU64(result, BigInt.asUintN(64, clock === 0 ? time.realtimeNs() : time.monotonicNs()));
    },
    random_get(pointer: number, byteLength: number) {
      const bytes = memory.bytes(pointer, byteLength);
      owner.charge(bytes.byteLength);
      const isGranted = owner.run.capabilities.has('random');
      (isGranted ? owner.run.random : context.pseudoRandom).fill(bytes);
    },
    poll_oneoff: (input: number, output: number, count: number, result: number) =>
      pollOneoff(context, input, output, count, result),
    sched_yield() {},
    proc_exit(code: number) {
      io.exitCode = code >>> 0;
      throw owner.fail(new GuestExit(io.exitCode));
    },
    proc_raise(signal: number) {
      if ((signal & 0xff) === 0) return;
      const message = `The plugin raised signal ${signal & 0xff} and was ended. Its log may say why.`;
      throw owner.fail(new CoreError('TRAP', message, { signal: signal & 0xff }));
    },
    sock_accept: noSockets,
    sock_recv: noSockets,
    sock_send: noSockets,
    sock_shutdown: noSockets,
  } satisfies Record<string, WasiCall>;
}

const RESOLUTION_NS = 1000n;

function checkClock(clock: number): void {
  if (clock >>> 0 > 3) throw new Refusal('INVAL');
}

function noSockets(): never {
  throw new Refusal('NOTSUP');
}

/** Pointers at `list`, the strings themselves at `buffer`, each ended by a NUL. @throws Refusal FAULT */
function writeStrings(
  { owner, memory }: WasiContext,
  strings: readonly string[],
  list: number,
  buffer: number,
): void {
  const bytes = encode(strings);
  owner.charge(bytes.byteLength);
  const pointers = memory.place(list, 4 * strings.length);
  memory.bytes(buffer, bytes.byteLength).set(bytes);
  let start = 0;
  for (let i = 0; i < strings.length; i++) {
    pointers.view.setUint32(pointers.at + 4 * i, (buffer >>> 0) + start, true);
    start = bytes.indexOf(0, start) + 1;
  }
}

function writeSizes(
  { owner, memory }: WasiContext,
  strings: readonly string[],
  count: number,
  size: number,
): void {
  const bytes = encode(strings);
  owner.charge(bytes.byteLength);
  memory.place(size, 4);
  memory.setU32(count, strings.length);
  memory.setU32(size, bytes.byteLength);
}

/** A NUL inside would end a string early and shift the ones behind it. */
function encode(strings: readonly string[]): Uint8Array {
  return new TextEncoder().encode(strings.map((s) => `${s.replaceAll('\0', '')}\0`).join(''));
}
