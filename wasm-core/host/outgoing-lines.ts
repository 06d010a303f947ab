import type { Socket } from 'node:net';

/** From here on the client is not read any more until it reads, bytes. */
const FULL_BYTES = 1024 * 1024;
/** A client that leaves so much unread is given up, bytes. */
const GIVE_UP_BYTES = 64 * 1024 * 1024;
/** So is one that reads nothing for so long while it is full, milliseconds. */
const DEAF_MS = 60_000;
/** Size of the blocks that lines are put together in, bytes. */
const BLOCK_BYTES = 64 * 1024;

const LF = 0x0a;

/** Lines on their way to a client: those of one read, or else of one turn, go out in one write. */
export class OutgoingLines {
  readonly #socket: Socket;
  /** Bytes from `#start` to `#end` wait. What was written is never touched again: the socket may hold it still. */
  #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #start = 0;
  #end = 0;
  #held = false;
  #scheduled = false;
  #deaf: NodeJS.Timeout | undefined;

  /** @param onDrain called when `isFull` may have ended */
  constructor(socket: Socket, onDrain: () => void) {
    this.#socket = socket;
    socket.on('drain', () => {
      clearTimeout(this.#deaf);
      this.#deaf = undefined;
      onDrain();
    });
    socket.once('close', () => clearTimeout(this.#deaf));
  }

  /** Whether the client reads slower than it is written to. */
  get isFull(): boolean {
    return this.#socket.writableLength > FULL_BYTES;
  }

  /** Holds lines back until `flush`. */
  hold(): void {
    this.#held = true;
  }

  /** @param line one line without its LF */
  push(line: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    const most = line.length * 3 + 1;
    if (most > BLOCK_BYTES) {
      this.#write();
      this.#send(Buffer.from(`${line}\n`, 'utf8'));
      return;
    }
    const block = this.room(most);
    let end = this.#end;
    end += block.write(line, end, 'utf8');
    block[end++] = LF;
    this.advance(end);
  }

  /**
   * A block to write a line into, from `position` on.
   *
   * @param byteLength the most that will be written, LF included, at most 64 KiB
   */
  room(byteLength: number): Buffer {
    if (this.#end + byteLength > BLOCK_BYTES) {
      this.#write();
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.#start = 0;
      this.#end = 0;
    }
    return this.#block;
  }

  /** Where in the block of `room` the next line begins. */
  get position(): number {
    return this.#end;
  }

  /** Takes over a line that was written into the block, up to `end`, its LF included. */
  advance(end: number): void {
    this.#end = end;
    if (this.#held || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  /** Writes what waits. */
  flush(): void {
    this.#held = false;
    this.#scheduled = false;
    this.#write();
  }

  #write(): void {
    if (this.#end === this.#start) return;
    const bytes = this.#block.subarray(this.#start, this.#end);
    this.#start = this.#end;
    this.#send(bytes);
  }

  #send(bytes: Buffer): void {
    const socket = this.#socket;
    if (!socket.writable) return;
    socket.write(bytes);
    if (socket.writableLength <= FULL_BYTES) return;
    if (socket.writableLength > GIVE_UP_BYTES) socket.destroy();
    else this.#deaf ??= setTimeout(() => socket.destroy(), DEAF_MS).unref();
  }
}
