import { CoreError } from './errors.ts';

/*
 * Which addresses statements may read: entries of an allow-list, each an origin or an origin with the beginning of a
 * path. An entry is for the scheme that it names, so that one of `https:` opens nothing that is not encrypted.
 */

/** Schemes of addresses that can be read. */
export type RemoteScheme = 'https' | 'http' | 's3';

/** One entry, or the same parts of an address. */
export interface RemotePlace {
  readonly scheme: RemoteScheme;
  /** Lower-case; of `s3` the bucket. */
  readonly host: string;
  /** 0: the scheme's own. */
  readonly port: number;
  /** Begins with `/`. */
  readonly path: string;
}

const ENTRY =
  /^(https?|s3):\/\/((?:[a-z0-9_-]+\.)*[a-z0-9_-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?(\/[^\s?#]*)?$/i;
const OWN_PORTS: Readonly<Record<RemoteScheme, number>> = { https: 443, http: 80, s3: 0 };

/** What an entry looks like, for messages. */
export const REMOTE_ENTRY_ADVICE =
  'write an origin such as https://data.example.org, an origin with the beginning of a path, or s3://bucket';

/** Reads an entry of an allow-list; undefined for what is none, such as a host without a scheme or one with `*`. */
export function readRemoteEntry(text: string): RemotePlace | undefined {
  const [, scheme, host, port, path] = ENTRY.exec(text) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const known = scheme.toLowerCase() as RemoteScheme;
  const number = Number(port ?? 0);
  if (number > 65_535 || (known === 's3' && port !== undefined)) return undefined;
  // What a server makes of these is not what is written.
  if (path !== undefined && /(?:^|\/)\.{1,2}(?:\/|$)|%2e|%2f|%5c|\\/i.test(path)) return undefined;
  return {
    scheme: known,
    host: host.toLowerCase(),
    port: number === OWN_PORTS[known] ? 0 : number,
    path: path ?? '/',
  };
}

/**
 * The entries of a list.
 *
 * @param where names the list in messages, such as `--allow-url`
 * @throws CoreError PARAMS_INVALID for a text that is no entry
 */
export function readRemoteEntries(texts: readonly string[], where: string): RemotePlace[] {
  return texts.map((text) => {
    const entry = readRemoteEntry(text);
    if (entry !== undefined) return entry;
    throw new CoreError('PARAMS_INVALID', `${where} has ${JSON.stringify(text)}; ${REMOTE_ENTRY_ADVICE}.`);
  });
}

/** Whether one of the entries lets an address be read. */
export function isRemoteAllowed(place: RemotePlace, entries: readonly RemotePlace[]): boolean {
  return entries.some(
    (entry) =>
      entry.scheme === place.scheme &&
      entry.host === place.host &&
      entry.port === place.port &&
      isBelow(place.path, entry.path),
  );
}

/** The origin of an address as an entry has it. */
export function remoteOrigin({ scheme, host, port }: RemotePlace): string {
  return `${scheme}://${host}${port === 0 ? '' : `:${port}`}`;
}

/** A path begins with another when it does so by whole names: `/data` lets `/data/x` be read, and not `/database`. */
function isBelow(path: string, beginning: string): boolean {
  if (beginning === '/') return true;
  // A name that holds an escaped slash may lead a server out of the folder that it seems to be in.
  if (/%2f|%5c/i.test(path)) return false;
  return path === beginning || path.startsWith(beginning.endsWith('/') ? beginning : `${beginning}/`);
}
