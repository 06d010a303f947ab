import { closeSync, openSync, readSync } from 'node:fs';
import { isComponent } from '../../binary/components/read-component.ts';

/** Whether a file is a component, by its first bytes; a file that cannot be read is none. */
export function isComponentFile(file: string): boolean {
  const start = new Uint8Array(8);
  try {
    const descriptor = openSync(file, 'r');
    try {
      return readSync(descriptor, start) === start.byteLength && isComponent(start);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Whoever reads it for good says why not.
    return false;
  }
}
