import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BenchNode } from '../../client/bench/bench-model.ts';
import {
  type Baselines,
  baselineText,
  parseBaselines,
} from '../../wasm-core/protocol/bench/baseline-file.ts';
import { verdictOf } from '../../wasm-core/protocol/bench/report.ts';
import { eventually } from '../support/eventually.ts';
import { openFile, press, replaceText, workspaceFile } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';
import { pluginsInForce } from '../support/vscode/run.ts';

const SQL = `create or replace temp table bench_numbers as select range as n from range(1000);

-- @bench sum
select sum(n) from bench_numbers;

-- @bench slugs group=text
select count(slug('text ' || n)) from bench_numbers;

-- @bench uppers group=text
select count(upper('text ' || n)) from bench_numbers;
`;

const FILE = 'measured.sql';

async function benchNode(find: (node: BenchNode) => boolean): Promise<BenchNode> {
  const api = await extension();
  return await eventually('a node of the view', async () => {
    const files = await api.benchmarks();
    const below = await Promise.all(files.map((file) => api.benchmarks(file)));
    return [...files, ...below.flat()].find(find);
  });
}

const isFile = (name: string) => (node: BenchNode) => node.kind === 'file' && node.file.label === name;

async function warnings(uri: vscode.Uri): Promise<vscode.Diagnostic[]> {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'quern bench');
}

/** Rewrites the times of the committed baselines. */
async function rewriteBaselines(change: (micros: number) => number): Promise<void> {
  const file = workspaceFile('quern.bench.json');
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const { benchmarks } = parseBaselines(text, { source: 'quern.bench.json' });
  const changed: Baselines = {
    benchmarks: Object.fromEntries(
      Object.entries(benchmarks).map(([id, baseline]) => {
        const times = Object.entries(baseline.times).map(
          ([machine, time]) => [machine, { ...time, micros: time.micros.map(change) }] as const,
        );
        return [id, { ...baseline, times: Object.fromEntries(times) }];
      }),
    ),
  };
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(baselineText(changed)));
}

describe('benchmarks in the editor', () => {
  const settings = () => vscode.workspace.getConfiguration('quern');
  before(async () => {
    await pluginsInForce();
    await settings().update('benchmark.runs', 12, true);
  });
  after(() => settings().update('benchmark.runs', undefined, true));

  it('are listed in the view, run with what prepares for them, and compared in their group', async () => {
    await openFile(FILE, SQL);
    const node = await benchNode(isFile(FILE));
    const api = await extension();
    assert.deepEqual(
      (await api.benchmarks(node)).map((below) => below.kind === 'benchmark' && below.name),
      ['sum', 'slugs', 'uppers'],
    );
    await vscode.commands.executeCommand('quern.runBenchmark', node);
    const report = api.lastBenchmark();
    assert.ok(report !== undefined);
    assert.deepEqual(
      report.rows.map((row) => [row.result.outcome, row.result.name, verdictOf(row)]),
      ['sum', 'slugs', 'uppers'].map((name) => ['measured', name, 'new']),
      JSON.stringify(report.rows.map(({ result }) => result.outcome === 'failed' && result.message)),
    );
    const [, slugs, uppers] = report.rows;
    assert.ok(slugs?.result.outcome === 'measured' && (slugs.result.fuel?.least ?? 0) > 0);
    assert.equal(slugs.result.micros.length, 12);
    assert.equal(uppers?.reference?.name, 'slugs');
    assert.equal(slugs.reference, undefined);
  });

  it('become a baseline, and a warning on the query when they do worse than it', async () => {
    const api = await extension();
    await vscode.commands.executeCommand('quern.saveBaseline');
    const verdicts = () => api.lastBenchmark()?.rows.map(verdictOf).join();
    assert.equal(verdicts(), 'same,same,same');
    const { document } = await openFile(FILE, SQL);
    assert.deepEqual(await warnings(document.uri), []);

    await rewriteBaselines((micros) => micros / 10);
    const [warning, ...more] = await eventually('warnings', async () => {
      const found = await warnings(document.uri);
      return found.length === 3 ? found : undefined;
    });
    assert.equal(more.length, 2);
    assert.equal(warning?.code, 'bench-regression');
    assert.equal(warning.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(warning.message, /^sum: Slower than in quern\.bench\.json: .*×/);
    assert.equal(document.getText(warning.range), 'select sum(n) from bench_numbers');

    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      warning.range,
    );
    const ours = actions.filter(({ title }) => title.startsWith('Quern: '));
    assert.deepEqual(
      ours.map(({ title }) => title),
      ['Quern: Run benchmark again', 'Quern: Save as baseline'],
    );
    const [again, save] = ours;
    await vscode.commands.executeCommand(again?.command?.command ?? '', ...(again?.command?.arguments ?? []));
    assert.deepEqual(api.lastBenchmark()?.rows.map(verdictOf), ['slower']);
    await vscode.commands.executeCommand(save?.command?.command ?? '', ...(save?.command?.arguments ?? []));
    await eventually('one warning less', async () =>
      (await warnings(document.uri)).length === 2 ? true : undefined,
    );
  });

  it('are no longer warned of when the query is edited', async () => {
    const { document } = await openFile(FILE, SQL);
    await replaceText(document, `${SQL}\n`);
    await eventually('no warning', async () =>
      (await warnings(document.uri)).length === 0 ? true : undefined,
    );
  });

  it('measure a function of a plugin from its lens, and warn at its line', async () => {
    const source = `;; @udf bench_add(a INTEGER) -> INTEGER
(module (func (export "bench_add") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))\n`;
    const { document } = await openFile('plugins/bench_add.wat', source);
    const lens = await eventually('a lens', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      return lenses.find(({ command }) => command?.title === 'Benchmark');
    });
    const ask = vscode.window.showInputBox;
    Object.assign(vscode.window, { showInputBox: async () => 'i::INTEGER' });
    try {
      await press(lens);
    } finally {
      Object.assign(vscode.window, { showInputBox: ask });
    }
    const api = await extension();
    const [row] = api.lastBenchmark()?.rows ?? [];
    assert.ok(row?.result.outcome === 'measured', JSON.stringify(row));
    assert.deepEqual([row.result.name, row.result.functionRows], ['bench_add', 100_000]);
    await vscode.commands.executeCommand('quern.saveBaseline');
    await rewriteBaselines((micros) => micros / 10);
    const [warning] = await eventually('a warning', async () => {
      const found = await warnings(document.uri);
      return found.length > 0 ? found : undefined;
    });
    assert.match(warning?.message ?? '', /^bench_add: Slower/);
    await benchNode((node) => node.kind === 'benchmark' && node.name === 'bench_add');
  });

  it('stand beside what one chooses', async () => {
    const api = await extension();
    const picked = (label: RegExp) => async (items: readonly vscode.QuickPickItem[]) =>
      (await items).find((item) => label.test(item.label));
    const names = () => api.lastBenchmark()?.rows.map(({ result }) => [result.name, result.outcome]);
    const asks = { showQuickPick: vscode.window.showQuickPick, showInputBox: vscode.window.showInputBox };
    try {
      Object.assign(vscode.window, { showQuickPick: picked(/DuckDB/), showInputBox: async () => 'abs' });
      await vscode.commands.executeCommand('quern.compareBenchmarks');
      assert.deepEqual(names(), [
        ['bench_add', 'measured'],
        ['abs', 'measured'],
      ]);
      assert.equal(api.lastBenchmark()?.rows[1]?.reference?.name, 'bench_add');
      Object.assign(vscode.window, { showQuickPick: picked(/fuel/) });
      await vscode.commands.executeCommand('quern.compareBenchmarks');
      assert.deepEqual(
        names()?.map(([, outcome]) => outcome),
        ['measured', 'measured'],
        JSON.stringify(api.lastBenchmark()?.rows),
      );
      const [metered, unmetered] = api.lastBenchmark()?.rows ?? [];
      assert.ok(metered?.result.outcome === 'measured' && unmetered?.result.outcome === 'measured');
      assert.deepEqual([metered.result.fuel !== undefined, unmetered.result.fuel], [true, undefined]);
    } finally {
      Object.assign(vscode.window, asks);
    }
  });

  it('measure what the host takes for something small', async () => {
    const api = await extension();
    const node = await benchNode((each) => each.kind === 'benchmark' && each.name === 'connect');
    await vscode.commands.executeCommand('quern.runBenchmark', node);
    const rows = api.lastBenchmark()?.rows ?? [];
    assert.deepEqual(
      rows.map(({ result }) => [result.name, result.type, result.outcome]),
      [['connect', 'host', 'measured']],
      JSON.stringify(rows),
    );
  });
});
