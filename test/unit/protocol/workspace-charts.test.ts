import assert from 'node:assert/strict';
import type { ChartSpec } from '../../../wasm-core/protocol/chart.ts';
import { placeChart } from '../../../wasm-core/protocol/chart-directive.ts';
import { writeWorkspaceChart } from '../../../wasm-core/protocol/workspace-charts.ts';
import { parseWorkspaceFile } from '../../../wasm-core/protocol/workspace-file.ts';

const COLUMNS = [
  { name: 'month', type: 'DATE' },
  { name: 'net\n"sales"', type: 'DOUBLE' },
  { name: 'profit', type: 'DOUBLE' },
  { name: 'region', type: 'VARCHAR' },
  { name: 'profit', type: 'DOUBLE' },
];
const at = (index: number) => ({ index, name: COLUMNS[index]?.name ?? '' });

describe('charts of a workspace file', () => {
  it('are read as they were written, whatever the names of columns have in them', () => {
    const check = (spec: ChartSpec) => {
      const chart = writeWorkspaceChart(spec, COLUMNS);
      const text = JSON.stringify({ charts: { sales: chart } });
      const read = parseWorkspaceFile(text, { source: 'quern.json' }).charts.get('sales');
      assert.deepEqual(read && placeChart(read, COLUMNS), { type: 'spec', spec });
    };
    check({ kind: 'bar', x: at(0), y: [at(1), at(2)], series: at(3), aggregate: 'avg', limit: 20 });
    check({ kind: 'line', x: at(0), y: [at(1)], bucket: 'quarter' });
    check({ kind: 'histogram', x: at(2), bins: 30 });
    check({ kind: 'heatmap', x: at(0), y: [at(3)], value: at(2), aggregate: 'max' });
  });

  it('are not written where a name is that of an earlier column, too', () => {
    assert.equal(writeWorkspaceChart({ kind: 'histogram', x: at(4) }, COLUMNS), undefined);
  });

  it('say what is wrong with them', () => {
    const fails = (charts: unknown, message: RegExp) =>
      assert.throws(
        () => parseWorkspaceFile(JSON.stringify({ charts }), { source: 'quern.json' }),
        (error) => message.test(String(Object(error).message)),
      );
    fails({ a: { kind: 'bars' } }, /\$\.charts\.a\.kind .*did you mean bar\?/);
    fails({ a: { kind: 'bar', colour: 'x' } }, /\$\.charts\.a\.colour is not known/);
    fails({ a: { kind: 'bar', y: [] } }, /\$\.charts\.a\.y .*1 to 8/);
    fails(
      { a: { kind: 'bar', bins: 0.5 } },
      /\$\.charts\.a\.bins is 0\.5; write a whole number from 1 to 500/,
    );
  });
});
