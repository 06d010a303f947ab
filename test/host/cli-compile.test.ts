import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileArguments } from '../../client/tasks/compile-arguments.ts';
import { type CommandOptions, type CommandOutcome, quern } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { fakeClang, isGone } from '../support/fake-tool.ts';
import { HostHome } from '../support/host-process.ts';
import { readProjectFile } from '../support/project.ts';

interface Manifest {
  readonly contributes: {
    readonly problemMatchers: readonly { readonly pattern: { readonly regexp: string } }[];
  };
}

/** A module with a function `f` of BIGINT that gives what it is given. */
const SAME = '0061736d0100000001060160017e017e03020100070501016600000a0601040020000b';
const SOURCE = '// @udf f(x BIGINT) -> BIGINT\n';

describe('quern compile', () => {
  let folder: string;
  const home = new HostHome();
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'qc-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  after(() => home.dispose());

  const file = (name: string): string => path.join(folder, name);
  function compile(args: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> {
    return quern(home, ['compile', ...args], { cwd: folder, ...options });
  }
  /** A compiler of C that notes each time that it is called, and writes a module. */
  function noting(then = ''): string {
    const note = `require('fs').appendFileSync(${JSON.stringify(file('calls'))}, 'x');`;
    const module = `require('fs').writeFileSync(out, Buffer.from('${SAME}', 'hex'));`;
    const read = "require('fs').writeFileSync(args[args.indexOf('-MF') + 1], 'p.o: p.c');";
    return `clang=${fakeClang(folder, `${note} ${then} ${module} ${read}`)}`;
  }
  const calls = (): number => (existsSync(file('calls')) ? readFileSync(file('calls')).length : 0);

  it('prints faults as the editor’s problem matcher reads them', async () => {
    writeFileSync(file('bad.wat'), '(module\n  (func (result i32) i64.const 1))');
    const { code, stderr } = await compile(['bad.wat']);
    assert.equal(code, 1);
    const { contributes } = JSON.parse(readProjectFile('package.json')) as Manifest;
    const pattern = new RegExp(contributes.problemMatchers[0]?.pattern.regexp ?? '');
    const [line = ''] = stderr.split('\n');
    assert.deepEqual(pattern.exec(line)?.slice(1, 6), ['bad.wat', '2', '22', 'error', 'wat/type']);
  });

  it('compiles the plugins of a folder, without files those of the current one', async () => {
    const wat =
      ';; @udf f(x BIGINT) -> BIGINT\n(module (func (export "f") (param i64) (result i64) local.get 0))';
    for (const name of ['udf/a.wat', 'udf/b.wat', 'plugins/c.wat', 'sources/d.wat']) {
      mkdirSync(path.dirname(file(name)), { recursive: true });
      writeFileSync(file(name), wat);
    }
    const written = async (...args: readonly string[]): Promise<string[]> =>
      (await compile(args)).stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => path.relative(folder, path.resolve(folder, line.replace(/ .*/, ''))));
    assert.deepEqual(await written(), ['plugins/c.wasm']);
    assert.deepEqual(await written('sources'), ['sources/d.wasm']);
    writeFileSync(file('quern.json'), '{"plugins": ["udf/*.wat"]}');
    assert.deepEqual(await written(), ['udf/a.wasm', 'udf/b.wasm']);
    assert.deepEqual(await written('.', 'plugins/c.wat'), ['udf/a.wasm', 'udf/b.wasm', 'plugins/c.wasm']);
    mkdirSync(file('empty'));
    const { code, stderr } = await compile(['empty']);
    assert.deepEqual([code, /There is no plugin in .*empty to compile/.test(stderr)], [1, true]);
  });

  it('compiles again only what has changed, or is compiled in another way', async () => {
    writeFileSync(file('p.c'), SOURCE);
    const tool = noting();
    for (const expected of [1, 1]) {
      assert.equal((await compile(['p.c', '--tool', tool])).stdout.slice(0, 8), 'p.wasm 2');
      assert.equal(calls(), expected);
    }
    await compile(['p.c', '--release', '--tool', tool]);
    assert.equal(calls(), 2);
    writeFileSync(file('p.c'), `${SOURCE}// changed`);
    await compile(['p.c', '--tool', tool]);
    assert.equal(calls(), 3);
  });

  it('ends the compilers that it started when it is cancelled', async () => {
    writeFileSync(file('p.c'), SOURCE);
    const tool = noting(
      `require('fs').writeFileSync(${JSON.stringify(file('pid'))}, String(process.pid)); for (;;);`,
    );
    const cancelled = compile(['p.c', '--tool', tool], { interruptAfterMs: 6_000 });
    const pid = await eventually(
      'the compiler',
      () => Number(readFileSync(file('pid'), 'utf8')) || undefined,
    );
    const { code } = await cancelled;
    assert.equal(code, 130);
    await eventually('the end of the compiler', () => isGone(pid));
  });

  it('takes what the editor’s tasks give it', async () => {
    writeFileSync(file('-p.c'), SOURCE);
    const [, path = ''] = noting().split('=');
    const args = compileArguments(['-p.c'], { preset: 'release', tools: { clang: path } });
    const { code, stdout } = await compile(args.slice(1));
    assert.deepEqual([code, stdout], [0, '-p.wasm 213 B\n']);
  });
});
