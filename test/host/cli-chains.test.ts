import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CommandOptions, quern } from '../support/cli.ts';
import { distFolder } from '../support/dist.ts';
import { eventually } from '../support/eventually.ts';
import { HostHome } from '../support/host-process.ts';
import { projectRoot } from '../support/project.ts';
import { assemble, LOOP_WAT } from '../support/wat.ts';

const NUMBERS_WAT = `(module
  (memory (export "memory") 1)
  (func (export "divide") (param i32 i32) (result i32 i32)
    (i32.div_s (local.get 0) (local.get 1)) (i32.rem_s (local.get 0) (local.get 1)))
  (func (export "half") (param f64) (result f64) (f64.div (local.get 0) (f64.const 2)))
  (func (export "nothing")))`;

describe('quern chain, call and events on the command line', function () {
  // An engine starts in a second, and in twenty on a machine that is busy with other suites.
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  const run = (args: readonly string[], options: CommandOptions = {}) =>
    quern(home, args, { cwd: folder, ...options });
  const succeed = async (args: readonly string[], options: CommandOptions = {}): Promise<string> => {
    const { code, stdout, stderr } = await run(args, options);
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
    return stdout;
  };

  before(async () => {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'numbers.wasm'), await assemble(NUMBERS_WAT));
    writeFileSync(path.join(folder, 'loop.wasm'), await assemble(LOOP_WAT));
    cpSync(path.join(projectRoot(), 'examples/chains'), path.join(folder, 'chains'), { recursive: true });
    cpSync(path.join(projectRoot(), 'examples/plugins'), path.join(folder, 'plugins'), { recursive: true });
    await succeed(['load', 'numbers.wasm']);
    await succeed(['load', 'loop.wasm']);
  });
  after(async () => {
    await run(['stop']);
    await home.dispose();
  });

  it('runs the example chains', async () => {
    const plugins = ['--plugins', 'plugins'];
    const { code, stdout, stderr } = await run(['chain', 'chains/word-count.chain.json', ...plugins, '-v'], {
      stdin: 'the cat and the hat\nand the bat\r\n',
    });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'word,n\nTHE,3\nAND,2\nBAT,1\nCAT,1\nHAT,1\n');
    assert.match(stderr, /^1\. upper: .* pages of memory, \d+ fuel$/m);
    assert.match(stderr, /^2\. count: .*, 5 rows, 37 bytes$/m);
    const slugs = ['chain', 'chains/slugs.chain.json', ...plugins, '--input', 'Hello again\n\nfoo Bar'];
    assert.equal(
      await succeed(slugs),
      '{"SLUG":"HELLO-AGAIN","TITLE":"HELLO AGAIN"}\n{"SLUG":"FOO-BAR","TITLE":"FOO BAR"}\n',
    );
  });

  it('runs a chain that quern.json names, with the plugins that it names', async () => {
    const place = path.join(folder, 'named');
    mkdirSync(path.join(place, 'udf'), { recursive: true });
    cpSync(path.join(folder, 'plugins', 'upper.wat'), path.join(place, 'udf', 'upper.wat'));
    const counted = { sql: 'select line, length(line) as n from input', input: 'text', output: 'csv' };
    const named = { plugins: ['udf'], chains: { loud: { steps: ['upper', counted] }, again: ['nope'] } };
    writeFileSync(path.join(place, 'quern.json'), JSON.stringify(named));
    const args = ['chain', 'loud', '--input', 'abc'];
    assert.equal(await succeed(args, { cwd: place }), 'line,n\nABC,3\n');
    assert.equal(await succeed([...args, '--folder', 'named']), 'line,n\nABC,3\n');
    const { code, stderr } = await run(['chain', 'again', '--input', ''], { cwd: place });
    assert.equal(code, 1);
    assert.match(stderr, /^quern: Step 1 \(nope\): /m);
  });

  it('says what is wrong with a chain file', async () => {
    writeFileSync(path.join(folder, 'bad.chain.json'), '{"steps": ["a"], "namespce": "x"}');
    const { code, stderr } = await run(['chain', 'bad.chain.json', '--input', '']);
    assert.equal(code, 1);
    assert.match(stderr, /^quern: In bad\.chain\.json, \$\.namespce is not known; there are /);
  });

  it('calls any export of numbers', async () => {
    assert.equal(await succeed(['call', 'numbers', 'divide', '17', '5']), '3 2\n');
    assert.equal(await succeed(['call', 'numbers', 'half', '-5']), '-2.5\n');
    assert.equal(await succeed(['call', 'numbers', 'half', 'NaN']), 'NaN\n');
    assert.equal(await succeed(['call', 'numbers', 'nothing']), 'NULL\n');
    const json = JSON.parse(await succeed(['call', 'numbers', 'divide', '17', '5', '--json']));
    assert.deepEqual(json.result, [3, 2]);
    const { code, stderr } = await run(['call', 'numbers', 'divide', '17', 'x']);
    assert.equal(code, 1);
    assert.match(stderr, /^quern: p2 is a INTEGER, and "x" is not a whole number/);
  });

  it('takes limits from the quern.json of the current folder, or of another', async () => {
    const other = path.join(folder, 'other');
    mkdirSync(other);
    writeFileSync(path.join(other, 'quern.json'), '{"limits": {"timeoutMs": 250}}');
    const args = ['execute', 'loop', '--input', ''];
    assert.match((await run([...args, '--folder', 'other'])).stderr, /within 250 ms/);
    assert.match((await run(args, { cwd: other })).stderr, /within 250 ms/);
    assert.match((await run([...args, '--timeout-ms', '350'], { cwd: other })).stderr, /within 350 ms/);
  });

  it('prints events until Ctrl+C', async () => {
    const program = path.join(distFolder(), 'quern.js');
    const child = spawn(process.execPath, [program, 'events', '--types', 'loaded,unloaded', '--json', '-v'], {
      env: { ...process.env, QUERN_HOME: home.folder },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    await eventually('it listens', () => (stderr.includes('Subscribed to') ? true : undefined));
    await succeed(['load', 'numbers.wasm', '--name', 'seen']);
    await succeed(['unload', 'seen']);
    await eventually('both events', () => (stdout.split('\n').length > 2 ? true : undefined));
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('close', resolve));
    assert.equal(code, 0, stderr);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      events.map((event) => `${event.type} ${event.module.name}`),
      ['loaded seen', 'unloaded seen'],
    );
    assert.equal((await run(['events', '--types', 'loadd'])).code, 2);
  });
});
