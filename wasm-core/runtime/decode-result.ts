import { CoreError } from '../protocol/errors.ts';
import type { PluginFunction } from '../protocol/plugins.ts';
import type { TypedValue } from '../protocol/typed-values.ts';
import type { Guest } from './guest.ts';
import { decodeLeaf } from './values/decode-leaf.ts';
import { leafLayout, sqlTypeOf } from './values/sql-type-of.ts';

/**
 * The typed value of what a function returned in the row form; `TypedValue` says how each type is written.
 *
 * @param raw what the export gave
 * @throws CoreError RESULT_INVALID when it does not fit its type or is not UTF-8, MEMORY_BOUNDS, OUTPUT_LIMIT
 */
export function decodeResult(
  guest: Guest,
  fn: PluginFunction,
  options: { readonly raw: unknown; readonly maxOutputBytes: number },
): TypedValue {
  const { raw, maxOutputBytes } = options;
  const type = sqlTypeOf(fn.returns);
  const layout = leafLayout(type);
  if (layout === 'bytes') {
    const bytes = readBytesResult(guest, fn, { packed: asBigInt(raw), maxOutputBytes });
    return bytes === null ? null : decodeLeaf(bytes, type, fn.name);
  }
  if (layout === 16) return raw === 0 ? null : decodeLeaf(guest.read(Number(raw), 16), type, fn.name);
  if (typeof raw === 'number' || typeof raw === 'bigint') return decodeLeaf(raw, type, fn.name);
  throw new Error(`the export gave ${typeof raw} where its checked type says a number`);
}

/**
 * The bytes of a VARCHAR or BLOB result, not copied: valid until the guest runs again; null for NULL.
 *
 * @param options.packed `len << 32 | ptr`, length -1 for NULL
 * @throws CoreError MEMORY_BOUNDS, OUTPUT_LIMIT
 */
export function readBytesResult(
  guest: Guest,
  fn: PluginFunction,
  options: { readonly packed: bigint; readonly maxOutputBytes: number },
): Uint8Array | null {
  const { packed, maxOutputBytes } = options;
  const byteLength = Number(BigInt.asIntN(32, packed >> 32n));
  if (byteLength === -1) return null;
  const bytes = guest.read(Number(BigInt.asUintN(32, packed)), byteLength);
  if (bytes.byteLength <= maxOutputBytes) return bytes;
  const message = `${fn.name} returned ${bytes.byteLength} bytes, more than the ${maxOutputBytes} allowed. Raise limits.maxOutputBytes.`;
  throw new CoreError('OUTPUT_LIMIT', message, { function: fn.name, byteLength: bytes.byteLength });
}

function asBigInt(raw: unknown): bigint {
  if (typeof raw === 'bigint') return raw;
  throw new Error(`the export gave ${typeof raw} where its checked type says bigint`);
}
