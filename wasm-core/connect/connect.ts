import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CoreError } from '../protocol/errors.ts';
import { greetHost, type HostConnection } from './host-connection.ts';
import { checkSocket, type HostPaths, hostPaths, type PathOptions } from './paths.ts';
import { logTail, startHost } from './start-host.ts';

/** How a client finds its host. */
export interface ConnectOptions extends PathOptions {
  /** Absolute path of the bundle `host.js`. */
  readonly hostPath: string;
  /** Whether to start a host when none is there. */
  readonly start: boolean;
  /** Name and version of the client, such as `quern-cli/0.1.0`. */
  readonly client: string;
  /** How a host that is started compiles WebAssembly, a `WasmTier`; absent: as QUERN_WASM_TIER says. */
  readonly wasmTier?: string;
  /** How much a host that is started keeps of files on a network, MB; absent: as QUERN_REMOTE_CACHE_MB says. */
  readonly remoteCacheMb?: number;
  /** Told what happens, such as that a host is started. */
  readonly onLog?: (line: string) => void;
}

/** How long a host has to come up, milliseconds. */
const START_TIMEOUT_MS = 10_000;
const POLL_MS = 25;

/**
 * Connects to the host of this user, machine and build, and says hello. Clients that start one at once get the same.
 *
 * @throws CoreError HOST_UNAVAILABLE when none runs and none is to be started, or none came up within 10 seconds;
 *   SOCKET_PATH_INVALID, VERSION_MISMATCH, FILE_IO
 */
export async function connectToHost(options: ConnectOptions): Promise<HostConnection> {
  const paths = hostPaths(options);
  checkSocket(paths);
  const socket = await tryConnect(paths.socket);
  if (socket !== undefined) {
    try {
      return await greetHost(socket, options.client);
    } catch (error) {
      // A host that is just leaving accepts and closes: it is as good as gone.
      if (!(error instanceof CoreError && error.kind === 'HOST_LOST' && options.start)) throw error;
    }
  }
  if (!options.start) throw notRunning(paths);
  return startAndConnect(options, paths);
}

/**
 * Opens a socket.
 *
 * @returns undefined when nobody listens there
 * @throws CoreError HOST_UNAVAILABLE when the socket is there and must not be used
 */
export function tryConnect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (NOBODY.has(error.code ?? '')) resolve(undefined);
      else reject(new CoreError('HOST_UNAVAILABLE', `The socket ${path} cannot be used: ${error.message}.`));
    });
  });
}

/** ENOTSOCK: an ordinary file lies there; the host says so when it starts. EAGAIN: its queue is full for now. */
const NOBODY = new Set(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ENOTSOCK', 'EAGAIN', 'ECONNRESET', 'EPIPE']);

async function startAndConnect(options: ConnectOptions, paths: HostPaths): Promise<HostConnection> {
  options.onLog?.(`Starting a host at ${paths.socket}`);
  const deadline = performance.now() + START_TIMEOUT_MS;
  const { hostPath, wasmTier, remoteCacheMb } = options;
  let host = startHost({ hostPath, paths, wasmTier, remoteCacheMb });
  let restarted = false;
  while (performance.now() < deadline) {
    checkSocket(paths);
    const socket = await tryConnect(paths.socket);
    const connection = socket && (await greetHost(socket, options.client).catch(ignoreLost));
    if (connection) {
      options.onLog?.(`Connected to the host, process ${connection.pid}`);
      return connection;
    }
    const failure = host.failure();
    if (failure !== undefined) throw unavailable(paths, failure);
    // The host that ours stepped back for may itself have been leaving: then one more is started.
    if (!restarted && performance.now() > deadline - START_TIMEOUT_MS / 2) {
      restarted = true;
      host = startHost({ hostPath, paths, wasmTier, remoteCacheMb });
    }
    await sleep(POLL_MS);
  }
  throw unavailable(paths, `It did not listen within ${START_TIMEOUT_MS / 1000} seconds.`);
}

function ignoreLost(error: unknown): undefined {
  if (error instanceof CoreError && error.kind === 'HOST_LOST') return undefined;
  throw error;
}

function notRunning(paths: HostPaths): CoreError {
  const message = `No Quern host runs at ${paths.socket}. Start one with quern serve.`;
  return new CoreError('HOST_UNAVAILABLE', message, { socket: paths.socket });
}

function unavailable(paths: HostPaths, reason: string): CoreError {
  const tail = logTail(paths.log);
  const log = tail === '' ? '' : ` Its log (${paths.log}) ends:\n${tail}`;
  const message = `The Quern host could not be started. ${reason}${log}`;
  return new CoreError('HOST_UNAVAILABLE', message, { socket: paths.socket, log: paths.log });
}
