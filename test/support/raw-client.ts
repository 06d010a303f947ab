import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** An answer or a notification as it came over the line. */
export interface RawMessage {
  readonly id?: number | string | null;
  readonly result?: unknown;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data: { readonly kind: string };
  };
  readonly method?: string;
  readonly params?: unknown;
}

/** A client that sends whatever bytes a test wants. */
export class RawClient {
  readonly socket: Socket;
  readonly messages: RawMessage[] = [];
  readonly #waiting: (() => void)[] = [];
  #nextId = 1000;

  static async open(path: string): Promise<RawClient> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('close', () => this.#wake());
    createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      this.messages.push(JSON.parse(line) as RawMessage);
      this.#wake();
    });
  }

  /** Writes bytes or text as they are. */
  send(data: string | Uint8Array): void {
    this.socket.write(data);
  }

  /** Writes a message as one line. */
  sendLine(message: unknown): void {
    this.send(`${JSON.stringify(message)}\n`);
  }

  /** Sends a request and waits for its answer. */
  async request(method: string, params?: unknown): Promise<RawMessage> {
    const id = this.#nextId++;
    this.sendLine({ jsonrpc: '2.0', id, method, params });
    return this.answer(id);
  }

  /** Waits for the next answer with an id, and takes it away. */
  answer(id: number | string | null): Promise<RawMessage> {
    return this.#take((m) => m.id === id && m.method === undefined);
  }

  /** Waits for the next message, whatever it is, and takes it away. */
  next(): Promise<RawMessage> {
    return this.#take(() => true);
  }

  async #take(fits: (message: RawMessage) => boolean): Promise<RawMessage> {
    for (;;) {
      const index = this.messages.findIndex(fits);
      const [found] = index < 0 ? [] : this.messages.splice(index, 1);
      if (found) return found;
      if (this.socket.destroyed) throw new Error('the host closed the connection');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Waits until the host has closed the connection. */
  async closed(): Promise<void> {
    if (!this.socket.destroyed) await once(this.socket, 'close');
  }

  dispose(): void {
    this.socket.destroy();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
