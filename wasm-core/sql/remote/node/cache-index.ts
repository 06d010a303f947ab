import { createHash } from 'node:crypto';
import type { CachedFileParts } from './cached-file.ts';

/** Another form of the file has another number; what has it is fetched anew. */
const FORM = 1;

/** The text of an index: the digest of its second line, and that line as JSON. */
export function formatIndex(parts: CachedFileParts, sums: Uint8Array): string {
  const { shown, size, version, fetchedAt } = parts;
  const text = JSON.stringify({
    form: FORM,
    shown,
    size,
    version,
    fetchedAt,
    sums: Buffer.from(sums).toString('base64'),
  });
  return `${digestOf(text)}\n${text}\n`;
}

/** @throws Error for a text that `formatIndex` did not write */
export function parseIndex(text: string): Omit<CachedFileParts, 'dataPath'> {
  const [digest = '', line = ''] = text.split('\n');
  if (digestOf(line) !== digest) throw new Error('its digest is another');
  const { form, sums, ...parts } = JSON.parse(line) as Omit<CachedFileParts, 'dataPath' | 'sums'> & {
    readonly form: number;
    readonly sums: string;
  };
  if (form !== FORM) throw new Error('it is of another version of Quern');
  return { ...parts, sums: Buffer.from(sums, 'base64') };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
