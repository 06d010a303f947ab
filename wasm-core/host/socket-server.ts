import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tryConnect } from '../connect/connect.ts';
import { isPipe } from '../connect/paths.ts';
import { CoreError } from '../protocol/errors.ts';

/**
 * Listens on a Unix domain socket that only this user can open, or on a named pipe. A socket that a killed host left is
 * probed first and replaced when nobody answers. The caller holds the lock.
 *
 * @throws CoreError SOCKET_PATH_INVALID when something else lies there; HOST_UNAVAILABLE when somebody answers, or when
 *   the system refuses
 */
export async function listen(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  await removeStaleSocket(path);
  const server = createServer(onConnection);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const message = `The socket ${path} cannot be opened: ${error.message}.`;
      reject(new CoreError('HOST_UNAVAILABLE', message, { socket: path }));
    });
    // Between `listen` and a `chmod` behind it others could connect.
    const before = process.umask(0o177);
    server.listen({ path, backlog: 511 }, resolve);
    process.umask(before);
  });
  if (!isPipe(path)) chmodSync(path, 0o600);
  return server;
}

async function removeStaleSocket(path: string): Promise<void> {
  if (isPipe(path)) return;
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isSocket()) {
    const message = `${path} is there and is not a socket; choose another path, or delete it.`;
    throw new CoreError('SOCKET_PATH_INVALID', message, { path });
  }
  const answering = await tryConnect(path);
  if (answering !== undefined) {
    answering.destroy();
    const message = `Another program listens on ${path}; choose another path.`;
    throw new CoreError('HOST_UNAVAILABLE', message, { socket: path });
  }
  rmSync(path, { force: true });
}
