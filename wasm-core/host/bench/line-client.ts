import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

/** A client that does as little as a client can: lines out, lines in, answers in the order of its requests. */
export class LineClient {
  readonly #socket: Socket;
  readonly #waiting: {
    readonly resolve: (value: unknown) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  #rest = '';
  #lastId = 0;

  /** Connects and says hello. @throws Error when the host is not there */
  static async open(path: string): Promise<LineClient> {
    const socket = connect(path);
    await once(socket, 'connect');
    const client = new LineClient(socket);
    await client.request('host/hello', { protocol: PROTOCOL_VERSION, client: 'quern-bench' });
    return client;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#received(text));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The host closed the connection.')));
  }

  /** @throws Error with the host's message */
  request(method: string, params: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: ++this.#lastId, method, params })}\n`);
    });
  }

  /** Sends equal requests, so many of them under way at a time. @throws Error for the first that failed */
  async pipelined(options: {
    readonly count: number;
    readonly depth: number;
    readonly method: string;
    readonly params: unknown;
  }): Promise<void> {
    const { count, depth, method, params } = options;
    let sent = 0;
    const next = async (): Promise<void> => {
      while (sent < count) {
        sent++;
        await this.request(method, params);
      }
    };
    await Promise.all(Array.from({ length: Math.min(depth, count) }, next));
  }

  /** Resolves when the connection has ended. */
  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.end();
    this.#socket.resume();
    await closed;
  }

  #received(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as {
        readonly id?: unknown;
        readonly result?: unknown;
        readonly error?: { readonly message: string };
      };
      // Notifications are nothing to us.
      if (message.id === undefined) continue;
      const waiting = this.#waiting.shift();
      if (message.error === undefined) waiting?.resolve(message.result);
      else waiting?.reject(new Error(message.error.message));
    }
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
