/*
 * Dates, times and intervals as DuckDB's cast to VARCHAR writes them.
 */

const INFINITE_DAYS = 2_147_483_647;
const INFINITE = 9_223_372_036_854_775_807n;

/** A DATE: days since 1970-01-01 in the proleptic Gregorian calendar. */
export function dateText(days: number): string {
  if (days === INFINITE_DAYS) return 'infinity';
  if (days === -INFINITE_DAYS) return '-infinity';
  const { year, month, day } = civilDate(days);
  const shown = year > 0 ? year : 1 - year;
  const text = `${pad(shown, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return year > 0 ? text : `${text} (BC)`;
}

/** A TIME in units of 1/`perSecond` seconds since midnight, up to 24:00:00; zeros at the fraction's end left out. */
export function timeText(units: bigint, perSecond: bigint): string {
  const seconds = Number(units / perSecond);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return clock.map((part) => pad(part, 2)).join(':') + fractionText(units % perSecond, perSecond);
}

/** A TIMESTAMP in units of 1/`perSecond` seconds since 1970. */
export function timestampText(units: bigint, perSecond: bigint): string {
  if (units === INFINITE) return 'infinity';
  if (units === -INFINITE) return '-infinity';
  const perDay = perSecond * 86_400n;
  const days = floorDivide(units, perDay);
  return `${dateText(Number(days))} ${timeText(units - days * perDay, perSecond)}`;
}

/** A TIMESTAMP WITH TIME ZONE in microseconds since 1970, on the clock of UTC, which is all that the engine sends. */
export function zonedText(micros: bigint): string {
  const isInfinite = micros === INFINITE || micros === -INFINITE;
  return timestampText(micros, 1_000_000n) + (isInfinite ? '' : '+00');
}

/** A TIME WITH TIME ZONE as DuckDB packs it: 40 bits of microseconds over 24 of `57599 - offset` seconds. */
export function zonedTimeText(bits: bigint): string {
  const offset = 57_599 - Number(bits & 0xffffffn);
  return timeText(bits >> 24n, 1_000_000n) + offsetText(offset);
}

/** An INTERVAL: `1 year 2 months -3 days 04:05:06.789`. */
export function intervalText(months: number, days: number, micros: bigint): string {
  const parts = [
    countText(Math.trunc(months / 12), 'year'),
    countText(months % 12, 'month'),
    countText(days, 'day'),
  ].filter((part) => part !== '');
  if (micros !== 0n || parts.length === 0) {
    const size = micros < 0n ? -micros : micros;
    parts.push(`${micros < 0n ? '-' : ''}${timeText(size, 1_000_000n)}`);
  }
  return parts.join(' ');
}

function offsetText(seconds: number): string {
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
  return (seconds < 0 ? '-' : '+') + parts.map((part) => pad(part, 2)).join(':');
}

function countText(count: number, unit: string): string {
  if (count === 0) return '';
  return `${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`;
}

function fractionText(units: bigint, perSecond: bigint): string {
  if (units === 0n) return '';
  const digits = perSecond.toString().length - 1;
  return `.${units.toString().padStart(digits, '0').replace(/0+$/, '')}`;
}

/** After Howard Hinnant's `civil_from_days`; year 0 is 1 BC. */
function civilDate(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
