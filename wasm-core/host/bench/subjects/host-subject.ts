import { tmpdir } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { HostOperation } from '../../../protocol/bench.ts';
import { CoreError } from '../../../protocol/errors.ts';
import { cancelled } from '../../../runtime/executor.ts';
import type { Subject } from '../subject.ts';
import { workDigest } from '../work-digest.ts';

/** To the thread: to do something so often, or to end its connections. */
export type ToClientThread =
  | { readonly type: 'run'; readonly operation: HostOperation; readonly count: number }
  | { readonly type: 'end' };

/** From the thread: the mean time, or what went wrong. */
export type FromClientThread = { readonly micros: number } | { readonly error: string };

/** Of these, one is long enough to be measured. */
const LONG: readonly HostOperation[] = ['query', 'open'];

/** How long a client that is told to end has for it, milliseconds. */
const END_MS = 2_000;

/**
 * What the host takes for something small, seen from a client in a thread of its own.
 *
 * @param options.threadPath absolute path of the thread's bundle
 */
export function hostSubject(options: {
  readonly operation: HostOperation;
  readonly socket: string;
  readonly threadPath: string;
}): Subject {
  const { operation, socket, threadPath } = options;
  const worker = new Worker(threadPath, { workerData: { socket, folder: tmpdir() } });
  return {
    work: workDigest('host', operation),
    canRepeat: !LONG.includes(operation),
    run: async (count, signal) => {
      const reply = await ask(worker, { type: 'run', operation, count }, signal);
      if ('error' in reply)
        throw new CoreError('HOST_UNAVAILABLE', `The host's own client failed: ${reply.error}`);
      return { micros: reply.micros };
    },
    modules: async () => ({}),
    dispose: async () => {
      // The thread may be in the middle of something that was given up.
      await ask(worker, { type: 'end' }, AbortSignal.timeout(END_MS)).catch(() => {});
      await worker.terminate();
    },
  };
}

/** Sends what one answer is expected to; the thread answers in order, and is asked for one thing at a time. */
function ask(worker: Worker, message: ToClientThread, signal: AbortSignal): Promise<FromClientThread> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      signal.removeEventListener('abort', onAbort);
      settled();
    };
    const onMessage = (reply: FromClientThread): void => settle(() => resolve(reply));
    const onError = (error: Error): void => settle(() => reject(error));
    const onAbort = (): void => settle(() => reject(cancelled()));
    worker.on('message', onMessage);
    worker.on('error', onError);
    signal.addEventListener('abort', onAbort, { once: true });
    worker.postMessage(message);
  });
}
