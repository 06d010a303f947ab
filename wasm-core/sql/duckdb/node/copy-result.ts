import { copyFileSync, rmSync } from 'node:fs';
import { CoreError } from '../../../protocol/errors.ts';

/**
 * Moves a finished file to the place that the user named on the command line, which SQL itself may not reach.
 *
 * @throws CoreError FILE_IO
 */
export function copyResult(from: string, to: string): void {
  try {
    copyFileSync(from, to);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CoreError('FILE_IO', `Could not write '${to}': ${reason}`, { path: to });
  } finally {
    rmSync(from, { force: true });
  }
}
