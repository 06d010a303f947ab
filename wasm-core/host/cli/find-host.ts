import { quernVersion } from '../../connect/build-info.ts';
import { connectToHost } from '../../connect/connect.ts';
import type { HostConnection } from '../../connect/host-connection.ts';
import { CoreError } from '../../protocol/errors.ts';
import type { Cli } from './cli.ts';

/**
 * The host if one runs; none is started. The caller disposes the connection.
 *
 * @throws CoreError SOCKET_PATH_INVALID, VERSION_MISMATCH
 */
export async function findHost(cli: Cli): Promise<HostConnection | undefined> {
  try {
    return await connectToHost({
      hostPath: '',
      start: false,
      client: `quern-cli/${quernVersion()}`,
      ...(cli.socket !== undefined && { socket: cli.socket }),
    });
  } catch (error) {
    const gone =
      error instanceof CoreError && (error.kind === 'HOST_UNAVAILABLE' || error.kind === 'HOST_LOST');
    if (gone) return undefined;
    throw error;
  }
}
