import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { ChainStep, ChainTraceParams, ChainTraceResult } from '../../wasm-core/protocol/chains.ts';
import { quern } from '../support/cli.ts';
import { throwsKind } from '../support/core-error.ts';
import { HostHome } from '../support/host-process.ts';
import { assemble, LOOP_WAT, REVERSE_WAT, UPPER_WAT } from '../support/wat.ts';

describe('chain/trace', function () {
  // An engine starts in a second, and in twenty on a machine that is busy with other suites.
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'data');
  const traceFolder = path.join(home.folder, 'traces');
  let connection: HostConnection;

  before(async () => {
    mkdirSync(folder);
    mkdirSync(traceFolder);
    connection = await home.connect();
    for (const [name, wat] of Object.entries({ upper: UPPER_WAT, reverse: REVERSE_WAT, loop: LOOP_WAT })) {
      const base64 = Buffer.from(await assemble(wat)).toString('base64');
      for (const namespace of [folder, 'default'])
        await connection.request('module/load', { bytes: { base64 }, name, namespace });
    }
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  function trace(
    steps: readonly ChainStep[],
    input: string,
    options: Partial<Omit<ChainTraceParams, 'chain' | 'steps'>> = {},
  ): Promise<ChainTraceResult> {
    return connection.request('chain/trace', {
      steps,
      namespace: folder,
      input: { utf8: input },
      limits: { timeoutMs: 120_000 },
      ...options,
    });
  }

  it('tells of each step when it has ended, of one that fails without a result', async () => {
    const steps = async (names: readonly ChainStep[]) => {
      const told: [number, string | undefined][] = [];
      await connection.request(
        'chain/trace',
        { steps: names, namespace: folder, input: { utf8: 'abc' }, limits: { timeoutMs: 120_000 } },
        { onStep: ({ number, result }) => told.push([number, result?.name]) },
      );
      return told;
    };
    assert.deepEqual(await steps(['upper', { plugin: 'reverse', name: 'back' }]), [
      [1, 'upper'],
      [2, 'back'],
    ]);
    assert.deepEqual(await steps(['upper', { sql: 'select nope from input' }, 'reverse']), [
      [1, 'upper'],
      [2, undefined],
    ]);
  });

  it('tells what each step was given and gave, and what it used', async () => {
    const { steps, micros } = await trace(['upper', { plugin: 'reverse', name: 'back' }], 'abc');
    assert.deepEqual(
      steps.map(({ number, name, input, output }) => [number, name, input.head, output?.head]),
      [
        [1, 'upper', { utf8: 'abc' }, { utf8: 'ABC' }],
        [2, 'back', { utf8: 'ABC' }, { utf8: 'CBA' }],
      ],
    );
    const [first] = steps;
    assert.ok(first?.result?.module === 'upper' && (first.result.fuel ?? 0) > 0 && first.result.pages > 0);
    assert.ok(steps.reduce((sum, { result }) => sum + (result?.micros ?? 0), 0) <= micros);
  });

  it('gives the same as chain/execute', async () => {
    const steps: ChainStep[] = [
      'upper',
      { input: 'text', output: 'csv', sql: 'select line, length(line) as n from input' },
    ];
    const params = { steps, namespace: folder, input: { utf8: 'one\ntwo' }, limits: { timeoutMs: 120_000 } };
    const { output } = await connection.request('chain/execute', params);
    const traced = await connection.request('chain/trace', params);
    assert.deepEqual(traced.steps.at(-1)?.output?.head, output);
    assert.deepEqual(traced.steps[1]?.result?.sql, 'select line, length(line) as n from input');
  });

  it('runs from a step on, on the input that it is given', async () => {
    const { steps } = await trace(['loop', 'upper', 'reverse'], 'xy', { from: 2 });
    assert.deepEqual(
      steps.map(({ number, output }) => [number, output?.head]),
      [
        [2, { utf8: 'XY' }],
        [3, { utf8: 'YX' }],
      ],
    );
    await throwsKind('PARAMS_INVALID', /from is 4/, () =>
      trace(['upper', 'upper', 'upper'], '', { from: 4 }),
    );
    await throwsKind('PARAMS_INVALID', /from/, () => trace(['upper'], '', { from: 0 }));
  });

  it('tells of a step that failed, with its input and those before it', async () => {
    const limits = { timeoutMs: 120_000, fuel: 100_000 };
    const { steps } = await trace(['upper', 'loop', 'reverse'], 'abc', { limits });
    assert.deepEqual(
      steps.map(({ number, input, output, error }) => [number, input.head, output?.head, error?.data.kind]),
      [
        [1, { utf8: 'abc' }, { utf8: 'ABC' }, undefined],
        [2, { utf8: 'ABC' }, undefined, 'FUEL_EXHAUSTED'],
      ],
    );
    assert.match(steps[1]?.error?.message ?? '', /^Step 2 \(loop\)/);
    const sql = { sql: 'select nothing from input', input: 'text' } as const;
    const failed = await trace(['upper', sql], 'abc');
    assert.equal(failed.steps[1]?.error?.data.kind, 'SQL_BIND');
  });

  it('fails as a whole where no step is to blame', async () => {
    await throwsKind('MODULE_UNKNOWN', /nobody/, () => trace(['upper', 'nobody'], 'a'));
    await throwsKind('PARAMS_INVALID', /steps/, () => trace([], 'a'));
  });

  it('writes what is long to the folder that it is given, and cuts no character', async () => {
    const input = `${'x'.repeat(65_534)}€${'y'.repeat(1000)}`;
    const cut = await trace(['reverse'], input);
    assert.deepEqual(cut.steps[0]?.input.head, { utf8: 'x'.repeat(65_534) });
    assert.deepEqual([cut.steps[0]?.input.byteLength, cut.steps[0]?.input.file], [66_537, undefined]);
    const { steps } = await trace(['upper', 'upper'], input, { traceFolder });
    const file = steps[0]?.output?.file ?? '';
    assert.equal(path.dirname(file), traceFolder);
    assert.equal(readFileSync(file).byteLength, 66_537);
    assert.equal(steps[1]?.input.file, file, 'one file for what two steps have');
    const gone = path.join(traceFolder, 'gone');
    await throwsKind('FILE_IO', /traceFolder/, () => trace(['upper'], input, { traceFolder: gone }));
  });

  it('is printed by quern chain --trace', async () => {
    const file = path.join(folder, 'both.chain.json');
    writeFileSync(file, JSON.stringify({ steps: ['upper', { plugin: 'reverse', name: 'back' }] }));
    const run = (...args: string[]) =>
      quern(home, ['chain', ...args], { stdin: 'ab\u001b[31m', cwd: folder });
    const { code, stdout } = await run(file, '--trace');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^1\. upper: .*fuel.*\n {2}input: 7 bytes\n {4}ab·\[31m\n {2}output: 7 bytes\n {4}AB·/,
    );
    assert.match(stdout, /\n\n2\. back \(reverse\): .*\n {2}output: 7 bytes\n/);
    const rest = await run('upper,reverse', '--trace', '--from', '2', '--json');
    const parsed = JSON.parse(rest.stdout) as ChainTraceResult;
    assert.deepEqual(
      parsed.steps.map(({ number }) => number),
      [2],
    );
    const failed = await run('upper,loop', '--trace', '--fuel', '5000');
    assert.equal(failed.code, 1);
    assert.match(failed.stdout, /\n\n2\. loop\n {2}input: 7 bytes\n[\s\S]*failed: FUEL_EXHAUSTED: Step 2/);
  });
});
