import type { BufferSource } from './buffers.ts';

/*
 * Values behind views of 16 bytes: a length, then the value itself when it has at most 12 bytes, else its first four
 * bytes, the number of a buffer, and a position in that.
 */

/** Values that fit into their views. */
const INLINE_BYTES = 12;
/** As many bytes as a chunk's values may have together. */
const MAX_BYTES = 2 ** 30;

/**
 * Copies the values of some views into one buffer.
 *
 * @param isGood looks at each value
 * @returns undefined when a value is not good, or lies outside of its buffer
 */
export function copyViews(
  from: {
    readonly views: Uint8Array;
    readonly buffers: readonly BufferSource[];
    readonly isValid: (row: number) => boolean;
  },
  isGood: (bytes: Uint8Array) => boolean,
): { readonly views: Uint8Array; readonly data: Uint8Array } | undefined {
  const views = from.views.slice();
  const view = new DataView(views.buffer);
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let at = 0; at < views.length; at += 16) {
    if (!from.isValid(at >>> 4)) {
      views.fill(0, at, at + 16);
      continue;
    }
    const length = view.getInt32(at, true);
    if (length < 0) return undefined;
    if (length <= INLINE_BYTES) {
      if (!isGood(views.subarray(at + 4, at + 4 + length))) return undefined;
      continue;
    }
    const source = from.buffers[view.getInt32(at + 8, true)];
    const position = view.getInt32(at + 12, true);
    if (source === undefined || position < 0 || position + length > source.byteLength) return undefined;
    if (total + length > MAX_BYTES) return undefined;
    const value = source.bytes(position, length).slice();
    if (!isGood(value)) return undefined;
    parts.push(value);
    view.setInt32(at + 8, 0, true);
    view.setInt32(at + 12, total, true);
    total += length;
  }
  return { views, data: joined(parts, total) };
}

function joined(parts: readonly Uint8Array[], byteLength: number): Uint8Array {
  const all = new Uint8Array(byteLength);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
