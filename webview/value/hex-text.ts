/** Bytes of one line. */
export const LINE_BYTES = 16;

/** The bytes of a BLOB from its text, in which every byte but plain ASCII is written as `\xAB`. */
export function blobBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') {
      bytes[count++] = Number.parseInt(text.slice(at + 2, at + 4), 16);
      at += 3;
    } else bytes[count++] = text.charCodeAt(at);
  }
  return bytes.subarray(0, count);
}

/**
 * Bytes as lines of offset, hexadecimal and ASCII, as `xxd` writes them.
 *
 * @param start the first byte, a multiple of 16
 * @param end the one after the last
 */
export function hexText(bytes: Uint8Array, start: number, end: number): string {
  const lines: string[] = [];
  for (let at = start; at < Math.min(end, bytes.length); at += LINE_BYTES) {
    const line = [...bytes.subarray(at, Math.min(at + LINE_BYTES, end))];
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(LINE_BYTES * 3 - 1)}  ${ascii}`);
  }
  return lines.join('\n');
}
