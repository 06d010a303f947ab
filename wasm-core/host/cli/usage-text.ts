import type { Usage } from '../../protocol/methods.ts';

/** What a run used, in one line. */
export function usageText({ micros, pages, fuel }: Usage): string {
  const used = fuel === undefined ? '' : `, ${fuel.toLocaleString('en')} fuel`;
  return `${durationText(micros)}, ${pages} pages of memory${used}`;
}

/** A duration as people write it. */
export function durationText(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 1_000_000) return `${(micros / 1000).toFixed(micros < 10_000 ? 1 : 0)} ms`;
  return `${(micros / 1_000_000).toFixed(2)} s`;
}
