/*
 * Figures as people read them, the same in the editor, on the results page and on the command line.
 */

/** A count with its unit: `1 row`, `12,345 rows`. */
export function countText(count: number, unit: string): string {
  return `${count.toLocaleString('en-US')} ${unit}${count === 1 ? '' : 's'}`;
}

/**
 * A count as the text that a language has for it.
 *
 * @param one the text for 1, with `{0}` where the number goes
 * @param many the text for all others
 */
export function counted(count: number, one: string, many: string): string {
  return (count === 1 ? one : many).replace('{0}', () => count.toLocaleString('en-US'));
}

/** A time as people read it: `850 µs`, `2.3 ms`, `123 ms`, `4.56 s`, `2 min 5 s`. */
export function durationText(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 10_000) return `${(micros / 1000).toFixed(1)} ms`;
  if (micros < 1_000_000) return `${Math.round(micros / 1000)} ms`;
  const seconds = micros / 1_000_000;
  if (seconds < 60) return `${seconds.toFixed(2)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** A time that may be very short: `412 ns`, `3.18 µs`, else as `durationText`. */
export function shortDurationText(micros: number): string {
  if (micros < 1) return `${Math.round(micros * 1000)} ns`;
  return micros < 99.95 ? `${micros.toPrecision(3)} µs` : durationText(micros);
}

/** A size: `812 B`, `1.2 KB`, `34 KB`, `5.0 MB`, in thousands. */
export function byteSizeText(byteLength: number): string {
  if (byteLength < 1000) return `${byteLength} B`;
  const [value, unit] = byteLength < 999_500 ? [byteLength / 1000, 'KB'] : [byteLength / 1_000_000, 'MB'];
  return `${value.toFixed(value < 9.95 ? 1 : 0)} ${unit}`;
}

/** How a size changed: `+120 B`, `-1.2 KB`, and `unchanged`. @param before undefined when there was none: empty text */
export function sizeChangeText(byteLength: number, before: number | undefined): string {
  if (before === undefined) return '';
  const change = byteLength - before;
  return change === 0 ? 'unchanged' : `${change < 0 ? '-' : '+'}${byteSizeText(Math.abs(change))}`;
}

/** A part of a whole: `81 %`, `< 1 %`, and `0 %` for nothing. */
export function percentText(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %';
  const percent = Math.round((part / whole) * 100);
  return percent === 0 ? '< 1 %' : `${percent} %`;
}

/** A count in few characters: `999`, `5.2 k`, `12 k`, `3.4 M`, `1.2 G`. */
export function shortCountText(count: number): string {
  let value = count;
  for (const unit of ['', ' k', ' M', ' G', ' T']) {
    if (value < 999.5 || unit === ' T') {
      const digits = unit !== '' && value < 9.95 ? 1 : 0;
      return `${value.toFixed(digits)}${unit}`;
    }
    value /= 1000;
  }
  return String(count);
}
