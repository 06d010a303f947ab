/*
 * Dates and times of DuckDB's text as the numbers that cross into plugins. `results/time-text.ts` is the way back.
 */

const INFINITE_DAYS = 2_147_483_647;
const INFINITE = 9_223_372_036_854_775_807n;
const PER_DAY_SECONDS = 86_400n;

/** Days since 1970-01-01 of `2024-02-29`, `0044-03-15 (BC)` or `infinity`; undefined for any other text. */
export function parseDate(text: string): number | undefined {
  if (text === 'infinity') return INFINITE_DAYS;
  if (text === '-infinity') return -INFINITE_DAYS;
  const [, years = '', months = '', days = '', bc] = DATE.exec(text) ?? [];
  const shown = Number(years);
  if (years === '' || shown === 0) return undefined;
  const year = bc === undefined ? shown : 1 - shown;
  const month = Number(months);
  const day = Number(days);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const count = daysFromCivil(year, month, day);
  return Math.abs(count) < INFINITE_DAYS ? count : undefined;
}

/** Microseconds since midnight of `12:34:56.789`, up to `24:00:00`; undefined for any other text. */
export function parseTime(text: string): bigint | undefined {
  return parseClock(text, 1_000_000n);
}

/**
 * Units of 1/`perSecond` seconds since 1970 of `2024-02-29 12:34:56`, a `T` between them allowed, or `infinity`;
 * undefined for any other text, for a fraction that is finer than the unit, and for what 64 bits do not hold.
 */
export function parseTimestamp(text: string, perSecond: bigint): bigint | undefined {
  if (text === 'infinity') return INFINITE;
  if (text === '-infinity') return -INFINITE;
  const [, date = '', clock = '00:00:00', bc = ''] = TIMESTAMP.exec(text) ?? [];
  const days = date === '' ? undefined : parseDate(date + bc);
  const units = parseClock(clock, perSecond);
  if (days === undefined || units === undefined) return undefined;
  const count = BigInt(days) * PER_DAY_SECONDS * perSecond + units;
  return count < INFINITE && count > -INFINITE ? count : undefined;
}

/** Microseconds since 1970 in UTC of a timestamp with its offset: `+00`, `+05:30`, `Z`. */
export function parseZoned(text: string): bigint | undefined {
  if (text === 'infinity' || text === '-infinity') return parseTimestamp(text, 1_000_000n);
  const [, local, sign, hours = '0', minutes = '0'] = ZONED.exec(text) ?? [];
  const micros = local === undefined ? undefined : parseTimestamp(local, 1_000_000n);
  if (micros === undefined || Number(hours) > 15 || Number(minutes) > 59) return undefined;
  const offset = (BigInt(hours) * 60n + BigInt(minutes)) * 60_000_000n;
  return sign === '-' ? micros + offset : micros - offset;
}

const DATE = /^(\d{4,7})-(\d{1,2})-(\d{1,2})( \(BC\))?$/;
const TIMESTAMP = /^(\d{4,7}-\d{1,2}-\d{1,2})(?:[ T](\d[\d:.]*))?( \(BC\))?$/;
const ZONED = /^(\d{4,7}-.*?\d)(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$/;
const CLOCK = /^(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?$/;

function parseClock(text: string, perSecond: bigint): bigint | undefined {
  const [, hours, minutes = '', seconds = '', fraction = ''] = CLOCK.exec(text) ?? [];
  if (hours === undefined || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const digits = perSecond.toString().length - 1;
  if (/[1-9]/.test(fraction.slice(digits))) return undefined;
  const part = digits === 0 ? 0n : BigInt(fraction.slice(0, digits).padEnd(digits, '0'));
  const units = whole * perSecond + part;
  return units <= PER_DAY_SECONDS * perSecond ? units : undefined;
}

function daysInMonth(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** After Howard Hinnant's `days_from_civil`; year 0 is 1 BC. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
