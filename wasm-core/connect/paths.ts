import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { CoreError } from '../protocol/errors.ts';
import { quernBuild, quernVersion } from './build-info.ts';

/** Where a host keeps its things. All paths are absolute. */
export interface HostPaths {
  /** Registry, results and caches. */
  readonly home: string;
  /** The folder of the default socket and its lock, mode 0700. */
  readonly run: string;
  /** A Unix domain socket; on Windows the name of a pipe. */
  readonly socket: string;
  /** Says which process owns the socket. */
  readonly lock: string;
  readonly log: string;
  /** Results files, a folder for each session. */
  readonly results: string;
}

/** What decides the paths. */
export interface PathOptions {
  /** Instead of QUERN_HOME or `~/.quern`. */
  readonly home?: string;
  /** Instead of `<home>/run/host-<version>-<build>.sock`. */
  readonly socket?: string;
}

/** `sun_path` holds 108 bytes on Linux with its final zero, 104 on the BSDs and macOS. */
const MAX_SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

/**
 * The paths of the host that this build talks to.
 *
 * @param env read for QUERN_HOME
 * @throws CoreError SOCKET_PATH_INVALID when the socket's path is longer than the system takes
 */
export function hostPaths(options: PathOptions = {}, env: NodeJS.ProcessEnv = process.env): HostPaths {
  const home = path.resolve(options.home || env.QUERN_HOME || path.join(homedir(), '.quern'));
  const run = path.join(home, 'run');
  const name = `host-${quernVersion()}-${quernBuild()}`;
  const socket = socketPath(options.socket, path.join(run, `${name}.sock`));
  const lock = isPipe(socket) ? path.join(run, `${hashOf(socket)}.lock`) : `${socket}.lock`;
  return {
    home,
    run,
    socket,
    lock,
    log: path.join(home, 'log', 'host.log'),
    results: path.join(home, 'results'),
  };
}

/**
 * Makes the folders of a host that are not there, and checks that nobody else can reach the socket.
 *
 * @throws CoreError SOCKET_PATH_INVALID when the folder of the default socket is a link, another user's, or open to
 *   others; when the folder of a given one is not there; those of `checkSocket`. FILE_IO when a folder cannot be made
 */
export function prepareFolders(paths: HostPaths): void {
  for (const folder of [paths.home, paths.run, path.dirname(paths.log), paths.results]) makeFolder(folder);
  if (isPipe(paths.socket)) return;
  const folder = path.dirname(paths.socket);
  const stats = entryAt(folder);
  if (folder === paths.run) checkOwnFolder(folder, stats);
  else if (stats === undefined) {
    throw invalid(
      `The folder of the socket, ${folder}, is not there; make it or choose another path.`,
      folder,
    );
  }
  checkSocket(paths);
}

/**
 * Checks that nobody else's program can be behind a socket: what lies there is a socket of this user's, or nothing,
 * and the folder of the default one is this user's alone.
 *
 * @param user the user's number; undefined where the system has none
 * @throws CoreError SOCKET_PATH_INVALID for a link, a file or folder, and another user's socket or folder
 */
export function checkSocket(paths: Pick<HostPaths, 'socket' | 'run'>, user = process.getuid?.()): void {
  const { socket, run } = paths;
  if (isPipe(socket)) return;
  const stats = entryAt(socket);
  if (stats === undefined) return;
  if (!stats.isSocket()) {
    const message = `${socket} is there and is not a socket (a link does not count); choose another path, or delete it.`;
    throw invalid(message, socket);
  }
  if (user !== undefined && stats.uid !== user) {
    throw invalid(`The socket ${socket} belongs to another user; choose another path.`, socket);
  }
  if (path.dirname(socket) === run) checkOwnFolder(run, entryAt(run), user);
}

/** Whether a socket is a Windows named pipe rather than a file. */
export function isPipe(socket: string): boolean {
  return socket.startsWith('\\\\.\\pipe\\');
}

function socketPath(given: string | undefined, byDefault: string): string {
  if (process.platform === 'win32') {
    if (given !== undefined && isPipe(given)) return given;
    return `\\\\.\\pipe\\quern-${hashOf(path.resolve(given ?? byDefault))}`;
  }
  const socket = path.resolve(given ?? byDefault);
  const byteLength = Buffer.byteLength(socket);
  if (byteLength <= MAX_SOCKET_PATH_BYTES) return socket;
  const advice = 'Set QUERN_HOME to a shorter folder, or give a shorter --socket.';
  const message = `The socket's path has ${byteLength} bytes, and the system takes at most ${MAX_SOCKET_PATH_BYTES}: ${socket}. ${advice}`;
  throw new CoreError('SOCKET_PATH_INVALID', message, { path: socket, byteLength });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The folder ${folder} cannot be made (${reason}). Set QUERN_HOME to a folder of your own.`;
    throw new CoreError('FILE_IO', message, { path: folder });
  }
}

/** What lies at a path, links not followed; undefined when nothing does, or when it cannot be seen. */
function entryAt(file: string): Stats | undefined {
  try {
    return lstatSync(file);
  } catch {
    // Whoever goes on to open it learns why.
    return undefined;
  }
}

function checkOwnFolder(folder: string, stats: Stats | undefined, user = process.getuid?.()): void {
  const advice = 'Set QUERN_HOME to a folder of your own.';
  if (!stats?.isDirectory())
    throw invalid(`${folder} is not a folder (a link does not count). ${advice}`, folder);
  if (user !== undefined && stats.uid !== user) {
    throw invalid(`${folder} belongs to another user. ${advice}`, folder);
  }
  if ((Number(stats.mode) & 0o077) !== 0) {
    throw invalid(`${folder} is open to other users; chmod 700 it. ${advice}`, folder);
  }
}

function invalid(message: string, folder: string): CoreError {
  return new CoreError('SOCKET_PATH_INVALID', message, { path: folder });
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
