import type { ResultView } from '../wasm-core/protocol/webview.ts';

/** A count with its unit: `1 row`, `12,345 rows`. */
export function countText(count: number, unit: string): string {
  return `${count.toLocaleString('en-US')} ${unit}${count === 1 ? '' : 's'}`;
}

/** A time as people read it: `850 µs`, `12.3 ms`, `4.56 s`, `2 min 5 s`. */
export function durationText(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 10_000) return `${(micros / 1000).toFixed(1)} ms`;
  if (micros < 1_000_000) return `${Math.round(micros / 1000)} ms`;
  const seconds = micros / 1_000_000;
  if (seconds < 60) return `${seconds.toFixed(2)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** What a result has: its rows, or what its statement changed. */
export function rowsText({ columns, rowCount, truncated }: ResultView): string {
  if (columns.length === 0) return rowCount > 0 ? `${countText(rowCount, 'row')} changed` : 'Done';
  return truncated ? `First ${countText(rowCount, 'row')}` : countText(rowCount, 'row');
}

/** Time of plugin functions and its share of the statement's; empty when none was called. */
export function functionsText({ cost }: ResultView): string {
  if (cost.functionRows === 0) return '';
  const share = Math.min(100, Math.round((cost.functionMicros / Math.max(1, cost.micros)) * 100));
  return `functions ${durationText(cost.functionMicros)} (${share} %)`;
}
