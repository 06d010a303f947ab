import { parentPort } from 'node:worker_threads';
import { CoreError } from '../../protocol/errors.ts';
import type { CompiledModule } from '../compiled-module.ts';
import { InstancePools } from '../instance-pools.ts';
import { runJob } from '../job.ts';
import { MemoryPool } from '../memory-pool.ts';
import { garbageCollector } from './garbage.ts';
import type { JobMessage, JobReply } from './worker-messages.ts';

/*
 * The thread of a worker lane: runs one job at a time, without looking at the clock. The lane terminates the whole
 * thread when a job has to end.
 */

const modules = new Map<string, CompiledModule>();
const pools = new InstancePools(new MemoryPool({ maxLive: 500, collectGarbage: garbageCollector() }));

parentPort?.on('message', (message: JobMessage) => {
  const reply = replyTo(message);
  const output = reply.type === 'done' ? reply.outcome.value : null;
  parentPort?.postMessage(reply, output instanceof Uint8Array ? [output.buffer as ArrayBuffer] : []);
});

function replyTo(message: JobMessage): JobReply {
  try {
    for (const key of message.forget) forget(key);
    if (message.compiled) modules.set(message.key, message.compiled);
    const compiled = modules.get(message.key);
    if (compiled === undefined) throw new Error(`module ${message.key} was never sent`);
    const { fuel } = message.job.limits;
    const outcome = runJob(
      { ...message.job, compiled },
      { pools, lane: 'long', ...(fuel !== undefined && { fuel }) },
    );
    return { type: 'done', outcome };
  } catch (error) {
    if (error instanceof CoreError) {
      return { type: 'failed', kind: error.kind, message: error.message, details: error.details };
    }
    const text = error instanceof Error ? error.message : String(error);
    return { type: 'failed', kind: 'INTERNAL', message: `The run failed: ${text}`, details: {} };
  }
}

function forget(key: string): void {
  const compiled = modules.get(key);
  modules.delete(key);
  if (compiled) pools.drop(compiled.digest);
}
