import * as l10n from '@vscode/l10n';
import {
  CHART_AGGREGATES,
  CHART_KINDS,
  CHART_ROLES,
  type ChartAggregate,
  type ChartColumn,
  type ChartSpec,
  type ColumnClass,
  columnClass,
  TIME_BUCKETS,
  type TimeBucket,
} from '../../wasm-core/protocol/chart.ts';
import { fittingColumns, fittingKinds, withKind } from '../../wasm-core/protocol/chart-columns.ts';
import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import { element } from '../dom.ts';
import { labelOf } from './drawn-rows.ts';
import { kindName, rowsName } from './names.ts';

const BINS = [5, 10, 20, 30, 50, 100, 200];

/** One list to choose from. */
interface Choice {
  readonly label: string;
  /** Values with their names, the chosen one marked. */
  readonly options: readonly { readonly value: string; readonly name: string; readonly isChosen: boolean }[];
  readonly change: (value: string) => void;
}

/** The lists above a chart that say what it shows. */
export class ChartControls {
  readonly node = element('div', {
    class: 'chart-controls',
    attributes: { role: 'group', 'aria-label': l10n.t('Chart') },
  });
  readonly #columns: readonly ColumnInfo[];
  readonly #changed: (spec: ChartSpec) => void;
  #spec: ChartSpec;

  /** @param changed called with each chart that the user chooses */
  constructor(columns: readonly ColumnInfo[], spec: ChartSpec, changed: (spec: ChartSpec) => void) {
    this.#columns = columns;
    this.#spec = spec;
    this.#changed = changed;
    this.#show();
  }

  #change(change: Partial<Record<keyof ChartSpec, unknown>>): void {
    const changed = { ...this.#spec, ...change };
    // Members that are undefined are left out, as everywhere in a spec.
    const spec = withKind(JSON.parse(JSON.stringify(changed)) as ChartSpec, this.#columns);
    if (spec === undefined) return;
    const focused = [...this.node.querySelectorAll('select')].indexOf(
      document.activeElement as HTMLSelectElement,
    );
    this.#spec = spec;
    this.#show();
    this.node.querySelectorAll('select')[focused]?.focus();
    this.#changed(spec);
  }

  #show(): void {
    const { kind, x } = this.#spec;
    const roles = CHART_ROLES[kind];
    const kinds = fittingKinds(CHART_KINDS, this.#columns);
    const xClass = x && columnClass(this.#columns[x.index]?.type ?? '');
    const choices: Choice[] = [
      {
        label: l10n.t('Kind'),
        options: kinds.map((value) => ({ value, name: kindName(value), isChosen: value === kind })),
        change: (value) => this.#change({ kind: value }),
      },
      this.#column(l10n.t('X'), {
        chosen: x,
        classes: roles.x,
        none: roles.isXOptional && l10n.t('none'),
        member: 'x',
      }),
      ...this.#values(),
      ...(roles.hasValue
        ? [
            this.#column(l10n.t('Value'), {
              chosen: this.#spec.value,
              classes: ['number'],
              none: rowsName(),
              member: 'value',
            }),
          ]
        : []),
      ...this.#aggregates(),
      ...(roles.hasSeries
        ? [
            this.#column(l10n.t('Series'), {
              chosen: this.#spec.series,
              classes: roles.x.length > 2 ? roles.x : ['category', 'number'],
              none: l10n.t('none'),
              member: 'series',
            }),
          ]
        : []),
      ...this.#bins(xClass),
    ];
    this.node.replaceChildren(...choices.map(controlOf));
  }

  #column(
    label: string,
    part: {
      readonly chosen: ChartColumn | undefined;
      readonly classes: readonly ColumnClass[];
      readonly none: string | false | undefined;
      readonly member: 'x' | 'series' | 'value';
    },
  ): Choice {
    const { chosen, classes, none, member } = part;
    const columns = fittingColumns(this.#columns, classes);
    return {
      label,
      options: [
        ...(typeof none === 'string' ? [{ value: '', name: none, isChosen: chosen === undefined }] : []),
        ...columns.map(({ index, name }) => ({
          value: String(index),
          name: labelOf(name),
          isChosen: index === chosen?.index,
        })),
      ],
      change: (value) => this.#change({ [member]: columns.find(({ index }) => String(index) === value) }),
    };
  }

  /** A list for each column y, and one that adds another. */
  #values(): Choice[] {
    const { kind, y = [] } = this.#spec;
    const roles = CHART_ROLES[kind];
    if (roles.maxY === 0) return [];
    const columns = fittingColumns(this.#columns, roles.y);
    if (columns.length === 0) return [];
    const isNeeded = roles.isYOptional !== true;
    const places = Math.min(y.length + 1, roles.maxY, columns.length);
    return Array.from({ length: Math.max(1, places) }, (_, place) => {
      const chosen = y[place];
      const none = place > 0 ? l10n.t('none') : rowsName();
      return {
        label: place === 0 ? l10n.t('Y') : l10n.t('Y {0}', place + 1),
        options: [
          ...(place === 0 && isNeeded ? [] : [{ value: '', name: none, isChosen: chosen === undefined }]),
          ...columns.map(({ index, name }) => ({
            value: String(index),
            name: labelOf(name),
            isChosen: index === chosen?.index,
          })),
        ],
        change: (value: string) => {
          const column = columns.find(({ index }) => String(index) === value);
          const next = [...y.slice(0, place), ...(column ? [column] : []), ...y.slice(place + 1)];
          this.#change({ y: next });
        },
      };
    });
  }

  #aggregates(): Choice[] {
    const { kind, y = [], value, aggregate } = this.#spec;
    const roles = CHART_ROLES[kind];
    const hasNumbers = roles.hasValue ? value !== undefined : y.length > 0;
    if (!roles.hasAggregate || !hasNumbers) return [];
    const chosen = aggregate ?? 'sum';
    return [
      {
        label: l10n.t('Aggregate'),
        options: CHART_AGGREGATES.map((name) => ({ value: name, name, isChosen: name === chosen })),
        change: (name) => this.#change({ aggregate: name as ChartAggregate }),
      },
    ];
  }

  #bins(xClass: ColumnClass | undefined): Choice[] {
    const { kind, bins, bucket } = this.#spec;
    if (kind === 'scatter' || xClass === undefined) return [];
    const auto = (isChosen: boolean) => ({ value: '', name: l10n.t('auto'), isChosen });
    if (xClass === 'time') {
      return [
        {
          label: l10n.t('Span'),
          options: [
            auto(bucket === undefined),
            ...TIME_BUCKETS.map((name) => ({ value: name, name, isChosen: name === bucket })),
          ],
          change: (name) => this.#change({ bucket: name === '' ? undefined : (name as TimeBucket) }),
        },
      ];
    }
    if (xClass !== 'number') return [];
    const known = bins === undefined || BINS.includes(bins) ? BINS : [...BINS, bins].sort((a, b) => a - b);
    return [
      {
        label: l10n.t('Bins'),
        options: [
          auto(bins === undefined),
          ...known.map((count) => ({ value: String(count), name: String(count), isChosen: count === bins })),
        ],
        change: (count) => this.#change({ bins: count === '' ? undefined : Number(count) }),
      },
    ];
  }
}

function controlOf({ label, options, change }: Choice): HTMLElement {
  const select = element(
    'select',
    { attributes: { 'aria-label': label } },
    options.map(({ value, name, isChosen }) => {
      const option = element('option', { text: name, attributes: { value } });
      option.selected = isChosen;
      return option;
    }),
  );
  select.addEventListener('change', () => change(select.value));
  return element('label', { class: 'chart-control' }, [element('span', { text: label }), select]);
}
