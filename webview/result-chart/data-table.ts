import * as l10n from '@vscode/l10n';
import { element } from '../dom.ts';
import type { ChartTable } from './picture.ts';

/** Rows of the table; more are in the grid. */
const MAX_ROWS = 500;

/** What a chart shows as rows and columns, for whoever cannot see it: the inside of a `details` element. */
export function dataTable({ columns, rowCount, row }: ChartTable): readonly HTMLElement[] {
  const shown = Math.min(rowCount, MAX_ROWS);
  const head = columns.map((text) => element('th', { text, attributes: { scope: 'col' } }));
  const body = Array.from({ length: shown }, (_, index) =>
    element(
      'tr',
      {},
      row(index).map((text) => element('td', { text: shortened(text) })),
    ),
  );
  const caption =
    shown < rowCount ? l10n.t('The first {0} of {1} rows.', shown, rowCount.toLocaleString('en-US')) : '';
  const table = element('table', { class: 'chart-table' }, [
    ...(caption === '' ? [] : [element('caption', { text: caption })]),
    element('thead', {}, [element('tr', {}, head)]),
    element('tbody', {}, body),
  ]);
  const attributes = { tabindex: '0', role: 'region', 'aria-label': l10n.t('Data of the chart') };
  return [
    element('summary', { text: l10n.t('Data') }),
    element('div', { class: 'chart-scroll', attributes }, [table]),
  ];
}

const MAX_TEXT = 1000;

function shortened(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
