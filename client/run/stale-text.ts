import * as l10n from '@vscode/l10n';
import type { RunChange } from './run-states.ts';

/** Longest name that a lens shows of what has changed, characters. */
const MAX_NAME = 30;

/**
 * Why a run holds no longer, for the title of a lens: `data.csv changed`, `text and 2 others changed`.
 *
 * @param changes at least one
 */
export function staleText(changes: readonly RunChange[]): string {
  const [first = '', ...others] = changes.map(({ name }) => shortName(name));
  if (others.length === 0) return l10n.t('{0} changed', first);
  return others.length === 1
    ? l10n.t('{0} and {1} other changed', first, others.length)
    : l10n.t('{0} and {1} others changed', first, others.length);
}

/** A file goes without its folders. */
function shortName(name: string): string {
  const last = name.replace(/^.*[/\\]/, '');
  return last.length <= MAX_NAME ? last : `${last.slice(0, MAX_NAME - 1)}…`;
}
