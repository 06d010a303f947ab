import { rmSync } from 'node:fs';

/** Deletes a file of ours; one that is gone is fine. */
export function deleteFile(file: string): void {
  rmSync(file, { force: true });
}
