import { encodeUtf8 } from './utf8.ts';

/** LEB128 of an unsigned number below 2^32. */
export function u32Bytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** A name as WebAssembly writes it: byte length, then UTF-8. */
export function nameBytes(text: string): Uint8Array {
  const utf8 = encodeUtf8(text);
  return concat([Uint8Array.from(u32Bytes(utf8.byteLength)), utf8]);
}

/** A whole section: id, byte length, payload. */
export function sectionBytes(id: number, payload: Uint8Array): Uint8Array {
  return concat([Uint8Array.from([id, ...u32Bytes(payload.byteLength)]), payload]);
}

/** One array of several. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const byteLength = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const bytes = new Uint8Array(byteLength);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}
