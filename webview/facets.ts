import * as l10n from '@vscode/l10n';
import type { ResultView } from '../wasm-core/protocol/webview.ts';
import type { Facet, FacetChoice, FacetContext } from './facet.ts';
import { PlanTreeFacet } from './plan/plan-facet.ts';
import { PlanFacet } from './plan-facet.ts';
import { ChartFacet } from './result-chart/chart-facet.ts';
import { RowsFacet } from './rows-facet.ts';
import { SummaryFacet } from './summary/summary-facet.ts';

/** Every way of looking at a result, in the order of their tabs. */
export const FACETS: readonly FacetChoice[] = [
  {
    id: 'plan-tree',
    label: () => l10n.t('Plan'),
    fits: ({ store }) => store.view.plan !== undefined,
    create: (context) => planTreeFacet(context),
  },
  {
    id: 'plan',
    label: () => l10n.t('Plan'),
    fits: ({ store }) => isPlanText(store.view),
    create: (context) => new PlanFacet(context),
  },
  {
    id: 'rows',
    label: () => l10n.t('Rows'),
    fits: ({ store }) => store.view.plan === undefined,
    create: (context) => {
      const { query } = context;
      if (!isSelectable(context.store.view)) return new RowsFacet(context);
      return new RowsFacet(context, {
        sort: (keys) => query.sortBy(keys),
        filter: (filter) => query.addFilter(filter),
      });
    },
  },
  {
    id: 'summary',
    label: () => l10n.t('Summary'),
    fits: ({ store }) => isSelectable(store.view) && store.view.rowCount > 0,
    create: (context) => new SummaryFacet(context),
  },
  {
    id: 'chart',
    label: () => l10n.t('Chart'),
    fits: ({ store }) => store.view.look === 'rows',
    leads: ({ store }) => store.view.chart !== undefined,
    create: (context) => new ChartFacet(context),
  },
];

function planTreeFacet(context: FacetContext): Facet {
  const { plan } = context.store.view;
  if (plan === undefined) throw new Error('a result without a plan has no tree of it');
  return new PlanTreeFacet(context, plan);
}

/** What EXPLAIN gives where somebody runs it as a statement. */
function isPlanText({ columns, rowCount, plan }: ResultView): boolean {
  const names = columns.map(({ name }) => name).join();
  return plan === undefined && rowCount > 0 && names === 'explain_key,explain_value';
}

/** Whether the rows can be sorted and filtered: a plan is no rows. */
export function isSelectable({ look = 'rows', plan }: ResultView): boolean {
  return look !== 'plan' && plan === undefined;
}
