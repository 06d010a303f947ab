import http from 'node:http';
import https from 'node:https';

/** What a server answered; the body is still on its way, and has to be read or destroyed. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: http.IncomingMessage;
}

/** The network did not do what was asked: no connection, one that was cut, or silence. Asking again may help. */
export class NetworkFailure extends Error {
  /** Node's, such as `ECONNREFUSED`. */
  readonly code: string;

  constructor(error: unknown) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'FAILED';
    super(error instanceof Error && error.message !== '' ? error.message : code);
    this.code = code;
  }
}

/** Connections that are kept for the next request. */
export class HttpAgents {
  readonly #options = { keepAlive: true, maxSockets: 8, maxFreeSockets: 4, timeout: 30_000 };
  readonly http = new http.Agent(this.#options);
  readonly https = new https.Agent(this.#options);

  /** Closes them. */
  dispose(): void {
    this.http.destroy();
    this.https.destroy();
  }
}

/**
 * Sends one GET request. Redirects are answers; bodies come as they are sent, not decoded.
 *
 * @param options.timeoutMs how long the server may be silent, before its answer or inside of it
 * @throws NetworkFailure; the signal's reason when it aborts
 */
export function sendRequest(
  url: URL,
  options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly agents: HttpAgents;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<HttpAnswer> {
  const { headers, agents, timeoutMs, signal } = options;
  const isSecure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (isSecure ? https : http).request(url, {
      method: 'GET',
      headers,
      agent: isSecure ? agents.https : agents.http,
      timeout: timeoutMs,
      signal,
    });
    request.on('timeout', () => request.destroy(silence(timeoutMs)));
    request.on('error', (error) => reject(signal.aborted ? signal.reason : new NetworkFailure(error)));
    request.on('response', (body) => {
      // Whoever reads the body is told by it; this only says that somebody listens.
      body.on('error', () => {});
      resolve({ status: body.statusCode ?? 0, headers: body.headers, body });
    });
    request.end();
  });
}

/**
 * The pieces of a body.
 *
 * @throws NetworkFailure when it is cut; the signal's reason when it aborts
 */
export async function* bodyOf({ body }: HttpAnswer, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) yield chunk as Buffer;
  } catch (error) {
    throw signal.aborted ? signal.reason : new NetworkFailure(error);
  } finally {
    body.destroy();
  }
  if (!body.complete) throw new NetworkFailure(new Error('the connection was cut'));
}

function silence(timeoutMs: number): Error {
  return Object.assign(new Error(`nothing came for ${timeoutMs} ms`), { code: 'ETIMEDOUT' });
}
