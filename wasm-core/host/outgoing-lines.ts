import type { Socket } from 'node:net';

/** From here on the client is not read any more until it reads, bytes. */
const FULL_BYTES = 1024 * 1024;
/** A client that leaves so much unread is given up, bytes. */
const GIVE_UP_BYTES = 64 * 1024 * 1024;

/** Lines on their way to a client: those of one turn go out in one write. */
export class OutgoingLines {
  readonly #socket: Socket;
  #lines: string[] = [];
  #scheduled = false;

  /** @param onDrain called when `isFull` may have ended */
  constructor(socket: Socket, onDrain: () => void) {
    this.#socket = socket;
    socket.on('drain', onDrain);
  }

  /** Whether the client reads slower than it is written to. */
  get isFull(): boolean {
    return this.#socket.writableLength > FULL_BYTES;
  }

  /** @param line one line without its LF */
  push(line: string): void {
    this.#lines.push(line);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  /** Writes what waits. */
  flush(): void {
    this.#scheduled = false;
    if (this.#lines.length === 0) return;
    const text = `${this.#lines.join('\n')}\n`;
    this.#lines = [];
    if (!this.#socket.writable) return;
    this.#socket.write(text);
    if (this.#socket.writableLength > GIVE_UP_BYTES) this.#socket.destroy();
  }
}
