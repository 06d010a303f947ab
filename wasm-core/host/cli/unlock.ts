import { readFileSync } from 'node:fs';
import type { HostConnection } from '../../connect/host-connection.ts';

/**
 * Gives the host the key of `QUERN_KEY`, or of the file that `QUERN_KEY_FILE` names, where there is one. A key that is
 * wrong is no reason for a command to fail: it goes on without history and kept results.
 *
 * @param say takes a sentence about that
 */
export async function unlock(connection: HostConnection, say: (line: string) => void): Promise<void> {
  const { QUERN_KEY: given, QUERN_KEY_FILE: file } = process.env;
  if (!given && !file) return;
  try {
    await connection.request('host/unlock', { key: given || readFileSync(file ?? '', 'utf8').trim() });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`quern: The key of ${given ? 'QUERN_KEY' : file} was not taken: ${reason}`);
  }
}
