import { MAX_LOG_LINE_BYTES, MAX_LOG_LINES } from '../host-functions/log.ts';

/**
 * Makes lines of what a program writes piece by piece. Lines end at LF (a CR before it goes too), are cut at 8 KiB, and
 * only the first 1,000 are given on.
 */
export class LineLog {
  private readonly onLine: (line: string) => void;
  private line = NOTHING;
  private byteLength = 0;
  private isCut = false;
  private lineCount = 0;

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  /** Takes a piece, which is not kept. */
  write(bytes: Uint8Array): void {
    let start = 0;
    while (start < bytes.byteLength && this.lineCount < MAX_LOG_LINES) {
      const found = bytes.indexOf(LF, start);
      const end = found === -1 ? bytes.byteLength : found;
      this.append(bytes.subarray(start, end));
      if (found !== -1) this.end();
      start = end + 1;
    }
  }

  /** Ends a line that has begun. */
  flush(): void {
    if (this.byteLength > 0 || this.isCut) this.end();
  }

  private append(part: Uint8Array): void {
    const room = MAX_LOG_LINE_BYTES - this.byteLength;
    if (part.byteLength > room) this.isCut = true;
    const fitting = part.subarray(0, room);
    // Most instances log nothing, and should not cost a buffer each.
    if (this.line === NOTHING) this.line = new Uint8Array(MAX_LOG_LINE_BYTES);
    this.line.set(fitting, this.byteLength);
    this.byteLength += fitting.byteLength;
  }

  private end(): void {
    const hasCr = !this.isCut && this.byteLength > 0 && this.line[this.byteLength - 1] === CR;
    const bytes = this.line.subarray(0, hasCr ? this.byteLength - 1 : this.byteLength);
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const line = this.isCut ? `${text}…` : text;
    this.byteLength = 0;
    this.isCut = false;
    if (this.lineCount === MAX_LOG_LINES) return;
    this.lineCount++;
    this.onLine(line);
    if (this.lineCount === MAX_LOG_LINES) this.onLine(`(only the first ${MAX_LOG_LINES} lines are kept)`);
  }
}

const NOTHING = new Uint8Array(0);
const LF = 10;
const CR = 13;
