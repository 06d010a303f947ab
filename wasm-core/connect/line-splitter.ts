import { CoreError } from '../protocol/errors.ts';
import { MAX_LINE_BYTES } from '../protocol/limits.ts';

const LF = 10;

/**
 * Cuts a stream of bytes into lines, wherever the chunks end: inside a line, inside a character. What it holds back
 * never exceeds the longest line that is allowed.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #parts: Buffer[] = [];
  #byteLength = 0;

  /** @param maxLineBytes the longest line, its LF left out, in bytes */
  constructor(maxLineBytes = MAX_LINE_BYTES) {
    this.#maxLineBytes = maxLineBytes;
  }

  /**
   * Takes the next chunk.
   *
   * @param onLine gets each whole line without its LF; the bytes may be a view of the chunk
   * @throws CoreError LINE_TOO_LONG after the lines before it were given; nothing sensible can follow on this stream
   */
  push(chunk: Buffer, onLine: (line: Buffer) => void): void {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      const part = chunk.subarray(start, end);
      start = end + 1;
      // Nearly every line is whole in its chunk.
      if (this.#byteLength === 0 && part.length <= this.#maxLineBytes) onLine(part);
      else {
        this.#keep(part);
        onLine(this.#take());
      }
    }
    // A copy, so that a few bytes of a line do not keep a whole chunk alive.
    if (start < chunk.length) this.#keep(start === 0 ? chunk : Buffer.from(chunk.subarray(start)));
  }

  #keep(part: Buffer): void {
    this.#byteLength += part.length;
    if (this.#byteLength > this.#maxLineBytes) {
      this.#parts = [];
      const message = `A line is longer than ${this.#maxLineBytes} bytes. Send what is larger by path, as a file.`;
      throw new CoreError('LINE_TOO_LONG', message, { maxLineBytes: this.#maxLineBytes });
    }
    this.#parts.push(part);
  }

  #take(): Buffer {
    const parts = this.#parts;
    const line = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, this.#byteLength);
    this.#parts = [];
    this.#byteLength = 0;
    return line;
  }
}
