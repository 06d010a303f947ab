import * as l10n from '@vscode/l10n';
import { counted } from '../../wasm-core/protocol/figures.ts';

/** A size for people: `812 bytes`, `1.5 KB`, `33 MB`. Thousands are of 1,000 bytes, as compilers tell them. */
export function bytesText(byteLength: number): string {
  if (byteLength < 1000) return counted(byteLength, l10n.t('{0} byte'), l10n.t('{0} bytes'));
  const [unit, size] = byteLength < 1e6 ? ['KB', byteLength / 1000] : ['MB', byteLength / 1e6];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

/** A part of a whole in percent: `<1 %`, `42 %`. */
export function shareText(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  return percent > 0 && percent < 1 ? '<1 %' : `${Math.round(percent)} %`;
}

/** A number with its thousands apart. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** How many functions there are. */
export function functionsText(count: number): string {
  return counted(count, l10n.t('{0} function'), l10n.t('{0} functions'));
}
