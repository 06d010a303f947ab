import { CoreError } from '../../../protocol/errors.ts';
import {
  isRemoteAllowed,
  type RemotePlace,
  readRemoteEntry,
  remoteOrigin,
} from '../../../protocol/remote-allow.ts';
import { placeOfUrl, type RemoteAddress } from '../remote-address.ts';
import type { RemoteRights } from '../remote-messages.ts';
import { authorization, listUrl, requestUrl } from './authorization.ts';
import { type HttpAgents, type HttpAnswer, sendRequest } from './http-request.ts';
import { RetryLater } from './retry.ts';

/** So many redirects are followed, as many as browsers follow and more than servers need. */
const MAX_REDIRECTS = 10;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Statuses behind which the same request may succeed a moment later. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Statuses of servers that do not know how to list, or not that bucket. */
const HAVE_NO_LIST = new Set([400, 404, 405, 501]);

/** Requests for one address: allowed, authorised, redirects followed. */
export class RemoteRequests {
  readonly address: RemoteAddress;
  readonly #agents: HttpAgents;
  readonly #rights: () => RemoteRights;

  constructor(
    address: RemoteAddress,
    options: { readonly agents: HttpAgents; readonly rights: () => RemoteRights },
  ) {
    this.address = address;
    this.#agents = options.agents;
    this.#rights = options.rights;
  }

  /** What tells the file from others in the cache: an object of one endpoint is not that of another. */
  get key(): string {
    return requestUrl(this.address, this.#rights().credentials).href;
  }

  /** The host that answers, for people. */
  get host(): string {
    return requestUrl(this.address, this.#rights().credentials).host;
  }

  /**
   * Asks for the file, or a part of it.
   *
   * @param headers beside those that every request has
   * @returns an answer with status 200, 206, 304 or 416
   * @throws CoreError REMOTE_DENIED, REMOTE_STATUS, REMOTE_RESPONSE; NetworkFailure; RetryLater
   */
  async get(headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    this.#assertAllowed(this.address.place);
    return this.#checked(
      await this.#send(requestUrl(this.address, this.#rights().credentials), { headers, signal }),
    );
  }

  /**
   * Asks the bucket of a pattern for a page of the list of its objects.
   *
   * @param query parameters of ListObjectsV2
   * @throws CoreError REMOTE_DENIED also where it is allowed to read objects of the pattern, but not all of the folder
   *   in which they are looked for; else as `get`
   */
  async list(query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    const { place } = this.address;
    const folder = place.path.slice(0, place.path.indexOf('*')).replace(/[^/]*$/, '');
    this.#assertAllowed({ ...place, path: folder });
    const url = listUrl(this.address, query, this.#rights().credentials);
    const answer = await this.#send(url, { headers: {}, signal });
    if (!HAVE_NO_LIST.has(answer.status)) return this.#checked(answer);
    return answer;
  }

  /** Sends a request, and follows redirects to what is allowed. */
  async #send(
    first: URL,
    { headers, signal }: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  ): Promise<HttpAnswer> {
    const { address } = this;
    const { credentials, timeoutMs } = this.#rights();
    let url = first;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      // Encoded bodies have other positions than the file.
      const sent = { 'accept-encoding': 'identity', 'user-agent': 'quern', accept: '*/*', ...headers };
      const proof = await authorization(address, {
        url,
        isFirst: url === first,
        headers: sent,
        credentials,
      });
      const answer = await sendRequest(url, {
        headers: { ...sent, ...proof },
        agents: this.#agents,
        timeoutMs,
        signal,
      });
      const { location } = answer.headers;
      if (!REDIRECTS.has(answer.status) || location === undefined) return answer;
      answer.body.destroy();
      url = this.#followed(url, location);
    }
    throw this.#error(
      'REMOTE_RESPONSE',
      `'${address.shown}' is redirected more than ${MAX_REDIRECTS} times.`,
    );
  }

  /** An error about the file. */
  #error(
    kind: 'REMOTE_DENIED' | 'REMOTE_STATUS' | 'REMOTE_RESPONSE',
    message: string,
    details: Readonly<Record<string, unknown>> = {},
  ): CoreError {
    const { origin, written } = this.address;
    return new CoreError(kind, message, { origin, written, ...details });
  }

  #assertAllowed(place: RemotePlace): void {
    const { origin, shown } = this.address;
    if (isRemoteAllowed(place, entriesOf(this.#rights()))) return;
    throw this.#error('REMOTE_DENIED', `'${shown}' may not be read: ${origin} is not allowed.`);
  }

  #followed(from: URL, location: string): URL {
    if (!URL.canParse(location, from.href)) {
      throw this.#error('REMOTE_RESPONSE', `'${this.address.shown}' is redirected to what is no address.`);
    }
    const url = new URL(location, from);
    const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
    const place = isHttp ? placeOfUrl(url) : undefined;
    if (place !== undefined && isRemoteAllowed(place, entriesOf(this.#rights()))) return url;
    const to = place === undefined ? url.protocol : remoteOrigin(place);
    throw this.#error(
      'REMOTE_DENIED',
      `'${this.address.shown}' is redirected from ${from.origin} to ${to}, which is not allowed. If you trust it, ` +
        `allow it too: --allow-url ${to} on the command line, the setting quern.allowUrls in the editor.`,
      { redirect: to },
    );
  }

  #checked(answer: HttpAnswer): HttpAnswer {
    const { status, headers, body } = answer;
    if (status === 200 || status === 206 || status === 304 || status === 416) return answer;
    body.destroy();
    const error = this.#error('REMOTE_STATUS', statusText(this.address, answer), { status });
    if (PASSING.has(status)) throw new RetryLater(error, retryAfterMs(headers['retry-after']));
    throw error;
  }
}

function entriesOf({ allow }: RemoteRights) {
  return allow.flatMap((text) => readRemoteEntry(text) ?? []);
}

function statusText({ shown, origin }: RemoteAddress, { status, headers }: HttpAnswer): string {
  const region = headers['x-amz-bucket-region'];
  if (region !== undefined && (status === 301 || status === 400 || status === 403)) {
    return `'${shown}' was refused with status ${status}: the bucket is in the region ${String(region)}; set that with its credentials.`;
  }
  switch (status) {
    case 401:
    case 403:
      return `'${shown}' was refused with status ${status}. Set credentials for ${origin}: "Quern: Set Remote Credentials…" in the editor, QUERN_TOKEN_… or AWS_ACCESS_KEY_ID on the command line.`;
    case 404:
    case 410:
      return `There is no file '${shown}': the server answered with status ${status}.`;
    default:
      return `'${shown}' could not be read: the server answered with status ${status}.`;
  }
}

/** Milliseconds that a server asks to wait; undefined when it does not say so in seconds. */
function retryAfterMs(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) * 1000 : undefined;
}
