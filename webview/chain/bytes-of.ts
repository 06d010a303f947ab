import type { TracedBytes } from '../../wasm-core/protocol/chains.ts';

/** Bytes that are shown in hexadecimal. */
const HEX_BYTES = 4096;
const LINE_BYTES = 16;

/** Whether the head of some bytes has all of them. */
export function isWhole({ byteLength, head }: TracedBytes): boolean {
  return headBytes(head).byteLength === byteLength;
}

/** The bytes in lines of sixteen, each with where it begins, and what is a letter of it. */
export function hexText({ head }: TracedBytes): string {
  const bytes = headBytes(head).subarray(0, HEX_BYTES);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE_BYTES) {
    const line = [...bytes.subarray(at, at + LINE_BYTES)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = line
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
      .join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(LINE_BYTES * 3 - 1)}  ${letters}`);
  }
  return lines.join('\n');
}

function headBytes(head: TracedBytes['head']): Uint8Array {
  if ('utf8' in head) return new TextEncoder().encode(head.utf8);
  try {
    return Uint8Array.from(atob(head.base64), (letter) => letter.charCodeAt(0));
  } catch {
    // What is no base64 has no bytes.
    return new Uint8Array();
  }
}
