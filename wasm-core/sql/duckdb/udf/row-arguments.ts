import { parseSqlType } from '../../../protocol/sql-types.ts';
import type { Guest } from '../../../runtime/guest.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { decimalBytes } from './batch-layout.ts';
import type { ArgumentColumn } from './row-function.ts';

/** Bytes of the types that cross as a pointer. */
export const BLOCK_BYTES = 16;

/** A column of 128-bit values, each by a pointer to 16 bytes at a multiple of 8. */
export function blockArgument(
  native: Native,
  guest: Guest,
  column: { readonly type: string; readonly data: Pointer },
): ArgumentColumn {
  const isUuid = column.type === 'UUID';
  return {
    // Room to align.
    byteLength: () => BLOCK_BYTES + 7,
    fill: (row, values, buffer) => {
      const from = native.bytes();
      const to = guest.view();
      const start = column.data + BLOCK_BYTES * row;
      const target = (buffer + 7) & ~7;
      for (let b = 0; b < BLOCK_BYTES; b++) {
        to[target + b] = from[isUuid ? start + BLOCK_BYTES - 1 - b : start + b] ?? 0;
      }
      // The engine keeps UUIDs with their first bit flipped.
      if (isUuid) to[target] = (to[target] ?? 0) ^ 0x80;
      values.push(target);
      return target + BLOCK_BYTES;
    },
  };
}

/** A column of DECIMALs of at most 18 digits as i64, whatever the engine keeps them in. */
export function decimalArgument(
  native: Native,
  column: { readonly type: string; readonly data: Pointer },
): ArgumentColumn {
  const bytes = engineBytes(column.type);
  return {
    byteLength: () => 0,
    fill: (row, values, buffer) => {
      const view = new DataView(native.buffer);
      const at = column.data + bytes * row;
      if (bytes === 2) values.push(BigInt(view.getInt16(at, true)));
      else values.push(bytes === 4 ? BigInt(view.getInt32(at, true)) : view.getBigInt64(at, true));
      return buffer;
    },
  };
}

/** In how many bytes the engine keeps a DECIMAL of at most 18 digits. */
export function engineBytes(type: string): 2 | 4 | 8 {
  const parsed = parseSqlType(type);
  if (parsed?.kind !== 'decimal') throw new Error(`${type} has no row form`);
  const bytes = decimalBytes(parsed.width);
  return bytes === 16 ? 8 : bytes;
}
