import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openResults, readPage } from '../../../client/results/result-views.ts';
import type { RunResult } from '../../../wasm-core/protocol/methods.ts';

const cost = { micros: 1, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };

function runResult(file: string): RunResult {
  const rows = { start: 0, end: 8, kind: 'SELECT', columns: [], rowCount: 2, truncated: false, cost };
  const pages = [
    { firstRow: 0, rowCount: 1, offset: 3, byteLength: 2 },
    { firstRow: 1, rowCount: 1, offset: 5, byteLength: 4 },
  ];
  const none = { ...rows, start: 9, end: 20, kind: 'CREATE', rowCount: 0 };
  return {
    statements: [{ ...rows, file: { path: file, schemaByteLength: 3, byteLength: 9, pages } }, none],
    micros: 2,
  };
}

const text = (bytes: ArrayBuffer) => new TextDecoder().decode(bytes);

describe('the results of a run', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qv-'));
  const file = path.join(folder, 'r.arrow');
  beforeEach(() => writeFileSync(file, 'abcdefghi'));
  after(() => rmSync(folder, { recursive: true }));

  it('give the page each schema and each range of bytes', async () => {
    const shown = await openResults(runResult(file), 'select 1; create t', { runId: 7 });
    assert.deepEqual(
      shown.views.map((v) => [v.id, v.title]),
      [
        ['7.0', 'select 1'],
        ['7.1', 'create t'],
      ],
    );
    assert.deepEqual(shown.schemas.map(text), ['abc', '']);
    assert.equal(text(await readPage(shown, '7.0', 1)), 'fghi');
    await shown.files.close();
  });

  it('stay readable when the host deletes their file', async () => {
    const shown = await openResults(runResult(file), 'select 1; create t', { runId: 7 });
    rmSync(file);
    assert.equal(text(await readPage(shown, '7.0', 0)), 'de');
    await shown.files.close();
  });

  it('have the chart that the workspace file keeps by their name, unless a comment says another', async () => {
    const columns = [
      { name: 'town', type: 'VARCHAR' },
      { name: 'n', type: 'INTEGER' },
    ];
    const charts = new Map([['sales', { kind: 'bar', x: 'town', y: ['n'] } as const]]);
    const kinds = async (sql: string) => {
      const [rows = assert.fail()] = runResult(file).statements;
      const start = sql.indexOf('select');
      const statements = [{ ...rows, columns, start, end: sql.length }];
      const shown = await openResults({ statements, micros: 1 }, sql, { runId: 7, charts });
      await shown.files.close();
      return shown.views.map(({ chart }) => (chart?.type === 'spec' ? chart.spec.kind : chart?.type));
    };
    assert.deepEqual(await kinds('-- name: sales\nselect 1'), ['bar']);
    assert.deepEqual(await kinds('-- name: other\nselect 1'), [undefined]);
    assert.deepEqual(await kinds('-- name: sales\n-- @chart histogram x=n\nselect 1'), ['histogram']);
  });

  it('refuse what belongs to another run, and pages that are not there', async () => {
    const shown = await openResults(runResult(file), 'select 1; create t', { runId: 7 });
    for (const [id, page] of [
      ['6.0', 0],
      ['7.0', 2],
      ['7.1', 0],
    ] as const) {
      await assert.rejects(readPage(shown, id, page), /earlier run/);
    }
    await shown.files.close();
  });

  it('are refused when the file is shorter than it says', async () => {
    writeFileSync(file, 'ab');
    await assert.rejects(openResults(runResult(file), 'select 1; create t', { runId: 7 }), /shorter/);
  });
});
