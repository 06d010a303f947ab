import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** A file that a test's server has. */
export interface ServedFile {
  readonly bytes: Uint8Array;
  /** Absent: the digest of the bytes; null: the server tells no state. */
  readonly etag?: string | null;
  /** False: the server answers with the whole file whatever it is asked for. */
  readonly ranges?: boolean;
  /** Answers with parts do not tell how long the file is. */
  readonly hidesSize?: boolean;
  /** Sends it in this encoding, whatever the client takes. */
  readonly encoding?: 'gzip';
  /** Where to go instead. */
  readonly redirect?: string;
  /** Connections are cut behind so many bytes of a body, so often. */
  readonly cuts?: { readonly behind: number; times: number };
  /** A body is sent in so many parts, with `pauseMs` between them. */
  readonly pace?: { readonly parts: number; readonly pauseMs: number };
  /** Nothing is answered. */
  readonly hangs?: boolean;
  /** Answers that come first, by their status. */
  readonly failing?: number[];
  /** Judges a request; false is answered with 403. */
  readonly allows?: (request: http.IncomingMessage) => boolean;
}

/** What a server was asked for. */
export interface Served {
  readonly path: string;
  readonly range: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly status: number;
}

/** How a server lists its files. */
export interface BucketLists {
  /** Keys of one page. */
  readonly pageSize: number;
  /** Judges a request; false is answered with 403. */
  readonly allows: (request: http.IncomingMessage) => boolean;
}

/** A server on this machine whose files and faults a test decides. */
export class RemoteServer {
  readonly files = new Map<string, ServedFile>();
  readonly requests: Served[] = [];
  /** Lists the files below paths that end with a slash, as S3 does; absent: it has no lists. */
  lists: BucketLists | undefined;
  /** Called before a request is answered. */
  onRequest: (request: http.IncomingMessage) => void = () => {};
  /** Bytes of bodies that were sent. */
  sentBytes = 0;
  readonly #server: http.Server | https.Server;
  readonly #scheme: 'http' | 'https';
  #port = 0;

  /** @param tls a key and its certificate; absent: plain HTTP */
  constructor(tls?: { readonly key: string; readonly cert: string }) {
    const answer = (request: http.IncomingMessage, response: http.ServerResponse) =>
      this.#answer(request, response);
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server = tls === undefined ? http.createServer(answer) : https.createServer(tls, answer);
  }

  /** Such as `http://127.0.0.1:40123`. */
  get origin(): string {
    return `${this.#scheme}://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections; `start` listens at the same port again. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Forgets what was asked for. */
  reset(): void {
    this.requests.length = 0;
    this.sentBytes = 0;
    this.onRequest = () => {};
  }

  #answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.onRequest(request);
    const path = (request.url ?? '').replace(/\?.*$/s, '');
    if (this.lists !== undefined && path.endsWith('/')) {
      this.#list(request, response, this.lists);
      return;
    }
    const file = this.files.get(path);
    if (file?.hangs) {
      this.#note(request, 0);
      return;
    }
    const failing = file?.failing?.shift();
    const isAllowed = file?.allows?.(request) ?? true;
    if (file === undefined || failing !== undefined || !isAllowed) {
      this.#end(request, response, failing ?? (file === undefined ? 404 : 403));
      return;
    }
    if (file.redirect !== undefined) {
      response.setHeader('location', file.redirect);
      this.#end(request, response, 302);
      return;
    }
    this.#send(request, response, file);
  }

  #list(request: http.IncomingMessage, response: http.ServerResponse, lists: BucketLists): void {
    const { pathname, searchParams } = new URL(request.url ?? '', this.origin);
    if (!lists.allows(request) || searchParams.get('list-type') !== '2') {
      this.#end(request, response, 403);
      return;
    }
    const prefix = searchParams.get('prefix') ?? '';
    const isFlat = searchParams.get('delimiter') === '/';
    const keys = [...this.files.keys()]
      .filter((path) => path.startsWith(pathname))
      .map((path) => decodeURIComponent(path.slice(pathname.length)))
      .filter((key) => key.startsWith(prefix) && !(isFlat && key.slice(prefix.length).includes('/')))
      .sort();
    const from = Number((searchParams.get('continuation-token') ?? 'token+/=0').slice('token+/='.length));
    const to = from + lists.pageSize;
    const isMore = to < keys.length;
    const contents = keys.slice(from, to).map((key) => {
      const escaped = key.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      return `<Contents><Key>${escaped}</Key><Size>1</Size></Contents>`;
    });
    const next = isMore ? `<NextContinuationToken>token+/=${to}</NextContinuationToken>` : '';
    const body = `<?xml version="1.0" encoding="UTF-8"?>
      <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name>
      <IsTruncated>${isMore}</IsTruncated>${contents.join('')}${next}</ListBucketResult>`;
    this.#body(request, response, {
      file: { bytes: Buffer.from(body) },
      status: 200,
      body: Buffer.from(body),
    });
  }

  #send(request: http.IncomingMessage, response: http.ServerResponse, file: ServedFile): void {
    const etag = file.etag === null ? undefined : (file.etag ?? etagOf(file.bytes));
    if (etag !== undefined) response.setHeader('etag', etag);
    if (etag !== undefined && request.headers['if-none-match'] === etag) {
      this.#end(request, response, 304);
      return;
    }
    const bytes = file.encoding === 'gzip' ? gzipSync(file.bytes) : file.bytes;
    if (file.encoding !== undefined) response.setHeader('content-encoding', file.encoding);
    const ifRange = request.headers['if-range'];
    const isPart = file.ranges !== false && (ifRange === undefined || ifRange === etag);
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    if (!isPart || from === undefined) {
      this.#body(request, response, { file, status: 200, body: bytes });
      return;
    }
    const start = Number(from);
    const end = Math.min(to === '' ? bytes.length : Number(to) + 1, bytes.length);
    if (start >= bytes.length) {
      response.setHeader('content-range', `bytes */${bytes.length}`);
      this.#end(request, response, 416);
      return;
    }
    const size = file.hidesSize ? '*' : bytes.length;
    response.setHeader('content-range', `bytes ${start}-${end - 1}/${size}`);
    this.#body(request, response, { file, status: 206, body: bytes.subarray(start, end) });
  }

  #body(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    { file, status, body }: { readonly file: ServedFile; readonly status: number; readonly body: Uint8Array },
  ): void {
    this.#note(request, status);
    response.statusCode = status;
    response.setHeader('content-length', body.length);
    const { cuts } = file;
    if (cuts !== undefined && cuts.times > 0 && body.length > cuts.behind) {
      cuts.times--;
      this.sentBytes += cuts.behind;
      response.write(body.subarray(0, cuts.behind), () => response.destroy());
      return;
    }
    this.sentBytes += body.length;
    if (file.pace === undefined) response.end(body);
    else void sendSlowly(response, body, file.pace);
  }

  #end(request: http.IncomingMessage, response: http.ServerResponse, status: number): void {
    this.#note(request, status);
    response.statusCode = status;
    response.end();
  }

  #note({ url = '', headers }: http.IncomingMessage, status: number): void {
    this.requests.push({ path: url, range: headers.range, headers, status });
  }
}

async function sendSlowly(
  response: http.ServerResponse,
  body: Uint8Array,
  { parts, pauseMs }: NonNullable<ServedFile['pace']>,
): Promise<void> {
  const length = Math.ceil(body.length / parts);
  for (let at = 0; at < body.length && !response.destroyed; at += length) {
    if (at > 0) await sleep(pauseMs);
    response.write(body.subarray(at, at + length));
  }
  response.end();
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`;
}
