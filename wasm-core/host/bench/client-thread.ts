import { rm } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { HostOperation } from '../../protocol/bench.ts';
import { LineClient } from './line-client.ts';
import type { FromClientThread, ToClientThread } from './subjects/host-subject.ts';

/*
 * The thread of a client that measures its own host from outside: over the socket, with lines as any client sends them,
 * and with an event loop of its own, so that the two wait for each other as two processes do.
 */

const { socket, folder } = workerData as { readonly socket: string; readonly folder: string };

/** One after the other: a request is measured alone. */
const line: { last: Promise<void>; client?: LineClient; session?: Session; isUsed: boolean } = {
  last: Promise.resolve(),
  isUsed: false,
};

interface Session {
  readonly session: string;
}

parentPort?.on('message', (message: ToClientThread) => {
  line.last = line.last.then(() => answer(message));
});

async function answer(message: ToClientThread): Promise<void> {
  let reply: FromClientThread;
  try {
    const micros = message.type === 'run' ? await run(message.operation, message.count) : await end();
    reply = { micros };
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
}

/** @returns microseconds of one of so many */
async function run(operation: HostOperation, count: number): Promise<number> {
  const client = await connected();
  switch (operation) {
    case 'connect':
      return await timed(count, async () => {
        const other = await LineClient.open(socket);
        await other.close();
      });
    case 'execute':
      await client.request('module/load', IDENTITY);
      return await timed(count, () => client.request('module/execute', EXECUTE));
    case 'pipelined': {
      await client.request('module/load', IDENTITY);
      const started = performance.now();
      await client.pipelined({ count, depth: 64, method: 'module/execute', params: EXECUTE });
      return ((performance.now() - started) * 1000) / count;
    }
    case 'query': {
      line.session ??= (await client.request('sql/open', { folder })) as Session;
      const { session } = line.session;
      // Its engine is still busy with its start.
      if (!line.isUsed) await query(client, session);
      line.isUsed = true;
      return await query(client, session);
    }
    case 'open':
      return await timed(count, async () => {
        const { session } = (await client.request('sql/open', { folder })) as Session;
        await client.request('sql/close', { session });
      });
  }
}

async function query(client: LineClient, session: string): Promise<number> {
  const started = performance.now();
  const answer = await client.request('sql/run', { session, sql: 'select 1', record: false });
  const micros = (performance.now() - started) * 1000;
  const { statements } = answer as {
    readonly statements: readonly { readonly file?: { readonly path: string } }[];
  };
  for (const { file } of statements) if (file !== undefined) await rm(file.path, { force: true });
  return micros;
}

async function end(): Promise<number> {
  // Gone already where nothing was executed.
  await line.client?.request('module/unload', LABEL).catch(() => {});
  await line.client?.close();
  return 0;
}

async function connected(): Promise<LineClient> {
  line.client ??= await LineClient.open(socket);
  return line.client;
}

async function timed(count: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < count; i++) await work();
  return ((performance.now() - started) * 1000) / count;
}

const LABEL = { module: 'identity', namespace: 'quern-bench' };
const EXECUTE = { ...LABEL, input: { utf8: 'input of some length' } };

/** `process(ptr, len)` of this module packs what it was given, so that its input is its output. */
const IDENTITY = {
  name: LABEL.module,
  namespace: LABEL.namespace,
  bytes: {
    base64: Buffer.from(
      '0061736d0100000001070160027f7f017e03020100050301000107140206' +
        '6d656d6f727902000770726f6365737300000a0e010c002000ad42208620' +
        '01ad840b',
      'hex',
    ).toString('base64'),
  },
};
