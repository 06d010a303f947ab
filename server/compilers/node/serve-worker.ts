import { parentPort } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from '../compile-types.ts';

/**
 * Answers the requests of the thread that started this one, one after the other.
 *
 * @param compile gives the reply; what it throws is a bug of a compiler and becomes a diagnostic at the text's start
 */
export function serveCompiler(compile: (request: WorkerRequest) => Promise<Omit<WorkerReply, 'id'>>): void {
  const port = parentPort;
  if (port === null) throw new Error('A compiler runs in a worker thread.');
  let queue = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    queue = queue.then(async () => {
      const reply: WorkerReply = { id: request.id, ...(await compile(request).catch(internal)) };
      port.postMessage(reply);
    });
  });
}

function internal(error: unknown): Omit<WorkerReply, 'id'> {
  const message = `The compiler itself failed: ${error instanceof Error ? error.message : String(error)}`;
  return { diagnostics: [{ severity: 'error', code: 'INTERNAL', message, start: 0, end: 0 }], places: [] };
}
