import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { ChainParams, ChainResult, ChainRunParams, ChainStep } from '../../wasm-core/protocol/chains.ts';
import type { HostEvent } from '../../wasm-core/protocol/events.ts';
import { throwsKind } from '../support/core-error.ts';
import { eventually } from '../support/eventually.ts';
import { HostHome } from '../support/host-process.ts';
import { assemble, assemblePlugin, LOOP_WAT, REVERSE_WAT, sqlFunction, UPPER_WAT } from '../support/wat.ts';

const TWICE_WAT = `(module
  (memory (export "memory") 1 2)
  (func (export "twice") (param i64) (result i64) (i64.mul (local.get 0) (i64.const 2)))
  (func (export "divide") (param i32 i32) (result i32 i32)
    (i32.div_s (local.get 0) (local.get 1)) (i32.rem_s (local.get 0) (local.get 1)))
  (func (export "vector") (param v128)))`;

/** A query that no machine finishes in a test's time. */
const ENDLESS = 'select count(*) from range(100000000) a, range(100000000) b where a.range * b.range % 7 = 1';

describe('host: chains, workspace files, calls of exports, events', function () {
  // An engine starts in a second, and in twenty on a machine that is busy with other suites.
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'data');
  let connection: HostConnection;
  before(async () => {
    mkdirSync(folder);
    connection = await home.connect();
    const twice = await assemblePlugin(TWICE_WAT, [sqlFunction('twice', ['BIGINT'], 'BIGINT')]);
    const modules = {
      upper: await assemble(UPPER_WAT),
      reverse: await assemble(REVERSE_WAT),
      loop: await assemble(LOOP_WAT),
      twice,
    };
    for (const [name, bytes] of Object.entries(modules)) {
      const base64 = Buffer.from(bytes).toString('base64');
      for (const namespace of [folder, 'default'])
        await connection.request('module/load', { bytes: { base64 }, name, namespace });
    }
  });
  after(() => home.dispose());

  const chain = (
    steps: readonly ChainStep[],
    input: string,
    options: Partial<ChainRunParams> = {},
  ): Promise<ChainResult> =>
    connection.request('chain/execute', {
      steps,
      namespace: folder,
      input: { utf8: input },
      limits: { timeoutMs: 120_000 },
      ...options,
    });
  const textOf = ({ output }: ChainResult): string => ('utf8' in output ? output.utf8 : '');

  it('runs plugins and SQL in a row, with the plugins’ functions in the SQL', async () => {
    const result = await chain(
      [
        { plugin: 'upper', name: 'capitals' },
        { sql: 'select line, twice(length(line)) as n from input', input: 'text', name: 'measure' },
        'reverse',
      ],
      'ab\nc\n',
    );
    assert.equal([...textOf(result)].reverse().join(''), '{"line":"AB","n":4}\n{"line":"C","n":2}\n');
    const [first, second, third] = result.steps;
    assert.deepEqual([first?.name, first?.module, third?.name], ['capitals', 'upper', 'reverse']);
    assert(second?.sql !== undefined);
    assert.deepEqual([second.name, second.rows, second.outputBytes], ['measure', 2, 39]);
  });

  it('hands rows from one SQL step to the next in every format, and keeps them exact', async () => {
    const formats = ['json', 'csv', 'parquet', 'arrow', 'ndjson'] as const;
    const steps = formats.map((output) => ({ sql: 'select id, note from input order by id', output }));
    const input = '{"id":9007199254740993,"note":"a \\"b\\", ü"}\n{"id":2,"note":null}\n';
    const result = await chain([{ sql: 'from input', input: 'ndjson' }, ...steps], input);
    assert.equal(
      textOf(result),
      '{"id":2}\n{"id":9007199254740993,"note":"a \\"b\\", ü"}\n'.replace('{"id":2}', '{"id":2,"note":null}'),
    );
  });

  it('reads and writes the files of its folder, and no others', async () => {
    writeFileSync(path.join(folder, 'names.csv'), 'id,name\n1,Ada\n2,Alan\n');
    const join = "select name from input join 'names.csv' using (id)";
    assert.equal(textOf(await chain([{ sql: join }], '[{"id": 2}]')), '{"name":"Alan"}\n');
    await throwsKind('PATH_DENIED', /^Step 1 \(sql\): /, () =>
      chain([{ sql: "from '/etc/passwd.csv'" }], '[{"id": 2}]'),
    );
  });

  it('names the step of an error of SQL, and its place in the step’s text', async () => {
    const sql = 'select 1; select nope from input';
    const error = await throwsKind('SQL_BIND', /^Step 2 \(broken\): .*"nope" not found/s, () =>
      chain(['upper', { sql, name: 'broken' }], '{"A": 1}'),
    );
    const { step, name, start, end } = error.details;
    assert.deepEqual([step, name, sql.slice(Number(start), Number(end))], [2, 'broken', 'nope']);
  });

  it('says of an input that it is not what the step reads', async () => {
    const run = (): Promise<unknown> => chain([{ sql: 'from input', input: 'parquet' }], 'hello');
    const error = await throwsKind('FORMAT_DATA', /^Step 1 \(sql\): Its input of 5 bytes .* parquet/, run);
    assert.doesNotMatch(error.message, new RegExp(home.folder));
  });

  it('keeps a step within its own limits', async () => {
    const sql = "select repeat('x', 1000) as x from input";
    await throwsKind('OUTPUT_LIMIT', /^Step 1 \(sql\): The rows take 1\d+ bytes, more than the 100/, () =>
      chain([{ sql, limits: { maxOutputBytes: 100 } }], '[{"a": 1}]'),
    );
    const late = { plugin: 'loop', name: 'slow', limits: { timeoutMs: 300 } };
    await throwsKind('DEADLINE_EXCEEDED', /^Step 2 \(slow\): .*within 300 ms/, () =>
      chain(['upper', late], 'x'),
    );
  });

  it('ends endless SQL at the chain’s deadline and when it is cancelled, and its session with it', async () => {
    const sessions = async (): Promise<number> =>
      (await connection.request('host/stats', undefined)).sessions;
    const before = await sessions();
    await throwsKind('DEADLINE_EXCEEDED', /^Step 1 \(sql\): .*within 100 ms/, () =>
      chain([{ sql: ENDLESS }], '[{"a": 1}]', { limits: { timeoutMs: 100 } }),
    );
    const abort = new AbortController();
    const run = connection.request(
      'chain/execute',
      { steps: [{ sql: ENDLESS }], namespace: folder, input: { utf8: '[{"a": 1}]' } },
      { signal: abort.signal },
    );
    setTimeout(() => abort.abort(), 200);
    await throwsKind('CANCELLED', /^Step 1 \(sql\): /, () => run);
    await eventually('no session is left', async () => ((await sessions()) === before ? true : undefined));
  });

  it('refuses SQL without a folder, and steps that are none', async () => {
    await throwsKind('PARAMS_INVALID', /needs folder/, () =>
      chain([{ sql: 'from input' }], '', { namespace: 'default' }),
    );
    const step = { plugn: 'upper' } as unknown as string;
    await throwsKind('PARAMS_INVALID', /steps\[0\]\.plugn is not known; did you mean plugin/, () =>
      chain([step], ''),
    );
  });

  it('lists the chain files of a folder, broken ones with their fault', async () => {
    const chains = path.join(folder, 'chains');
    for (const sub of ['a', 'node_modules', '.hidden']) {
      mkdirSync(path.join(chains, sub), { recursive: true });
      writeFileSync(path.join(chains, sub, 'deep.chain.json'), '{"name":"d","doc":"t","steps":["upper"]}');
    }
    writeFileSync(path.join(chains, 'broken.chain.json'), '{"steps": []}');
    writeFileSync(path.join(chains, 'other.json'), '{}');
    const listed = await connection.request('chain/list', { folder: chains });
    assert.equal(listed.truncated, false);
    const [deep, broken] = listed.chains;
    assert.deepEqual(deep, {
      path: path.join(chains, 'a', 'deep.chain.json'),
      name: 'd',
      doc: 't',
      stepCount: 1,
    });
    assert.deepEqual([broken?.name, broken?.error?.kind], ['broken', 'FORMAT_CHAIN']);
    assert.equal(listed.chains.length, 2);
    await throwsKind('FILE_NOT_FOUND', /no folder/, () =>
      connection.request('chain/list', { folder: path.join(folder, 'gone') }),
    );
  });

  it('runs and lists the chains that quern.json names, by file, by steps or whole', async () => {
    const place = path.join(home.folder, 'named');
    mkdirSync(path.join(place, 'chains'), { recursive: true });
    writeFileSync(path.join(place, 'chains', 'ids.csv'), 'id\n7\n');
    const sql = "select line, id from input, 'ids.csv'";
    const file = { name: 'clean up', steps: ['upper', { sql, input: 'text' }] };
    writeFileSync(path.join(place, 'chains', 'clean.chain.json'), JSON.stringify(file));
    writeFileSync(path.join(place, 'chains', 'other.chain.json'), '{"steps": ["upper"]}');
    const chains = {
      clean: 'chains/clean.chain.json',
      turn: ['upper', 'reverse'],
      slow: { doc: 'Never ends.', limits: { timeoutMs: 300 }, steps: ['loop'] },
      gone: 'chains/gone.chain.json',
    };
    const workspaceFile = path.join(place, 'quern.json');
    writeFileSync(workspaceFile, JSON.stringify({ chains, limits: { timeoutMs: 120_000 } }));
    const run = (name: string, options: Partial<ChainRunParams> = {}): Promise<ChainResult> =>
      connection.request('chain/execute', { chain: name, folder: place, input: { utf8: 'ab' }, ...options });
    assert.equal(textOf(await run('turn')), 'BA');
    assert.equal(textOf(await run('clean')), '{"line":"AB","id":7}\n');
    await throwsKind('DEADLINE_EXCEEDED', /within 300 ms/, () => run('slow'));
    await throwsKind('DEADLINE_EXCEEDED', /within 400 ms/, () => run('slow', { limits: { timeoutMs: 400 } }));
    await throwsKind('PARAMS_INVALID', /names no chain turm\. Did you mean turn\?/, () => run('turm'));
    await throwsKind('FILE_NOT_FOUND', /There is no chain file .*gone/, () => run('gone'));
    const both = { steps: ['upper'], chain: 'turn', input: { utf8: '' } } as unknown as ChainParams;
    await throwsKind('PARAMS_INVALID', /not both/, () => connection.request('chain/execute', both));

    const listed = (await connection.request('chain/list', { folder: place })).chains;
    assert.deepEqual(
      listed.map((one) => [one.chain, one.name, path.relative(place, one.path), one.stepCount]),
      [
        ['clean', 'clean up', 'chains/clean.chain.json', 2],
        ['turn', 'turn', 'quern.json', 2],
        ['slow', 'slow', 'quern.json', 1],
        ['gone', 'gone', 'chains/gone.chain.json', undefined],
        [undefined, 'other', 'chains/other.chain.json', 1],
      ],
    );
    assert.equal(listed[3]?.error?.kind, 'FILE_NOT_FOUND');
    writeFileSync(workspaceFile, '{"chain": {}}');
    const [broken] = (await connection.request('chain/list', { folder: place })).chains;
    assert.deepEqual([broken?.path, broken?.error?.kind], [workspaceFile, 'FORMAT_WORKSPACE']);
  });

  it('takes a run’s limits from the workspace file, under those of the request', async () => {
    const place = path.join(home.folder, 'limited');
    mkdirSync(place);
    writeFileSync(path.join(place, 'quern.json'), '{"limits": {"timeoutMs": 250}}');
    const run = (limits?: ChainParams['limits']): Promise<unknown> =>
      connection.request('module/execute', {
        module: 'loop',
        folder: place,
        input: { utf8: '' },
        ...(limits && { limits }),
      });
    await throwsKind('DEADLINE_EXCEEDED', /250 ms/, () => run());
    await throwsKind('DEADLINE_EXCEEDED', /350 ms/, () => run({ timeoutMs: 350 }));
  });

  it('fails a run in a folder whose workspace file is broken, and warns', async () => {
    const place = path.join(home.folder, 'broken');
    mkdirSync(place);
    writeFileSync(path.join(place, 'quern.json'), '{"limit": {}}');
    const warnings: HostEvent[] = [];
    const other = await home.connect();
    other.onEvent((event) => warnings.push(event), ['warning']);
    const told = /quern\.json, \$\.limit is not known; did you mean limits\?/;
    await throwsKind('FORMAT_WORKSPACE', told, () =>
      connection.request('module/call', {
        module: 'twice',
        folder: place,
        function: 'twice',
        arguments: [1],
      }),
    );
    const warning = await eventually('a warning', () => warnings[0]);
    assert(warning.type === 'warning' && told.test(warning.message));
    other.dispose();
  });

  it('calls exports that no manifest declares', async () => {
    const call = (fn: string, args: readonly number[]) =>
      connection.request('module/call', { module: 'twice', function: fn, arguments: args });
    const { result, type } = await call('divide', [17, 5]);
    assert.deepEqual([result, type], [[3, 2], '(INTEGER, INTEGER)']);
    await throwsKind('TRAP', /divide/, () => call('divide', [1, 0]));
    await throwsKind('FUNCTION_UNKNOWN', /parameter 1 is v128/, () => call('vector', [1]));
    await throwsKind('FUNCTION_UNKNOWN', /Did you mean divide\?/, () => call('divid', []));
  });

  it('sends a subscriber the types that it asked for last', async () => {
    const client = await home.raw({ hello: true });
    const base64 = Buffer.from(await assemble(UPPER_WAT)).toString('base64');
    await client.request('events/subscribe', {});
    await client.request('events/subscribe', { types: ['unloaded'] });
    await client.request('module/load', { bytes: { base64 }, name: 'typed' });
    await client.request('module/unload', { module: 'typed' });
    const other = await home.connect();
    const events: string[] = [];
    other.onEvent((event) => events.push(event.type), ['unloaded']);
    await other.request('module/load', { bytes: { base64 }, name: 'typed' });
    await other.request('module/unload', { module: 'typed' });
    await eventually('the event', () => (events.length > 0 ? true : undefined));
    assert.deepEqual(events, ['unloaded']);
    await throwsKind('PARAMS_INVALID', /types\[0\] is "loadd"; did you mean loaded\?/, () =>
      other.request('events/subscribe', { types: ['loadd' as 'loaded'] }),
    );
    assert.match(home.log(), /info Loaded typed \([0-9a-f-]{36}\) of default/);
    other.dispose();
  });
});
