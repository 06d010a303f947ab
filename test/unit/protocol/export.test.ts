import assert from 'node:assert/strict';
import { exportFormats, formatOfFile } from '../../../wasm-core/protocol/export.ts';

describe('the format of a file', () => {
  it('is that of its ending, whatever its case', () => {
    for (const [format, { endings }] of exportFormats()) {
      for (const ending of endings) {
        assert.deepEqual(formatOfFile(`/a b/x.y.${ending}`), { format, options: {} });
        assert.deepEqual(formatOfFile(`x.${ending.toUpperCase()}`), { format, options: {} });
      }
    }
  });

  it('may be compressed where its text can be', () => {
    assert.deepEqual(formatOfFile('x.csv.gz'), { format: 'csv', options: { compression: 'gzip' } });
    assert.deepEqual(formatOfFile('x.tsv.zst'), { format: 'tsv', options: { compression: 'zstd' } });
    for (const name of ['x.parquet.gz', 'x.json.gz', 'x.xlsx.gz'])
      assert.equal(formatOfFile(name), undefined);
  });

  it('is not known without an ending, and of any other', () => {
    for (const name of ['csv', 'x.', 'x.txt', '.gz', 'x.gz', 'x.csv/y', '']) {
      assert.equal(formatOfFile(name), undefined, name);
    }
  });
});
