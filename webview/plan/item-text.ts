import * as l10n from '@vscode/l10n';
import { counted, durationText, percentText } from '../../wasm-core/protocol/figures.ts';
import type { PlanItem } from '../../wasm-core/protocol/plan-model.ts';
import { estimateError, FAR_OFF, planHint } from '../../wasm-core/protocol/plan-text.ts';

/** What a line of the tree says, column by column; empty where there is nothing to say. */
export interface ItemText {
  readonly name: string;
  /** What the operator is about, in one line. */
  readonly hint: string;
  readonly time: string;
  readonly share: string;
  readonly rows: string;
  readonly estimate: string;
  /** Set where the estimate was far off. */
  readonly warning: string;
}

const NOTHING = { hint: '', time: '', share: '', rows: '', estimate: '', warning: '' } as const;

/** @param micros of all operators together; 0 for a plan of estimates */
export function itemText(item: PlanItem, micros: number): ItemText {
  if (item.type === 'detail') return { ...NOTHING, name: item.name, hint: item.value };
  if (item.type === 'function') {
    const { name, calls, rows, fuel, transferMicros } = item.cost;
    const transfer = transferMicros > 0 ? [l10n.t('{0} of it transfer', durationText(transferMicros))] : [];
    const fuelPerRow = Math.round(fuel / Math.max(1, rows)).toLocaleString('en-US');
    return {
      name,
      hint: [
        counted(calls, l10n.t('{0} call'), l10n.t('{0} calls')),
        l10n.t('{0} fuel a row', fuelPerRow),
        ...transfer,
        ...spread(item.operators),
      ].join(', '),
      time: durationText(item.cost.micros),
      share: percentText(item.cost.micros, Math.max(micros, item.cost.micros)),
      rows: rows.toLocaleString('en-US'),
      estimate: '',
      warning: '',
    };
  }
  const { operator, rows, estimate } = item.node;
  return {
    name: operator,
    hint: planHint(item.node),
    time: item.node.micros === undefined ? '' : durationText(item.node.micros),
    share: item.node.micros === undefined ? '' : percentText(item.node.micros, micros),
    rows: rows === undefined ? '' : rows.toLocaleString('en-US'),
    estimate: estimate === undefined ? '' : estimate.toLocaleString('en-US'),
    warning: warningText(item),
  };
}

function spread(operators: number): string[] {
  if (operators === 0) return [l10n.t('in an operator that the plan does not name')];
  return operators === 1 ? [] : [l10n.t('in {0} operators together', operators)];
}

function warningText(item: PlanItem): string {
  const error = item.type === 'operator' ? estimateError(item.node) : undefined;
  if (error === undefined || error.factor < FAR_OFF) return '';
  const factor = Math.round(error.factor).toLocaleString('en-US');
  return error.direction === 'more'
    ? l10n.t('{0}× more than expected', factor)
    : l10n.t('{0}× fewer than expected', factor);
}
