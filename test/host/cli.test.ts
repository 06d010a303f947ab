import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { type CommandOptions, type CommandOutcome, quern } from '../support/cli.ts';
import { distFolder } from '../support/dist.ts';
import { eventually } from '../support/eventually.ts';
import { HostHome } from '../support/host-process.ts';
import { assemble, assemblePlugin, ECHO_WAT, REVERSE_WAT, sqlFunction, UPPER_WAT } from '../support/wat.ts';

const DOUBLE_WAT = `(module
  (@custom "quern" "{\\"abi\\":1,\\"functions\\":[{\\"name\\":\\"twice\\",\\"parameters\\":[{\\"name\\":\\"x\\",\\"type\\":\\"BIGINT\\"}],\\"returns\\":\\"BIGINT\\"}]}")
  (func (export "twice") (param i64) (result i64) (i64.mul (local.get 0) (i64.const 2))))`;

const TRIPLE_TS = `/** Three times a number. */
@udf
export function triple(x: i32): i32 {
  return x * 3;
}
`;

describe('quern on the command line', function () {
  // An engine starts in a second, and in ten on a machine that is busy with other suites.
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  const run = (args: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> =>
    quern(home, args, { cwd: folder, ...options });
  const succeed = async (args: readonly string[], options: CommandOptions = {}): Promise<string> => {
    const { code, stdout, stderr } = await run(args, options);
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
    assert.doesNotMatch(stderr, /^\s+at /m);
    return stdout;
  };

  before(async () => {
    mkdirSync(path.join(folder, 'plugins'), { recursive: true });
    writeFileSync(path.join(folder, 'upper.wasm'), await assemble(UPPER_WAT));
    writeFileSync(path.join(folder, 'reverse.wasm'), await assemble(REVERSE_WAT));
    writeFileSync(path.join(folder, 'echo.wasm'), await assemble(ECHO_WAT));
    writeFileSync(path.join(folder, 'plugins', 'double.wat'), DOUBLE_WAT);
    writeFileSync(path.join(folder, 'plugins', 'triple.ts'), TRIPLE_TS);
    writeFileSync(path.join(folder, 'people.csv'), 'name,age\nAda,36\nAlan,41\nGrace,\n');
    writeFileSync(
      path.join(folder, 'q.sql'),
      "select name, twice(age) as d, triple(age::int) as t\nfrom 'people.csv' order by name;\n",
    );
  });
  after(async () => {
    await run(['stop']);
    await home.dispose();
  });

  it('says that no host runs, and then which', async () => {
    assert.deepEqual(JSON.parse(await succeed(['status', '--json'])).running, false);
    await succeed(['list']);
    const status = JSON.parse(await succeed(['status', '--json']));
    assert.deepEqual(
      ['running', 'pid', 'socket', 'version', 'uptimeMs'].map((key) => typeof status[key]),
      ['boolean', 'number', 'string', 'string', 'number'],
    );
    assert.match(await succeed(['status']), /^process +\d+$/m);
  });

  it('loads, lists, describes and unloads modules', async () => {
    assert.match(await succeed(['load', 'upper.wasm']), /^upper {2}[0-9a-f-]{36}\n/);
    const loaded = JSON.parse(await succeed(['load', 'echo.wasm', '--name', 'my echo', '--json']));
    assert.match(await succeed(['list']), /^my echo +[0-9a-f-]{36} +process +default$/m);
    const listed = JSON.parse(await succeed(['list', '--json'])).modules;
    assert.ok(listed.some((m: { uuid: string }) => m.uuid === loaded.uuid));
    assert.match(await succeed(['functions', loaded.uuid]), /process\(i32, i32\) -> i32/);
    assert.match(await succeed(['unload', 'my echo']), /Unloaded my echo/);
    assert.doesNotMatch(await succeed(['list']), /my echo/);
  });

  it('grants what a module needs when it is told to, and says what is missing', async () => {
    const imports = `(import "host" "now_ms" (func (result f64)))
      (import "host" "random" (func (param i32 i32)))`;
    const wat = UPPER_WAT.replace('(module', `(module ${imports}`);
    writeFileSync(path.join(folder, 'needy.wasm'), await assemble(wat));
    assert.match(await succeed(['load', 'needy.wasm']), /Capabilities: log; not granted: random, clock/);
    await succeed(['load', 'needy.wasm', '--grant', 'clock, state', '--grant', 'log']);
    await succeed(['load', 'needy.wasm']);
    assert.match(
      await succeed(['functions', 'needy']),
      /^Capabilities: log, state, clock; not granted: random \(quern load --grant\)$/m,
    );
    const { capabilities } = JSON.parse(await succeed(['functions', 'needy', '--json']));
    assert.deepEqual(capabilities, { needed: ['random', 'clock'], granted: ['log', 'state', 'clock'] });
    const none = JSON.parse(await succeed(['load', 'needy.wasm', '--grant', 'none', '--json']));
    assert.deepEqual(none.capabilities.granted, ['log']);
    const { code, stderr } = await run(['load', 'needy.wasm', '--grant', 'network']);
    assert.equal(code, 1);
    assert.match(stderr, /no capability "network"\. There are log, state,/);
    await succeed(['unload', 'needy']);
  });

  it('loads sources, too', async () => {
    assert.match(await succeed(['load', 'plugins/double.wat']), /twice\(x BIGINT\) -> BIGINT/);
    assert.equal(await succeed(['call', 'double', 'twice', '9007199254740993']), '18014398509481986\n');
    assert.equal(await succeed(['call', 'double', 'twice', '-4']), '-8\n');
    assert.equal(await succeed(['call', 'double', 'twice', 'NULL']), 'NULL\n');
    assert.equal(JSON.parse(await succeed(['call', 'double', 'twice', '21', '--json'])).result, '42');
    await succeed(['unload', 'double']);
  });

  it('takes a sidecar manifest for a module without one', async () => {
    const wat = '(module (func (export "answer") (result i32) (i32.const 42)))';
    writeFileSync(path.join(folder, 'foreign.wasm'), await assemble(wat));
    const manifest = { abi: 1, functions: [{ name: 'answer', parameters: [], returns: 'INTEGER' }] };
    writeFileSync(path.join(folder, 'foreign.quern.json'), JSON.stringify(manifest));
    await succeed(['load', 'foreign.wasm']);
    assert.equal(await succeed(['call', 'foreign', 'answer']), '42\n');
  });

  it('runs a module on text, on a file, and on what comes in', async () => {
    await succeed(['load', 'upper.wasm']);
    writeFileSync(path.join(folder, 'in.txt'), 'from a file');
    assert.equal(await succeed(['execute', 'upper', '--input', 'hello']), 'HELLO');
    assert.equal(await succeed(['execute', 'upper', '--input-file', 'in.txt']), 'FROM A FILE');
    assert.equal(await succeed(['execute', 'upper'], { stdin: 'piped' }), 'PIPED');
    assert.equal(JSON.parse(await succeed(['execute', 'upper', '--input', 'x', '--json'])).output.utf8, 'X');
  });

  it('runs chains from a list and from a file', async () => {
    await succeed(['load', 'upper.wasm']);
    await succeed(['load', 'reverse.wasm']);
    assert.equal(await succeed(['chain', 'upper,reverse', '--input', 'abc']), 'CBA');
    writeFileSync(path.join(folder, 'both.chain.json'), '{"steps": ["upper", "reverse", "reverse"]}');
    assert.equal(await succeed(['chain', 'both.chain.json'], { stdin: 'abc' }), 'ABC');
  });

  it('runs a file with the plugins beside it', async () => {
    const { code, stdout, stderr } = await run(['run', 'q.sql']);
    assert.equal(code, 0, stderr);
    assert.equal(
      stdout,
      [
        '┌───────┬──────┬──────┐',
        '│ name  │    d │    t │',
        '├───────┼──────┼──────┤',
        '│ Ada   │   72 │  108 │',
        '│ Alan  │   82 │  123 │',
        '│ Grace │ NULL │ NULL │',
        '└───────┴──────┴──────┘',
        '',
      ].join('\n'),
    );
    assert.match(stderr, /^3 rows in .*; plugin functions .* for \d+ rows, [\d,]+ fuel a row\n$/);
  });

  it('lists the functions of a folder, and the places of its SQL that call them', async () => {
    mkdirSync(path.join(folder, 'more-sql'), { recursive: true });
    const calls = '-- triple(1) is no call\nselect \'triple(2)\', "TRIPLE" (3),\n  (4).triple();\n';
    writeFileSync(path.join(folder, 'more-sql', 'calls.sql'), calls);
    const listed = await succeed(['functions']);
    const triple = [
      'plugins/triple.ts:',
      '  triple(x INTEGER) -> INTEGER  -- Three times a number.',
      '    more-sql/calls.sql:2:21',
      '    more-sql/calls.sql:3:7',
      '    q.sql:1:31',
      '',
    ];
    assert.ok(`${listed}\n`.includes(triple.join('\n')), listed);
    const { functions } = JSON.parse(await succeed(['functions', '--json']));
    const twice = functions.find((fn: { name: string }) => fn.name === 'twice');
    assert.deepEqual(twice.uses, [{ path: 'q.sql', line: 1, column: 14 }]);
    assert.equal(twice.source, path.join(folder, 'plugins', 'double.wat'));
    const { code, stderr } = await run(['functions', 'triple', '--plugins', 'plugins']);
    assert.deepEqual([code, /--plugins goes without a module/.test(stderr)], [2, true], stderr);
  });

  it('runs a changed plugin in its new version, and forgets a deleted one', async () => {
    const file = path.join(folder, 'plugins', 'extra.wat');
    writeFileSync(file, DOUBLE_WAT.replaceAll('twice', 'extra'));
    assert.equal(await succeed(['run', '--format', 'csv', '-e', 'select extra(5) x']), 'x\n10\n');
    writeFileSync(file, DOUBLE_WAT.replaceAll('twice', 'extra').replace('i64.const 2', 'i64.const 7'));
    assert.equal(await succeed(['run', '--format', 'csv', '-e', 'select extra(5) x']), 'x\n35\n');
    unlinkSync(file);
    assert.equal((await run(['run', '-e', 'select extra(5)'])).code, 1);
  });

  it('uses what quern load loaded, and other plugin folders', async () => {
    mkdirSync(path.join(folder, 'more'), { recursive: true });
    writeFileSync(
      path.join(folder, 'more', 'five.wasm'),
      await assemblePlugin('(module (func (export "five") (result i32) (i32.const 5)))', [
        sqlFunction('five', [], 'INTEGER'),
      ]),
    );
    await succeed(['load', 'more/five.wasm', '--name', 'five']);
    assert.equal(await succeed(['run', '--format', 'csv', '-e', 'select five() + twice(1) x']), 'x\n7\n');
    await succeed(['unload', 'five']);
    assert.equal((await run(['run', '-e', 'select five()'])).code, 1);
    const both = ['--plugins', 'plugins', '--plugins', 'more'];
    assert.equal(
      await succeed(['run', '--format', 'csv', ...both, '-e', 'select five() + twice(1) x']),
      'x\n7\n',
    );
  });

  it('writes every text format', async () => {
    const sql = `select 1 as a, 'x,"y' as b, null as c, '' as d, 170141183460469231731687303715884105727 as h, [1, 2] as l`;
    const format = (name: string): Promise<string> => succeed(['run', '--format', name, '-e', sql]);
    assert.equal(
      await format('csv'),
      'a,b,c,d,h,l\n1,"x,""y",,"",170141183460469231731687303715884105727,"[1, 2]"\n',
    );
    const object =
      '{"a":1,"b":"x,\\"y","c":null,"d":"","h":170141183460469231731687303715884105727,"l":[1,2]}';
    assert.equal(await format('ndjson'), `${object}\n`);
    assert.equal(await format('json'), `[\n${object}\n]\n`);
    assert.equal(await succeed(['run', '--json', '-e', sql]), `[\n${object}\n]\n`);
    assert.match(await format('markdown'), /^\| a \| b \| c \| d \| h \| l \|\n\| ---: \| --- \|/);
    assert.match(await format('table'), /│ 1 │ x,"y │ NULL │/);
  });

  it('writes Arrow and Parquet files', async () => {
    await succeed([
      'run',
      '--format',
      'arrow',
      '--out',
      'o.arrow',
      '-e',
      'select range as x from range(5000)',
    ]);
    assert.equal(tableFromIPC(readFileSync(path.join(folder, 'o.arrow'))).numRows, 5000);
    await succeed([
      'run',
      '--format',
      'parquet',
      '--out',
      'o.parquet',
      '-e',
      'select range as x from range(5000)',
    ]);
    const sum = ['run', '--format', 'csv', '-e', "select sum(x)::bigint s from 'o.parquet'"];
    assert.equal(await succeed(sum), 's\n12497500\n');
    await succeed(['run', '--format', 'csv', '--out', 'o.csv', '-e', 'select 1 a']);
    assert.equal(readFileSync(path.join(folder, 'o.csv'), 'utf8'), 'a\n1\n');
  });

  it('shows the rows of every statement, cuts them at the limit, and takes parameters', async () => {
    const tables = await succeed(['run', '-e', 'select 1 a; create table t as select 2; select 3 b']);
    assert.equal(tables.match(/┌/g)?.length, 2);
    const limited = await run(['run', '--format', 'csv', '--limit', '2', '-e', 'from range(10)']);
    assert.equal(limited.stdout, 'range\n0\n1\n');
    assert.match(limited.stderr, /^first 2 rows/);
    const sql = 'select $n + 1 as n, $s as s, $q as q, $z is null as z';
    const params = ['n=41', 's=it’s', 'q="7"', 'z=null'].flatMap((p) => ['--param', p]);
    assert.equal(
      await succeed(['run', '--format', 'csv', '-e', sql, ...params]),
      'n,s,q,z\n42,it’s,7,true\n',
    );
  });

  it('writes 300,000 rows whole, and stops without a word when the reader has enough', async () => {
    const { stdout, stderr: said } = await run([
      'run',
      '--format',
      'csv',
      '-e',
      'select range i from range(300000)',
    ]);
    assert.equal(stdout, `i\n${Array.from({ length: 300_000 }, (_, i) => i).join('\n')}\n`);
    assert.match(said, /^300,000 rows in [^\n]*\n$/);
    const program = path.join(distFolder(), 'quern.js');
    const line = `"${process.execPath}" "${program}" run --format csv -e 'from range(1000000)' | head -2`;
    const child = spawn('sh', ['-c', line], {
      cwd: folder,
      env: { ...process.env, QUERN_HOME: home.folder },
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    await new Promise((resolve) => child.on('close', resolve));
    assert.doesNotMatch(stderr, /EPIPE|Error/);
  });

  it('shows what came before a statement that fails', async () => {
    const { code, stdout, stderr } = await run(['run', '-e', "select 1 a;\nselect 'x'::int b"]);
    assert.equal(code, 1);
    assert.match(stdout, /│ 1 │/);
    assert.match(stderr, /^-e:2:\d+: /);
  });

  it('takes SQL from stdin', async () => {
    assert.equal(await succeed(['run', '--format', 'csv', '-'], { stdin: '\ufeffselect 7 as x' }), 'x\n7\n');
  });

  it('cancels with Ctrl+C', async () => {
    const sql = 'select count(*) from range(100000000) a, range(100000000) b where a.range * b.range % 7 = 1';
    const { code, stderr } = await run(['run', '-e', sql], { interruptAfterMs: 4000 });
    assert.equal(code, 130, stderr);
    assert.match(stderr, /Cancelled/);
    assert.equal(await succeed(['run', '--format', 'csv', '-e', 'select 1 a']), 'a\n1\n');
  });

  it('compiles sources to modules', async () => {
    const compile = (...more: string[]) =>
      succeed(['compile', 'plugins/double.wat', '--out', 'built', ...more]);
    assert.match(await compile(), /^built\/double\.wasm \d+ B\n$/);
    assert.match(await compile(), /^built\/double\.wasm \d+ B \(unchanged\)\n$/);
    assert.match(await compile('--release'), /^built\/double\.wasm \d+ B \(-\d+ B\)\n$/);
    assert.ok(WebAssembly.validate(readFileSync(path.join(folder, 'built', 'double.wasm'))));
    assert.equal(JSON.parse(await succeed(['compile', 'upper.wasm', '--json'])).files[0].ok, true);
  });

  it('serves in the foreground until it is stopped', async () => {
    const socket = path.join(home.folder, 's.sock');
    const serving = run(['serve', '--socket', socket, '--json']);
    await eventually('it listens', () => (existsSync(socket) ? true : undefined));
    const status = JSON.parse(await succeed(['status', '--json', '--socket', socket]));
    const second = await run(['serve', '--socket', socket]);
    assert.equal(second.code, 1);
    assert.match(second.stderr, new RegExp(`process ${status.pid}`));
    await succeed(['stop', '--socket', socket]);
    const { code, stdout } = await serving;
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), { pid: status.pid, socket });
  });

  it('is a language server on stdin and stdout', async () => {
    const program = path.join(distFolder(), 'quern.js');
    const server = spawn(process.execPath, [program, 'lsp', '--stdio'], { cwd: folder });
    const send = (message: object): void => {
      const text = JSON.stringify({ jsonrpc: '2.0', ...message });
      server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    };
    let stdout = '';
    server.stdout.on('data', (chunk) => {
      stdout += String(chunk);
    });
    send({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
    await eventually('an answer', () => (stdout.includes('"capabilities"') ? true : undefined));
    send({ id: 2, method: 'shutdown' });
    send({ method: 'exit' });
    await new Promise((resolve) => server.on('close', resolve));
    assert.equal(server.exitCode, 0);
  });
});
