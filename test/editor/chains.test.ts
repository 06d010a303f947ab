import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../support/eventually.ts';
import { openFile } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';

const UPPER = `(module
  (memory (export "memory") 1)
  (func (export "process") (param $p i32) (param $n i32) (result i64)
    (local $at i32)
    (block $done (loop $next
      (br_if $done (i32.eq (local.get $at) (local.get $n)))
      (i32.store8 (i32.add (local.get $p) (local.get $at))
        (i32.and (i32.load8_u (i32.add (local.get $p) (local.get $at))) (i32.const 0xdf)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $p)) (i64.const 32)) (i64.extend_i32_u (local.get $n)))))
`;

const CHAIN = `{
  "name": "shout",
  "limits": { "timeoutMs": 120000 },
  "steps": ["shouting", { "name": "count", "input": "text", "sql": "select length(line) as n from input" }]
}
`;

describe('a chain in the editor', () => {
  async function outputs(): Promise<readonly (string | undefined)[]> {
    const state = (await extension()).chain();
    return (state?.runs ?? []).map(({ output, error }) =>
      output !== undefined && 'utf8' in output.head ? output.head.utf8 : error?.kind,
    );
  }

  it('runs step by step, fails where it is wrong, and goes on from there once it is mended', async () => {
    await openFile('plugins/shouting.wat', UPPER);
    const { document } = await openFile('shout.chain.json', CHAIN);
    const run = async (argument: object) => {
      await vscode.commands.executeCommand('quern.runChain', { uri: document.uri, ...argument });
      return await outputs();
    };
    await vscode.commands.executeCommand('quern.runChain', document.uri);
    assert.deepEqual((await extension()).chain()?.status, { type: 'ready' });
    await eventually('the plugin is there', async () => (await run({ input: 'abc' }))[0] === 'ABC');
    assert.deepEqual(await outputs(), ['ABC', '{"n":3}\n']);
    await openFile('shout.chain.json', CHAIN.replace('length(line)', 'nothing(line)'));
    assert.deepEqual(await run({ input: 'xy' }), ['XY', 'SQL_BIND']);
    await openFile('shout.chain.json', CHAIN);
    // The step before does not run: what it gave stays, and is what this one gets.
    assert.deepEqual(await run({ from: 2 }), ['XY', '{"n":2}\n']);
  });

  it('is measured from its lens, on the input that it had last', async () => {
    const { document } = await openFile('shout.chain.json', CHAIN);
    const api = await extension();
    const settings = vscode.workspace.getConfiguration('quern');
    await settings.update('benchmark.runs', 5, true);
    try {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      const ours = lenses.flatMap(({ command }) => (command?.command.startsWith('quern.') ? [command] : []));
      assert.deepEqual(
        ours.map(({ title }) => title),
        ['$(play) Run Chain', 'Benchmark'],
      );
      const [, measure] = ours;
      await vscode.commands.executeCommand(measure?.command ?? '', ...(measure?.arguments ?? []));
      const [row] = api.lastBenchmark()?.rows ?? [];
      assert.ok(row?.result.outcome === 'measured', JSON.stringify(row?.result));
      assert.deepEqual([row.result.name, row.result.type, row.result.micros.length], ['shout', 'chain', 5]);
      assert.deepEqual(
        row.result.steps?.map(({ name }) => name),
        ['shouting', 'count'],
      );
    } finally {
      await settings.update('benchmark.runs', undefined, true);
    }
  });
});
