import * as l10n from '@vscode/l10n';
import type { BenchMeasured } from '../../wasm-core/protocol/bench.ts';
import { counted, durationText } from '../../wasm-core/protocol/figures.ts';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import { rowsText } from '../counts.ts';

/** What a statement gave, for its lens: `1,204 rows, 38 ms`. */
export function runSummary({ columns, rowCount, truncated, cost, cached }: Outcome): string {
  const what = rowsOf({ columns, rowCount, truncated });
  if (cached === undefined) return `${what}, ${durationText(cost.micros)}`;
  return l10n.t('{0}, cached, {1} when run', what, durationText(cached.micros));
}

function rowsOf({
  columns,
  rowCount,
  truncated,
}: Pick<Outcome, 'columns' | 'rowCount' | 'truncated'>): string {
  if (columns.length > 0)
    return truncated
      ? counted(rowCount, l10n.t('first {0} row'), l10n.t('first {0} rows'))
      : rowsText(rowCount);
  if (rowCount === 0) return l10n.t('done');
  return counted(rowCount, l10n.t('{0} row changed'), l10n.t('{0} rows changed'));
}

type Outcome = Pick<StatementResult, 'columns' | 'rowCount' | 'truncated' | 'cost' | 'cached'>;

/** What a benchmark found, for a lens: `median 1.2 ms of 10 runs`. */
export function benchmarkSummary({ figures }: Pick<BenchMeasured, 'figures'>): string {
  const median = durationText(figures.median);
  return figures.count === 1
    ? l10n.t('median {0} of {1} run', median, figures.count)
    : l10n.t('median {0} of {1} runs', median, figures.count.toLocaleString('en-US'));
}
