import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { toRpcError } from '../../protocol/errors.ts';
import { RemoteAccess } from '../remote/node/remote-access.ts';
import { bootDuckDb, type Connection, type DuckDb, type ExtensionName } from './boot.ts';
import { engineError, lostBy } from './engine-error.ts';
import { FileReaders } from './files/node/file-readers.ts';
import { initialSettings, replaceDatabase, type SettingValues } from './fresh-database.ts';
import { quoteName } from './logical-type.ts';
import { NamedTables } from './named-tables.ts';
import { writeStreamsToDisk } from './node/c-streams.ts';
import { StatementDatabases } from './node/databases.ts';
import { FileColumns } from './node/file-columns.ts';
import { FilePaths } from './node/file-paths.ts';
import { createFileRuntime } from './node/file-runtime.ts';
import { createFileFunctions } from './node/folders.ts';
import { createScriptRuntimes } from './node/script-runtimes.ts';
import { WorkerSession } from './session.ts';
import { TemporaryMacros } from './temporary-macros.ts';
import { FunctionTable } from './udf/function-table.ts';
import { ScriptTable } from './udf/script-table.ts';
import {
  type Ask,
  type RunListener,
  SIGNAL,
  type Tell,
  type WorkerRequest,
  type WorkerStart,
} from './worker-messages.ts';

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
  const signals = new Int32Array(start.signals);
  const remote = new RemoteAccess({ signals, index: SIGNAL.remote, waits: SIGNAL.remoteWaits });
  const files = new FileReaders({ paths, remote }, start.distFolder);
  try {
    const db = await bootDuckDb({
      module: start.module,
      createRuntime: (resolve) => createFileRuntime({ paths, remote }, resolve),
      prepareImports: (imports, memory) => writeStreamsToDisk(imports, { paths, memory }),
      files: createFileFunctions({ paths, remote }),
      readExtension: (name) => readExtension(start.distFolder, name),
      install: (engine) => files.install(engine),
    });
    const scripts = new ScriptTable({ db, signals, start: createScriptRuntimes(start) });
    const serve = createServer({ db, paths, files, remote, scripts, signals, tell });
    port.on('message', (ask: Ask) => void serve(ask));
    tell({ type: 'ready' });
  } catch (error) {
    tell({ type: 'bootFailed', message: error instanceof Error ? error.message : String(error) });
  }
}

function readExtension(distFolder: string, name: ExtensionName): ArrayBuffer {
  const bytes = readFileSync(path.join(distFolder, 'duckdb-extensions', `${name}.duckdb_extension.wasm`));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

interface ServerParts {
  readonly db: DuckDb;
  readonly paths: FilePaths;
  readonly files: FileReaders;
  readonly remote: RemoteAccess;
  readonly scripts: ScriptTable;
  readonly signals: Int32Array;
  readonly tell: (message: Tell) => void;
}

function createServer(parts: ServerParts): (ask: Ask) => Promise<void> {
  let session: WorkerSession | undefined;
  let settings: SettingValues | undefined;
  return async ({ id, request }) => {
    try {
      if (request.type === 'configure') {
        const begun = beginSession(parts, { request, settings });
        ({ session, settings } = begun);
        if (begun.error !== undefined) throw begun.error;
        parts.tell({ type: 'answer', id, result: undefined });
        return;
      }
      if (session === undefined) throw new Error('the session was not configured');
      if (request.type === 'setRemote') {
        parts.remote.set(request.gate, request.port as MessagePort | undefined);
        parts.tell({ type: 'answer', id, result: undefined });
        return;
      }
      const listener: Required<RunListener> = {
        onProgress: (percent, text) =>
          parts.tell({ type: 'progress', id, percent, ...(text !== undefined && { text }) }),
        onRows: (rows) => parts.tell({ type: 'rows', id, rows }),
        onInputs: (files) => parts.tell({ type: 'inputs', id, files }),
      };
      parts.tell({ type: 'answer', id, result: await answer(parts, { session, request, listener }) });
    } catch (error) {
      parts.tell({ type: 'failure', id, error: toRpcError(lostBy(error) ?? error) });
    }
  };
}

type ConfigureRequest = Extract<WorkerRequest, { readonly type: 'configure' }>;

interface BegunSession {
  readonly session: WorkerSession;
  /** The engine's settings at the beginning of each session. */
  readonly settings: SettingValues;
  /** Why the session has an empty database in place of the one that was asked for. */
  readonly error?: unknown;
}

/** @param options.settings absent in a worker that had no session yet */
function beginSession(
  parts: ServerParts,
  options: { readonly request: ConfigureRequest; readonly settings: SettingValues | undefined },
): BegunSession {
  const { db, paths, remote } = parts;
  const { request, settings } = options;
  remote.set({ allow: [], asks: [] }, undefined);
  paths.allow([request.folder, ...request.allow, request.resultsFolder]);
  paths.enter(request.folder);
  paths.setHome('');
  db.leaveOut(request.leaveOut);
  const initial = settings ?? initialSettings(db);
  if (settings === undefined && request.database === undefined) {
    return { session: createSession(parts, request), settings: initial };
  }
  try {
    const name = replaceDatabase(parts, { settings: initial, ...request });
    return { session: createSession(parts, { ...request, name }), settings: initial };
  } catch (error) {
    const session = createSession(parts, request);
    return { session, settings: initial, error: paths.takeRefused() ?? engineError(error, '') };
  }
}

function createSession(
  { db, paths, files, remote, scripts, signals }: ServerParts,
  request: ConfigureRequest & { readonly name?: string | undefined },
): WorkerSession {
  const { folder, resultsFolder, resultPrefix, name } = request;
  const connect = (): Connection => connectTo(db, name);
  const [runs, checks, conversions, definitions] = [connect(), connect(), connect(), connect()];
  files.convertWith(conversions);
  const functions = new FunctionTable({ db, definitions, checks, signals });
  functions.join(runs);
  const tables = new NamedTables();
  db.replacements.use((name) => tables.find(name));
  scripts.define(definitions);
  return new WorkerSession(
    {
      db,
      runs,
      checks,
      paths,
      remote,
      fileColumns: new FileColumns(),
      unknownPrepared: new Set(),
      macros: new TemporaryMacros(),
      tables,
      functions,
      scripts,
      databases: new StatementDatabases(db, paths, files.attachments),
      attachments: files.attachments,
      formats: files.formats,
      signals,
      folder,
      resultsFolder,
      resultPrefix,
    },
    connect,
  );
}

/** @param name of the database that it uses; absent: the engine's first */
function connectTo(db: DuckDb, name: string | undefined): Connection {
  const connection = db.connect();
  if (name !== undefined) db.bindings.runQuery(connection.id, `use ${quoteName(name)}`);
  return connection;
}

type SessionRequest = Exclude<WorkerRequest, { readonly type: 'configure' | 'setRemote' }>;

function answer(
  { remote }: ServerParts,
  options: {
    readonly session: WorkerSession;
    readonly request: SessionRequest;
    readonly listener: Required<RunListener>;
  },
): unknown {
  const { session, request, listener } = options;
  if (request.type === 'run') return session.run(request, listener);
  if (request.type === 'export') return session.export(request, listener);
  if (request.type === 'result') return session.result(request);
  // Also between the slices of a run: only that sends anything over a network.
  return remote.keptOnly(() => answerAtOnce(session, request));
}

function answerAtOnce(
  session: WorkerSession,
  request: Exclude<SessionRequest, { readonly type: 'run' | 'export' | 'result' }>,
): unknown {
  switch (request.type) {
    case 'setPlugins':
      return session.setPlugins(request);
    case 'checkpoint':
      return session.checkpoint();
    case 'setTables':
      return session.setTables(request);
    case 'check':
      return session.check(request);
    case 'describe':
      return session.describe(request);
    case 'summary':
      return session.summary(request);
    case 'catalog':
      return session.catalog(request);
  }
}
