import type { SourcePosition, SourceRange } from './compile-types.ts';

/** Line and character of offsets in one text. */
export class LineMap {
  private readonly starts: number[] = [0];

  /** @param text the text, whose lines end with LF, CR LF or CR */
  constructor(private readonly text: string) {
    for (const match of text.matchAll(/\r\n|\r|\n/g)) this.starts.push(match.index + match[0].length);
  }

  /** @param offset UTF-16 code units; what lies outside the text is moved to its nearest end */
  position(offset: number): SourcePosition {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: at - (this.starts[low] ?? 0) };
  }

  range(start: number, end: number): SourceRange {
    return { start: this.position(start), end: this.position(end) };
  }

  /** The offset at which a line starts; the text's end for lines beyond it. */
  lineStart(line: number): number {
    return this.starts[line] ?? this.text.length;
  }
}

/**
 * The UTF-16 offset of a position that a compiler counts in bytes of UTF-8.
 *
 * @param from UTF-16 offset where the count of bytes begins
 */
export function offsetOfBytes(text: string, byteCount: number, from = 0): number {
  let bytes = 0;
  let at = from;
  while (at < text.length && bytes < byteCount) {
    const point = text.codePointAt(at) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    at += point > 0xffff ? 2 : 1;
  }
  return at;
}
