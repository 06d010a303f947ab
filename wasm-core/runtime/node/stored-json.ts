import { createHash } from 'node:crypto';
import { CAPABILITIES } from '../../protocol/plugins.ts';
import type { StoredLabel, StoredModule } from '../store.ts';

/*
 * Small records in files: `{"format": 1, "checksum": "<sha-256 of body's JSON>", "body": {…}}`, so that a torn or
 * edited file is told from a whole one.
 */

const FORMAT = 1;

/** The file of a record. @param body JSON that reads back with its members in the same order */
export function formatStored(body: object): Uint8Array {
  const checksum = checksumOf(body);
  return Buffer.from(`${JSON.stringify({ format: FORMAT, checksum, body })}\n`, 'utf8');
}

/** The module record of a file's text; undefined when it is not whole. */
export function parseStoredModule(text: string): StoredModule | undefined {
  const body = parseStoredBody(text);
  if (body === undefined) return undefined;
  const { digest, byteLength, loadedAt, rewriter } = body;
  const label = labelOf(body.label);
  if (typeof digest !== 'string' || typeof byteLength !== 'number' || label === undefined) return undefined;
  if (typeof loadedAt !== 'string' || typeof rewriter !== 'number') return undefined;
  return { digest, byteLength, loadedAt, rewriter, label };
}

/** The label of a file's text; undefined when it is not whole. */
export function parseStoredLabel(text: string): StoredLabel | undefined {
  return labelOf(parseStoredBody(text));
}

/** The body of a file's text, whatever it is of; undefined when it is not whole. */
export function parseStoredBody(text: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value.format !== FORMAT || !isObject(value.body)) return undefined;
  return checksumOf(value.body) === value.checksum ? value.body : undefined;
}

function labelOf(value: unknown): StoredLabel | undefined {
  if (!isObject(value)) return undefined;
  const { namespace, name, digest, manifest, source, grants } = value;
  if (typeof namespace !== 'string' || typeof name !== 'string' || typeof digest !== 'string')
    return undefined;
  return {
    namespace,
    name,
    digest,
    ...(typeof manifest === 'string' && { manifest }),
    ...(typeof source === 'string' && { source }),
    // A capability of another version is none here.
    ...(Array.isArray(grants) && { grants: CAPABILITIES.filter((c) => grants.includes(c)) }),
  };
}

function checksumOf(body: object): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
