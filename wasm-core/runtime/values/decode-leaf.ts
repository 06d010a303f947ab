import { decodeUtf8 } from '../../binary/utf8.ts';
import { CoreError } from '../../protocol/errors.ts';
import { type SqlType, sqlTypeText } from '../../protocol/sql-types.ts';
import type { TypedValue } from '../../protocol/typed-values.ts';
import { uuidText } from '../../results/binary-text.ts';
import { decimalText, littleEndian } from '../../results/number-text.ts';
import { dateText, timestampText, timeText, zonedText } from '../../results/time-text.ts';
import { encodeBase64 } from '../base64.ts';
import { INTEGER_RANGES } from '../integer-ranges.ts';
import type { Leaf } from './encode-leaf.ts';

/**
 * The typed value of what crossed, checked against its type.
 *
 * @param leaf a number, a bigint for 64-bit types, bytes for VARCHAR, BLOB and blocks, which are not kept
 * @param functionName for messages
 * @throws CoreError RESULT_INVALID when it does not fit the type
 */
export function decodeLeaf(leaf: Leaf, type: SqlType, functionName: string): TypedValue {
  if (type.kind === 'decimal') return decimalOf(leaf, type, functionName);
  if (type.kind !== 'simple') throw new Error(`${type.kind} has children`);
  const { name } = type;
  switch (name) {
    case 'BOOLEAN':
      return numberOf(leaf) !== 0;
    case 'TINYINT':
    case 'SMALLINT':
    case 'UTINYINT':
    case 'USMALLINT':
      return narrow(numberOf(leaf), name, functionName);
    case 'INTEGER':
      return numberOf(leaf);
    case 'UINTEGER':
      return numberOf(leaf) >>> 0;
    case 'BIGINT':
      return String(bigintOf(leaf));
    case 'UBIGINT':
      return String(BigInt.asUintN(64, bigintOf(leaf)));
    case 'HUGEINT':
      return String(littleEndian(bytesOf(leaf), { signed: true }));
    case 'UHUGEINT':
      return String(littleEndian(bytesOf(leaf), { signed: false }));
    case 'FLOAT':
      return jsonNumber(shortestFloat(numberOf(leaf)));
    case 'DOUBLE':
      return jsonNumber(numberOf(leaf));
    case 'VARCHAR':
      return textOf(bytesOf(leaf), functionName);
    case 'BLOB':
      return { base64: encodeBase64(bytesOf(leaf)) };
    case 'UUID':
      return uuidText(bytesOf(leaf));
    case 'INTERVAL':
      return intervalOf(bytesOf(leaf));
    case 'DATE':
      return dateText(numberOf(leaf));
    case 'TIME':
      return timeOf(bigintOf(leaf), functionName);
    case 'TIMESTAMP WITH TIME ZONE':
      return zonedText(bigintOf(leaf));
    default:
      return timestampText(bigintOf(leaf), PER_SECOND[name]);
  }
}

const PER_SECOND = {
  TIMESTAMP: 1_000_000n,
  TIMESTAMP_S: 1n,
  TIMESTAMP_MS: 1000n,
  TIMESTAMP_NS: 1_000_000_000n,
} as const;

const DAY_MICROS = 86_400_000_000n;

function decimalOf(leaf: Leaf, type: Extract<SqlType, { kind: 'decimal' }>, functionName: string): string {
  const unscaled = leaf instanceof Uint8Array ? littleEndian(leaf, { signed: true }) : bigintOf(leaf);
  const text = decimalText(unscaled, type);
  const size = unscaled < 0n ? -unscaled : unscaled;
  if (size < 10n ** BigInt(type.width)) return text;
  throw misfit(functionName, { shown: text, type: sqlTypeText(type), range: `at most ${type.width} digits` });
}

/** A result narrower than its i32 must fit its SQL type. */
function narrow(
  value: number,
  type: 'TINYINT' | 'SMALLINT' | 'UTINYINT' | 'USMALLINT',
  functionName: string,
): number {
  const [low, high] = INTEGER_RANGES[type];
  if (value >= low && value <= high) return value;
  throw misfit(functionName, { shown: String(value), type, range: `${low} to ${high}` });
}

function timeOf(micros: bigint, functionName: string): string {
  if (micros >= 0n && micros <= DAY_MICROS) return timeText(micros, 1_000_000n);
  throw misfit(functionName, { shown: `${micros}`, type: 'TIME', range: `0 to ${DAY_MICROS} microseconds` });
}

function misfit(
  functionName: string,
  { shown, type, range }: { readonly shown: string; readonly type: string; readonly range: string },
): CoreError {
  const message = `${functionName} returned ${shown}, which does not fit ${type} (${range}). Declare a wider type or check the plugin.`;
  return new CoreError('RESULT_INVALID', message, { function: functionName, type, value: shown });
}

function textOf(bytes: Uint8Array, functionName: string): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  const message = `${functionName} returned ${bytes.byteLength} bytes that are not valid UTF-8. Declare it as returning BLOB, or check the plugin.`;
  throw new CoreError('RESULT_INVALID', message, { function: functionName, type: 'VARCHAR' });
}

/** Microseconds as a number while JSON holds them exactly. */
function intervalOf(bytes: Uint8Array): TypedValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const micros = view.getBigInt64(8, true);
  const isSafe = Number.isSafeInteger(Number(micros));
  return {
    months: view.getInt32(0, true),
    days: view.getInt32(4, true),
    micros: isSafe ? Number(micros) : String(micros),
  };
}

function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** The shortest decimal that reads back as the same 32-bit float: 0.1 rather than 0.10000000149011612. */
function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Object.is(Math.fround(short), value)) return short;
  }
  return value;
}

function numberOf(leaf: Leaf): number {
  if (typeof leaf === 'number') return leaf;
  throw new Error(`the export gave ${typeof leaf} where its checked type says number`);
}

function bigintOf(leaf: Leaf): bigint {
  if (typeof leaf === 'bigint') return leaf;
  throw new Error(`the export gave ${typeof leaf} where its checked type says bigint`);
}

function bytesOf(leaf: Leaf): Uint8Array {
  if (leaf instanceof Uint8Array) return leaf;
  throw new Error(`the export gave ${typeof leaf} where its checked type says bytes`);
}
