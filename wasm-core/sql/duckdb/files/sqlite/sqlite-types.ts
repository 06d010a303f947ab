import type { CellValue } from '../vector-writer.ts';
import type { SqliteValue } from './sqlite-database.ts';

/*
 * SQLite's values have types, its columns hardly: what a column is declared as says what is expected, by the rules that
 * DuckDB's own scanner of SQLite has, and each value is looked at.
 */

/** Types that columns of SQLite may have. */
export type SqliteType = 'BIGINT' | 'DOUBLE' | 'VARCHAR' | 'BLOB' | 'BOOLEAN' | 'DATE' | 'TIMESTAMP';

/** The type of a declaration; undefined where nothing is declared, as in most views. */
export function declaredType(declared: string): SqliteType | undefined {
  const text = declared.toUpperCase();
  if (text === '') return undefined;
  if (text.includes('INT')) return 'BIGINT';
  if (/CHAR|CLOB|TEXT|JSON|UUID/.test(text)) return 'VARCHAR';
  if (text.includes('BLOB')) return 'BLOB';
  if (text.includes('BOOL')) return 'BOOLEAN';
  if (/DATETIME|TIMESTAMP/.test(text)) return 'TIMESTAMP';
  if (text.includes('DATE')) return 'DATE';
  if (/REAL|FLOA|DOUB|DEC|NUM/.test(text)) return 'DOUBLE';
  return undefined;
}

/** The type of a column in which values of some storage classes were seen, as `typeof` names them. */
export function seenType(classes: readonly string[]): SqliteType {
  const seen = new Set(classes.filter((name) => name !== 'null'));
  const isOnly = (...names: string[]) => seen.size > 0 && [...seen].every((name) => names.includes(name));
  if (isOnly('integer')) return 'BIGINT';
  if (isOnly('integer', 'real')) return 'DOUBLE';
  return isOnly('blob') ? 'BLOB' : 'VARCHAR';
}

/** A value as one of a type; undefined when it is none. */
export function convertValue(value: SqliteValue, type: SqliteType): CellValue | undefined {
  if (value === null) return null;
  switch (type) {
    case 'BIGINT':
      return typeof value === 'bigint' ? value : undefined;
    case 'DOUBLE':
      return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
    case 'VARCHAR':
      return value instanceof Uint8Array ? undefined : String(value);
    case 'BLOB':
      if (value instanceof Uint8Array) return value;
      return typeof value === 'string' ? new TextEncoder().encode(value) : undefined;
    case 'BOOLEAN':
      return booleanOf(value);
    case 'DATE': {
      const micros = typeof value === 'string' ? microsOf(value) : undefined;
      const days = micros === undefined || micros % DAY_MICROS !== 0n ? undefined : micros / DAY_MICROS;
      return days === undefined ? undefined : Number(days);
    }
    case 'TIMESTAMP':
      if (typeof value === 'string') return microsOf(value);
      // As SQLite's own functions take numbers: seconds since 1970.
      return typeof value === 'bigint' && value > -MAX_SECONDS && value < MAX_SECONDS
        ? value * 1_000_000n
        : undefined;
  }
}

const DAY_MICROS = 86_400_000_000n;
const MAX_SECONDS = 10n ** 12n;

function booleanOf(value: SqliteValue): boolean | undefined {
  if (value === 0n || value === 1n) return value === 1n;
  if (typeof value !== 'string' || !/^(true|false|t|f)$/i.test(value)) return undefined;
  return /^t/i.test(value);
}

/** Microseconds since 1970 of a date with or without a time, in UTC unless it says another offset. */
function microsOf(text: string): bigint | undefined {
  const parts =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?\s*(Z|[+-]\d\d:\d\d)?)?$/i.exec(
      text.trim(),
    );
  if (parts === null) return undefined;
  const [, date = '', time = '00:00', fraction = '', zone = 'Z'] = parts;
  const millis = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  // JavaScript takes the 30th of February for one of March.
  const day = Date.parse(`${date}T00:00Z`);
  if (Number.isNaN(millis) || Number.isNaN(day) || !new Date(day).toISOString().startsWith(date))
    return undefined;
  return BigInt(millis) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}
