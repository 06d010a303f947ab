import * as l10n from '@vscode/l10n';
import {
  type BenchReport,
  type BenchReportRow,
  VERDICT_SIGNS,
  verdictOf,
  verdictWords,
} from '../../wasm-core/protocol/bench/report.ts';
import { type ReportColumn, reportColumns } from '../../wasm-core/results/bench/report-cells.ts';
import { element } from '../dom.ts';

/**
 * The figures of a report, a row for each target.
 *
 * @param reveal asks for the code of a target, by its index
 */
export function reportTable(report: BenchReport, reveal: (target: number) => void): HTMLElement {
  const columns = reportColumns(report, l10n);
  const head = columns.map(({ title, meaning, isFigure }) =>
    element('th', {
      class: isFigure ? 'figure' : '',
      text: title,
      attributes: { scope: 'col', title: meaning },
    }),
  );
  const rows = report.rows.map((row, index) => tableRow(row, { columns, reveal: () => reveal(index) }));
  const table = element('table', {}, [
    element('thead', {}, [element('tr', {}, head)]),
    element('tbody', {}, rows),
  ]);
  return element(
    'div',
    { class: 'figures', attributes: { tabindex: '0', role: 'region', 'aria-label': l10n.t('Figures') } },
    [table],
  );
}

function tableRow(
  row: BenchReportRow,
  { columns, reveal }: { readonly columns: readonly ReportColumn[]; readonly reveal: () => void },
): HTMLElement {
  const { result } = row;
  const name = element('th', { class: 'name', attributes: { scope: 'row', title: result.name } }, [
    element('button', { class: 'link', text: result.name, attributes: { type: 'button' }, onClick: reveal }),
  ]);
  if (result.outcome === 'failed') {
    const width = String(Math.max(1, columns.length - 1));
    const message = element('td', { class: 'failure', attributes: { colspan: width } }, [
      element('span', { class: 'sign', text: VERDICT_SIGNS.failed, attributes: { 'aria-hidden': 'true' } }),
      element('span', { text: `${verdictWords('failed', l10n)}: ${result.message}` }),
    ]);
    return element('tr', {}, [name, message]);
  }
  return element('tr', {}, [name, ...columns.slice(1).map((column) => cell(row, column))]);
}

function cell(row: BenchReportRow, { isVerdict, text, isFigure }: ReportColumn): HTMLElement {
  if (isVerdict !== true) return element('td', { class: isFigure ? 'figure' : '', text: text(row) });
  const verdict = verdictOf(row);
  if (verdict === 'new') return element('td');
  return element('td', { class: `verdict ${verdict}` }, [
    element('span', { class: 'sign', text: VERDICT_SIGNS[verdict], attributes: { 'aria-hidden': 'true' } }),
    element('span', { text: verdictWords(verdict, l10n) }),
  ]);
}
