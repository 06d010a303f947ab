import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { brotliDecompressSync } from 'node:zlib';
import { toRpcError } from '../../protocol/errors.ts';
import { bootDuckDb, type DuckDb, type ExtensionName } from './boot.ts';
import { FilePaths } from './node/file-paths.ts';
import { createFileRuntime } from './node/file-runtime.ts';
import { WorkerSession } from './session.ts';
import { FunctionTable } from './udf/function-table.ts';
import type { Ask, Tell, WorkerRequest, WorkerStart } from './worker-messages.ts';

/*
 * The engine worker's entry: one DuckDB in one thread, for one session. It only boots and binds; `WorkerSession` does
 * the work.
 */

void main(workerData as WorkerStart);

async function main(start: WorkerStart): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('the engine worker is started as a worker thread');
  const tell = (message: Tell) => port.postMessage(message);
  const paths = new FilePaths();
  try {
    const db = await bootDuckDb({
      module: start.module,
      createRuntime: (resolve) => createFileRuntime(paths, resolve),
      readExtension: (name) => readExtension(start.distFolder, name),
    });
    const serve = createServer({ db, paths, signals: new Int32Array(start.signals), tell });
    port.on('message', (ask: Ask) => void serve(ask));
    tell({ type: 'ready' });
  } catch (error) {
    tell({ type: 'bootFailed', message: error instanceof Error ? error.message : String(error) });
  }
}

function readExtension(distFolder: string, name: ExtensionName): ArrayBuffer {
  const file = path.join(distFolder, 'duckdb-extensions', `${name}.duckdb_extension.wasm.br`);
  const bytes = brotliDecompressSync(readFileSync(file));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

interface ServerParts {
  readonly db: DuckDb;
  readonly paths: FilePaths;
  readonly signals: Int32Array;
  readonly tell: (message: Tell) => void;
}

function createServer(parts: ServerParts): (ask: Ask) => Promise<void> {
  let session: WorkerSession | undefined;
  return async ({ id, request }) => {
    try {
      if (request.type === 'configure') {
        session = createSession(parts, request);
        parts.tell({ type: 'answer', id, result: undefined });
        return;
      }
      if (session === undefined) throw new Error('the session was not configured');
      const progress = (percent: number) => parts.tell({ type: 'progress', id, percent });
      parts.tell({ type: 'answer', id, result: await answer(session, { request, progress }) });
    } catch (error) {
      parts.tell({ type: 'failure', id, error: toRpcError(error) });
    }
  };
}

function createSession(
  { db, paths, signals }: ServerParts,
  request: Extract<WorkerRequest, { readonly type: 'configure' }>,
): WorkerSession {
  const { folder, allow, resultsFolder, resultPrefix } = request;
  paths.allow([folder, ...allow, resultsFolder]);
  paths.enter(folder);
  const runs = db.connect();
  const checks = db.connect();
  const store = db.connect();
  const functions = new FunctionTable({ db, connections: [runs, checks], signals });
  return new WorkerSession({
    db,
    runs,
    checks,
    store,
    paths,
    functions,
    signals,
    folder,
    resultsFolder,
    resultPrefix,
  });
}

function answer(
  session: WorkerSession,
  options: {
    readonly request: Exclude<WorkerRequest, { readonly type: 'configure' }>;
    readonly progress: (percent: number) => void;
  },
): unknown {
  const { request, progress } = options;
  switch (request.type) {
    case 'setPlugins':
      return session.setPlugins(request);
    case 'run':
      return session.run(request, progress);
    case 'check':
      return session.check(request);
    case 'describe':
      return session.describe(request);
    case 'catalog':
      return session.catalog();
  }
}
