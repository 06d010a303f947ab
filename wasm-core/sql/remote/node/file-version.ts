import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { CoreError } from '../../../protocol/errors.ts';
import type { RemoteAddress } from '../remote-address.ts';
import type { HttpAnswer } from './http-request.ts';

/** Which state of a file it is, as its server tells it. */
export interface FileVersion {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** The part of a file that an answer has. */
export interface ContentRange {
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
  /** Size of the file; undefined when the server does not say. */
  readonly size: number | undefined;
}

export function versionOf({ etag, 'last-modified': lastModified }: IncomingHttpHeaders): FileVersion {
  return { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
}

/** Whether a server tells states apart at all. */
export function isTold({ etag, lastModified }: FileVersion): boolean {
  return etag !== undefined || lastModified !== undefined;
}

/** Whether two answers are of one state of a file; false where the server does not tell. */
export function isSameVersion(a: FileVersion, b: FileVersion): boolean {
  if (a.etag !== undefined && b.etag !== undefined) return a.etag === b.etag;
  return a.lastModified !== undefined && a.lastModified === b.lastModified;
}

/** Asks for a file only when it is another than this one. */
export function unlessSame({ etag, lastModified }: FileVersion): Record<string, string> {
  if (etag !== undefined) return { 'if-none-match': etag };
  return lastModified === undefined ? {} : { 'if-modified-since': lastModified };
}

/** Asks for a part only while the file is this one; weak validators do not say that of bytes. */
export function onlyIfSame({ etag, lastModified }: FileVersion): Record<string, string> {
  if (etag !== undefined && !etag.startsWith('W/')) return { 'if-range': etag };
  return etag === undefined && lastModified !== undefined ? { 'if-range': lastModified } : {};
}

/** A name for files that have this state; a state that no server tells has one of its own each time. */
export function versionName({ etag, lastModified }: FileVersion, size: number): string {
  const told = etag === undefined && lastModified === undefined ? randomUUID() : '';
  return createHash('sha256')
    .update(JSON.stringify([etag ?? null, lastModified ?? null, size, told]))
    .digest('hex')
    .slice(0, 16);
}

/** Seconds since 1970; 0 when the server does not say. */
export function modifiedAt({ lastModified }: FileVersion): number {
  const time = Date.parse(lastModified ?? '');
  return Number.isNaN(time) ? 0 : time / 1000;
}

/**
 * The part that an answer with status 206 or 416 speaks of.
 *
 * @throws CoreError REMOTE_RESPONSE for a header that is missing or makes no sense
 */
export function contentRange(address: RemoteAddress, { headers, status }: HttpAnswer): ContentRange {
  const [, start, last, size] =
    /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i.exec(headers['content-range'] ?? '') ?? [];
  const range = {
    start: Number(start ?? 0),
    end: last === undefined ? 0 : Number(last) + 1,
    size: size === undefined || size === '*' ? undefined : Number(size),
  };
  const isWhole = status === 416 || (start !== undefined && range.end > range.start);
  const fits = range.size === undefined || (range.end <= range.size && Number.isSafeInteger(range.size));
  if (size !== undefined && isWhole && fits) return range;
  throw new CoreError(
    'REMOTE_RESPONSE',
    `'${address.shown}' was answered with a part that is none: Content-Range is ${JSON.stringify(headers['content-range'] ?? null)}.`,
    { origin: address.origin, written: address.written },
  );
}

/** REMOTE_CHANGED: bytes of two states are never mixed. */
export function changed({ shown, origin, written }: RemoteAddress): CoreError {
  const message = `'${shown}' changed on its server while it was read. Run the statement again.`;
  return new CoreError('REMOTE_CHANGED', message, { origin, written });
}
