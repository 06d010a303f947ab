import * as l10n from '@vscode/l10n';
import { shortCountText } from '../../wasm-core/protocol/figures.ts';
import type { LineProfile } from '../../wasm-core/protocol/profile.ts';

/** How much of a line's code has run. */
export type Coverage = 'covered' | 'partial' | 'uncovered';

/** What is shown of a line: how often it ran, and what it used. */
export interface CoveredLine {
  /** From 1. */
  readonly line: number;
  readonly coverage: Coverage;
  /** Behind the line: `1,234× · 5.2 k fuel`. */
  readonly text: string;
  /** When one hovers over it. */
  readonly detail: string;
}

/**
 * What a profile says of a source's lines.
 *
 * @param lines of the source, each once
 * @param fuel of the whole profile
 */
export function coveredLines(lines: readonly LineProfile[], fuel: number): CoveredLine[] {
  return lines.map((profile) => {
    const coverage = coverageOf(profile);
    const times = `${profile.executions.toLocaleString('en-US')}×`;
    const used = profile.fuel === 0 ? '' : ` · ${l10n.t('{0} fuel', shortCountText(profile.fuel))}`;
    return {
      line: profile.line,
      coverage,
      text: coverage === 'uncovered' ? l10n.t('never ran') : times + used,
      detail: detailOf(profile, coverage, fuel),
    };
  });
}

/** The parts of a source that ran: `12 of 15 lines`. */
export function coverageSummary(lines: readonly LineProfile[]): string {
  const ran = lines.filter((line) => coverageOf(line) !== 'uncovered').length;
  return l10n.t('{0} of {1} lines ran', ran.toLocaleString('en-US'), lines.length.toLocaleString('en-US'));
}

function coverageOf({ executions, partial }: LineProfile): Coverage {
  if (executions === 0) return 'uncovered';
  return partial ? 'partial' : 'covered';
}

function detailOf({ executions, fuel: own }: LineProfile, coverage: Coverage, fuel: number): string {
  if (coverage === 'uncovered') return l10n.t('No instruction of this line ran in the last profile.');
  const [times, used] = [executions.toLocaleString('en-US'), own.toLocaleString('en-US')];
  const share = `${((own / Math.max(1, fuel)) * 100).toFixed(1)} %`;
  const ran =
    fuel === 0
      ? l10n.t('Ran {0} times and used {1} fuel.', times, used)
      : l10n.t('Ran {0} times and used {1} fuel, {2} of all.', times, used, share);
  return coverage === 'partial' ? `${ran} ${l10n.t('Some of its instructions never ran.')}` : ran;
}
