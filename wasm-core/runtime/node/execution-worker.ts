import { parentPort } from 'node:worker_threads';
import { CoreError } from '../../protocol/errors.ts';
import type { CompiledModule } from '../compiled-module.ts';
import { runJob } from '../job.ts';
import type { JobMessage, JobReply } from './worker-messages.ts';

/*
 * The thread of a worker lane: runs one job at a time, without looking at the clock. The lane terminates the whole
 * thread when a job has to end.
 */

const modules = new Map<string, CompiledModule>();

parentPort?.on('message', (message: JobMessage) => {
  const reply = replyTo(message);
  const output = reply.type === 'done' ? reply.outcome.value : null;
  parentPort?.postMessage(reply, output instanceof Uint8Array ? [output.buffer as ArrayBuffer] : []);
});

function replyTo(message: JobMessage): JobReply {
  try {
    for (const digest of message.forget) modules.delete(digest);
    if (message.compiled) modules.set(message.digest, message.compiled);
    const compiled = modules.get(message.digest);
    if (compiled === undefined) throw new Error(`module ${message.digest} was never sent`);
    const job = { ...message.job, compiled: { ...compiled, name: message.name } };
    return { type: 'done', outcome: runJob(job, 'long') };
  } catch (error) {
    if (error instanceof CoreError) {
      return { type: 'failed', kind: error.kind, message: error.message, details: error.details };
    }
    const text = error instanceof Error ? error.message : String(error);
    return { type: 'failed', kind: 'INTERNAL', message: `The run failed: ${text}`, details: {} };
  }
}
