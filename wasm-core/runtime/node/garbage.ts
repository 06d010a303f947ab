import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * A function that collects this thread's garbage; one that does nothing where V8 does not let us. V8 counts a
 * WebAssembly memory by its bytes and not by the addresses that it reserves, so it lets thousands of small ones lie.
 */
export function garbageCollector(): () => void {
  // Flags are the whole process's. It is never taken back: another thread may be between the flag and its context.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('globalThis.gc') as unknown;
  return typeof collect === 'function' ? () => void collect() : () => {};
}
