import { durationText } from '../../protocol/figures.ts';
import type { Usage } from '../../protocol/methods.ts';

/** What a run used, in one line. */
export function usageText({ micros, pages, fuel }: Usage): string {
  const used = fuel === undefined ? '' : `, ${fuel.toLocaleString('en')} fuel`;
  return `${durationText(micros)}, ${pages} pages of memory${used}`;
}
