import { CoreError } from '../../protocol/errors.ts';
import { type RemotePlace, readRemoteEntry, remoteOrigin } from '../../protocol/remote-allow.ts';

/** An address as a statement wrote it, taken apart. */
export interface RemoteAddress {
  readonly written: string;
  readonly place: RemotePlace;
  readonly origin: string;
  /** For people and files: without the values of a query, which may be secrets. */
  readonly shown: string;
  /** Of `http:` and `https:`. */
  readonly url?: URL;
  /** Of `s3:`, not escaped. */
  readonly object?: { readonly bucket: string; readonly key: string };
}

/** Whether a path is an address that `readRemoteAddress` takes. */
export function isRemoteAddress(written: string): boolean {
  return /^(?:https?|s3):\/\//i.test(written);
}

/** Whether an address stands for several files: it has a `*`, in front of its query where it has one. */
export function isRemotePattern(written: string): boolean {
  return /^(?:s3:.*|[^?]*)\*/is.test(written);
}

/** @throws CoreError REMOTE_DENIED for an address that cannot be one of a file */
export function readRemoteAddress(written: string): RemoteAddress {
  return /^s3:/i.test(written) ? readObject(written) : readUrl(written);
}

/** The parts of a URL that an allow-list looks at. @throws CoreError REMOTE_DENIED */
export function placeOfUrl(url: URL): RemotePlace {
  const origin = readRemoteEntry(`${url.protocol}//${url.host}`);
  if (origin === undefined) throw refused(url.href, 'is no address of a file that can be read');
  return { ...origin, path: url.pathname };
}

/** A URL without the values of its query. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`;
}

function readUrl(written: string): RemoteAddress {
  if (!URL.canParse(written)) throw refused(written, 'is no address');
  const url = new URL(written);
  if (url.username !== '' || url.password !== '') {
    const message = `An address must not hold a password. Set it with "Quern: Set Remote Credentials…" in the editor, or QUERN_BASIC_… on the command line.`;
    throw new CoreError('REMOTE_DENIED', message, { origin: url.origin, written });
  }
  url.hash = '';
  const place = placeOfUrl(url);
  return { written, place, origin: remoteOrigin(place), shown: shownUrl(url), url };
}

function readObject(written: string): RemoteAddress {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/(.+)$/is.exec(written) ?? [];
  const entry = readRemoteEntry(`s3://${bucket}`);
  if (entry === undefined || key === '') throw refused(written, 'is no object; write s3://bucket/key');
  if (key.split('/').some((name) => name === '.' || name === '..')) {
    throw refused(written, 'has a key that servers take for another one');
  }
  const place = { ...entry, path: `/${key}` };
  return {
    written,
    place,
    origin: remoteOrigin(place),
    shown: `s3://${bucket}/${key}`,
    object: { bucket, key },
  };
}

function refused(written: string, why: string): CoreError {
  const shown = written.replace(/\?.*$/s, '?…').slice(0, 200);
  return new CoreError('REMOTE_DENIED', `'${shown}' ${why}.`, { written });
}
