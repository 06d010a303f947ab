import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CHART_KINDS, type ChartSpec, chartFault } from '../../../wasm-core/protocol/chart.ts';
import { withKind } from '../../../wasm-core/protocol/chart-columns.ts';
import {
  placeChart,
  readChartDirective,
  writeChartDirective,
} from '../../../wasm-core/protocol/chart-directive.ts';
import { proposeChart } from '../../../wasm-core/protocol/chart-proposal.ts';
import { readDirectives } from '../../../wasm-core/protocol/directives.ts';
import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';

function columns(...types: readonly string[]): ColumnInfo[] {
  return types.map((text) => {
    const [name = '', type = ''] = text.split(/ (.*)/s);
    return { name, type };
  });
}

/** A chart in short: its kind and the names of its columns. */
function check(types: readonly string[], expected: string | undefined) {
  const spec = proposeChart(columns(...types));
  const short = ({ kind, x, y = [], series }: ChartSpec) =>
    [kind, x?.name, ...y.map(({ name }) => name), series && `by ${series.name}`].filter(Boolean).join(' ');
  assert.equal(spec && short(spec), expected);
  if (spec !== undefined) assert.equal(chartFault(spec, columns(...types)), undefined);
}

describe('the first chart', () => {
  it('is a line for times and numbers', () => {
    check(['day DATE', 'n BIGINT'], 'line day n');
    check(['n DOUBLE', 'at TIMESTAMP WITH TIME ZONE', 'region VARCHAR'], 'line at n by region');
  });

  it('is bars for texts and numbers', () => {
    check(["name ENUM('a', 'b,c')", 'n DECIMAL(10,2)'], 'bar name n');
    check(['name VARCHAR', 'other VARCHAR'], 'bar name');
  });

  it('is points for two numbers', () => {
    check(['a INTEGER', 'b HUGEINT'], 'scatter a b');
    check(['id INTEGER', 'customer_id BIGINT', 'n FLOAT'], 'scatter id n');
  });

  it('is a histogram for one column of numbers or times', () => {
    check(['n UTINYINT'], 'histogram n');
    check(['at TIMESTAMP_NS'], 'histogram at');
  });

  it('takes numbers that look like keys last', () => {
    check(['day DATE', 'customer_id BIGINT', 'amount DOUBLE'], 'line day amount');
    check(['name VARCHAR', 'id INTEGER'], 'bar name id');
  });

  it('is none without anything that can be drawn', () => {
    check([], undefined);
    check(['a INTEGER[]', 'b BLOB', 's STRUCT(a INTEGER)', 'i INTERVAL'], undefined);
  });
});

describe('a chart with a fault', () => {
  const of = columns('name VARCHAR', 'n INTEGER', 'l INTEGER[]');
  const fault = (spec: ChartSpec) => chartFault(spec, of);

  it('says what is wrong', () => {
    assert.equal(fault({ kind: 'line' }), 'A line chart needs a column x.');
    assert.equal(fault({ kind: 'scatter', x: { index: 1, name: 'n' } }), 'A scatter chart needs a column y.');
    assert.match(fault({ kind: 'bar', x: { index: 2, name: 'l' } }) ?? '', /^The column l is INTEGER\[\]/);
    assert.match(fault({ kind: 'bar', x: { index: 7, name: 'n' } }) ?? '', /no column n/);
    assert.match(fault({ kind: 'bar', x: { index: 1, name: 'name' } }) ?? '', /no column name/);
    assert.match(
      fault({ kind: 'histogram', x: { index: 1, name: 'n' }, series: { index: 0, name: 'name' } }) ?? '',
      /has no series/,
    );
  });
});

describe('@chart', () => {
  const of = [
    ['month', 'DATE'],
    ['net sales', 'DECIMAL(10,2)'],
    ['profit', 'DOUBLE'],
    ['Region', 'VARCHAR'],
    ['profit', 'DOUBLE'],
  ].map(([name = '', type = '']) => ({ name, type }));

  function checkText(text: string, expected: ChartSpec | string) {
    const directive = readChartDirective(text);
    const chart = 'message' in directive ? directive.message : placeChart(directive, of);
    assert.deepEqual(
      typeof chart === 'string'
        ? chart
        : chart.type === 'spec'
          ? chart.spec
          : chart.type === 'fault'
            ? chart.message
            : '',
      expected,
    );
  }

  const month = { index: 0, name: 'month' };
  const sales = { index: 1, name: 'net sales' };
  const profit = { index: 2, name: 'profit' };

  it('names columns, quoted where they have to be, whatever the case of letters', () => {
    checkText('line x=month y="net sales",profit series=region agg=sum bucket=quarter', {
      kind: 'line',
      x: month,
      y: [sales, profit],
      series: { index: 3, name: 'Region' },
      aggregate: 'sum',
      bucket: 'quarter',
    });
    checkText('HISTOGRAM x=PROFIT bins=20', { kind: 'histogram', x: profit, bins: 20 });
  });

  it('takes columns by their types for a kind alone, and the proposed chart for nothing', () => {
    checkText('scatter', { kind: 'scatter', x: month, y: [sales], series: { index: 3, name: 'Region' } });
    checkText('', '');
  });

  it('says what is wrong', () => {
    checkText(
      'pie x=month',
      '@chart knows no kind pie; it knows line, area, bar, scatter, histogram, box, heatmap.',
    );
    checkText(
      'bar x=moth',
      '@chart names a column moth, which the statement does not have. Did you mean month?',
    );
    checkText(
      'bar x="month',
      '@chart has a name without its second quote; write: -- @chart bar x=month y=revenue',
    );
    checkText('bar z=1', '@chart has no z; it has x, y, series, value, agg, bins, bucket, limit.');
    checkText('bar bins=0', '@chart: bins is a number from 1 to 500.');
    checkText('bar x=month y=region', 'The column Region is VARCHAR; y of a bar chart takes numbers.');
    checkText('x=month', '@chart takes a kind first: line, area, bar, scatter, histogram, box, heatmap.');
  });

  it('is written as it is read, unless a comment cannot name the columns', () => {
    const names = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 3, maxLength: 5 });
    const property = fc.property(
      names,
      fc.constantFrom(...CHART_KINDS),
      fc.integer({ min: 1, max: 500 }),
      (all, kind, bins) => {
        const made = all.map((name, i) => ({ name, type: i === 0 ? 'DATE' : 'DOUBLE' }));
        const at = (index: number) => ({ index, name: all[index] ?? '' });
        const spec = withKind({ kind, x: at(0), y: [at(1), at(2)], aggregate: 'avg', bins }, made);
        if (spec === undefined) return;
        const comment = writeChartDirective(spec, made);
        const isNameable = new Set(all.map((name) => name.toLowerCase())).size === all.length;
        if (comment === undefined) return assert.ok(!isNameable || /[\r\n]/.test(all.join('')));
        const text = `${comment}\nselect 1`;
        const { chart, problems } = readDirectives(text, 0, text.indexOf('select 1'));
        assert.deepEqual(problems, []);
        assert.deepEqual(chart && placeChart(chart.directive, made), { type: 'spec', spec });
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});
