import * as l10n from '@vscode/l10n';
import { counted, durationText } from '../wasm-core/protocol/figures.ts';
import type { ResultView } from '../wasm-core/protocol/webview.ts';

/** What a result has: its rows, or what its statement changed. */
export function rowsText({ columns, rowCount, truncated, plan, isGone }: ResultView): string {
  if (isGone) return l10n.t('The rows are kept no longer');
  if (plan?.isMeasured === false) return l10n.t('Not run');
  if (plan !== undefined) return counted(rowCount, l10n.t('{0} row'), l10n.t('{0} rows'));
  if (columns.length === 0)
    return rowCount > 0
      ? counted(rowCount, l10n.t('{0} row changed'), l10n.t('{0} rows changed'))
      : l10n.t('Done');
  return truncated
    ? counted(rowCount, l10n.t('First {0} row'), l10n.t('First {0} rows'))
    : counted(rowCount, l10n.t('{0} row'), l10n.t('{0} rows'));
}

/** Where rows are from that were not computed now; empty for those that were. */
export function cachedText({ cached }: ResultView): string {
  if (cached === undefined) return '';
  return l10n.t(
    'cached, {0} when run {1}',
    durationText(cached.micros),
    new Date(cached.time).toLocaleString(),
  );
}

/** Why there are no more rows. */
export function cutText(cut: NonNullable<ResultView['cut']>): string {
  return cut === 'cancelled'
    ? l10n.t('cut off: the run was cancelled')
    : l10n.t('cut off: the statement failed behind these rows');
}

/** How a statement's time is split between the engine, its plugin functions and what moves between; empty without any. */
export function functionsText({ cost }: ResultView): string {
  if (cost.functionRows === 0) return '';
  const engine = Math.max(0, cost.micros - cost.functionMicros);
  const functions = cost.functionMicros - cost.transferMicros;
  const parts = [
    l10n.t('engine {0}', durationText(engine)),
    l10n.t('functions {0}', durationText(functions)),
    ...(cost.transferMicros > 0 ? [l10n.t('transfer {0}', durationText(cost.transferMicros))] : []),
  ];
  return parts.join(', ');
}

/** A line for each plugin function that a statement called. */
export function functionLines({ cost }: ResultView): string {
  return (cost.functions ?? [])
    .map(({ name, rows, micros, transferMicros, fuel }) => {
      const fuelPerRow = Math.round(fuel / Math.max(1, rows)).toLocaleString('en-US');
      const transfer = transferMicros > 0 ? [l10n.t('{0} of it transfer', durationText(transferMicros))] : [];
      const forRows = counted(rows, l10n.t('for {0} row'), l10n.t('for {0} rows'));
      const time = [durationText(micros), ...transfer].join(', ');
      return `${name}: ${time} ${forRows}, ${l10n.t('{0} fuel a row', fuelPerRow)}`;
    })
    .join('\n');
}
