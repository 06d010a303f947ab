import { durationMillis, serialMillis } from './number-formats.ts';
import type { CellContext } from './workbook.ts';

/** What stands in a cell. Moments are milliseconds since 1970, times and durations milliseconds. */
export type Cell =
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'flag'; readonly value: boolean }
  | { readonly kind: 'date' | 'timestamp'; readonly millis: number }
  | { readonly kind: 'time' | 'duration'; readonly millis: number }
  /** `#N/A`, `#DIV/0!` and the like. */
  | { readonly kind: 'error'; readonly text: string };

/** A cell as the file has it. */
export interface RawCell {
  /** `n`, `s`, `str`, `inlineStr`, `b`, `e` or `d`. */
  readonly type: string;
  readonly style: number;
  /** Undefined: it has none. */
  readonly value: string | undefined;
}

/** What a cell means; undefined when it is empty, a text of why when it cannot be. */
export function readCell({ type, style, value }: RawCell, context: CellContext): Cell | string | undefined {
  if (value === undefined) return undefined;
  switch (type) {
    case 's': {
      const text = context.texts[Number(value)];
      return text === undefined ? `refers to text ${value}, which is not there` : { kind: 'text', text };
    }
    case 'str':
    case 'inlineStr':
      return { kind: 'text', text: value };
    case 'b':
      return { kind: 'flag', value: value === '1' || value === 'true' };
    case 'e':
      return { kind: 'error', text: value };
    case 'd':
      return momentOf(value);
    default:
      return value === '' ? undefined : numberCell(value, style, context);
  }
}

function numberCell(text: string, style: number, { kinds, dateSystem }: CellContext): Cell | string {
  const value = Number(text);
  if (!Number.isFinite(value)) return `has '${text.slice(0, 40)}' where a number must be`;
  const number: Cell = { kind: 'number', value, text };
  const kind = kinds[style] ?? 'number';
  if (kind === 'number' || kind === 'text') return number;
  if (kind === 'duration') return { kind: 'duration', millis: durationMillis(value) };
  // A moment of which only the time is shown is still one.
  if (kind === 'time' && value >= 0 && value < 1) return { kind: 'time', millis: durationMillis(value) };
  const millis = serialMillis(value, dateSystem);
  if (millis === undefined) return number;
  const isDay = millis % DAY_MILLIS === 0;
  return { kind: kind === 'date' && isDay ? 'date' : 'timestamp', millis };
}

const DAY_MILLIS = 86_400_000;

/** ISO 8601, as some programs write dates. */
function momentOf(text: string): Cell | string {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)Z?)?$/.exec(text);
  const millis = parts === null ? Number.NaN : Date.parse(`${parts[1]}T${parts[2] ?? '00:00'}Z`);
  if (Number.isNaN(millis)) return `has '${text.slice(0, 40)}' where a date must be`;
  return { kind: parts?.[2] === undefined ? 'date' : 'timestamp', millis };
}
