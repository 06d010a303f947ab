/** An instant as results write it, on the clock of UTC. */
const INSTANT = /(\d{4,6})-(\d\d)-(\d\d)( \(BC\))? (\d\d):(\d\d):(\d\d)(\.\d+)?\+00(?![\d:])/g;

/** Years beyond this are moved by a multiple of it, which is one of 400. */
const LAST_YEAR = 200_000;

/** Before any zone had a standard time. */
const FIRST_TIME = new Date('0001-01-01T00:00:00Z');

/** Whether values of a type hold instants. */
export function hasInstants(type: string): boolean {
  return type.includes('TIMESTAMP WITH TIME ZONE');
}

/**
 * A value as DuckDB's own runner writes it: instants on the clock of the session's time zone.
 *
 * @param text of a type that has instants
 * @param zone a name of the IANA database; with one that is not known the text stays as it is
 */
export function inZone(text: string, zone: string): string {
  const offsetAt = zoneOffsets(zone);
  if (offsetAt === undefined) return text;
  return text.replace(INSTANT, (whole, year, month, day, era, hour, minute, second, fraction = '') => {
    const signed = era === undefined ? Number(year) : 1 - Number(year);
    // DuckDB's years go further than those of JavaScript; the calendar is the same every 400 years.
    const shift = Math.trunc(signed / LAST_YEAR) * LAST_YEAR;
    const time = new Date(0);
    time.setUTCFullYear(signed - shift, Number(month) - 1, Number(day));
    time.setUTCHours(Number(hour), Number(minute), Number(second));
    if (Number.isNaN(time.getTime())) return whole;
    // Far from now a zone's clock is what it was first, or will be last.
    const offset = offsetAt(shift < 0 ? FIRST_TIME : time);
    return zonedText(new Date(time.getTime() + offset * 1000), { fraction, offset, shift });
  });
}

function zonedText(
  local: Date,
  { fraction, offset, shift }: { readonly fraction: string; readonly offset: number; readonly shift: number },
): string {
  const year = local.getUTCFullYear() + shift;
  const shown = [year > 0 ? year : 1 - year, local.getUTCMonth() + 1, local.getUTCDate()];
  const date = shown.map((part, index) => pad(part, index === 0 ? 4 : 2)).join('-');
  const clock = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()];
  const time = clock.map((part) => pad(part, 2)).join(':');
  return `${date}${year > 0 ? '' : ' (BC)'} ${time}${fraction}${offsetText(offset)}`;
}

/** DuckDB leaves out seconds, which only offsets of before standard time have. */
function offsetText(seconds: number): string {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const rest = minutes % 60 === 0 ? '' : `:${pad(minutes % 60, 2)}`;
  return `${seconds < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${rest}`;
}

/** Seconds that a zone's clock is ahead of UTC at a time. */
function zoneOffsets(zone: string): ((time: Date) => number) | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
  return (time) => {
    const name = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0', seconds = '0'] =
      /([+-])(\d+)(?::(\d+))?(?::(\d+))?/.exec(name) ?? [];
    const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return sign === '-' ? -size : size;
  };
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
