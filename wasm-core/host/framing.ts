import { isUtf8 } from 'node:buffer';
import { CoreError } from '../protocol/errors.ts';
import { MAX_JSON_DEPTH } from '../protocol/limits.ts';

/**
 * The JSON value of one line. Depth is counted before anything is parsed, so that no line can exhaust the stack.
 *
 * @param line a line's bytes without its LF
 * @throws CoreError JSON_INVALID, DEPTH_EXCEEDED
 */
export function decodeLine(line: Uint8Array): unknown {
  // Nothing shorter can nest too deep.
  if (line.length > MAX_JSON_DEPTH) checkDepth(line);
  if (!isUtf8(line)) throw new CoreError('JSON_INVALID', 'The line is not valid UTF-8.');
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : '';
    throw new CoreError('JSON_INVALID', `The line is not JSON: ${reason}`);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Checks how deep arrays and objects nest, in one pass and without memory.
 *
 * @throws CoreError DEPTH_EXCEEDED
 */
export function checkDepth(line: Uint8Array, maxDepth = MAX_JSON_DEPTH): void {
  let depth = 0;
  for (let i = 0; i < line.length; i++) {
    const byte = line[i];
    if (byte === QUOTE) i = stringEnd(line, i);
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      if (++depth > maxDepth) {
        const message = `The line nests more than ${maxDepth} arrays and objects.`;
        throw new CoreError('DEPTH_EXCEEDED', message, { maxDepth });
      }
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
  }
}

/** The position of the quote that ends a string, or the line's end. */
function stringEnd(line: Uint8Array, start: number): number {
  let end = line.indexOf(QUOTE, start + 1);
  while (end > 0 && isEscaped(line, end, start)) end = line.indexOf(QUOTE, end + 1);
  return end < 0 ? line.length : end;
}

/** Whether an odd number of backslashes stands before a position. */
function isEscaped(line: Uint8Array, at: number, start: number): boolean {
  let first = at;
  while (first - 1 > start && line[first - 1] === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}
