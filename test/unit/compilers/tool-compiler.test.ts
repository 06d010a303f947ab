import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type CompileOptions,
  type CompileOutcome,
  isToolSource,
} from '../../../server/compilers/compile-types.ts';
import { readPluginSource } from '../../../server/compilers/node/read-source.ts';
import { ToolCompiler } from '../../../server/compilers/toolchains/node/tool-compiler.ts';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { eventually } from '../../support/eventually.ts';
import { fakeClang, isGone } from '../../support/fake-tool.ts';
import { projectRoot } from '../../support/project.ts';

/** An empty module. */
const EMPTY = '0061736d01000000';

describe('a compiler that is a process', () => {
  let folder: string;
  let compiler: ToolCompiler;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'qt-'));
    compiler = create();
  });
  afterEach(() => {
    compiler.dispose();
    rmSync(folder, { recursive: true });
  });

  function create(options: { readonly timeoutMs?: number } = {}): ToolCompiler {
    return new ToolCompiler({ sdkFolder: path.join(projectRoot(), 'wasm-core/sdk'), ...options });
  }
  function compile(script: string, options: CompileOptions = {}, name = 'p.c'): Promise<CompileOutcome> {
    const clang = options.tools?.clang ?? fakeClang(folder, script);
    const file = path.join(folder, name);
    if (!existsSync(file)) writeFileSync(file, '// @udf f(x BIGINT) -> BIGINT\n');
    const source = readPluginSource(file, folder);
    assert(source !== undefined && isToolSource(source));
    return compiler.compile(source, { ...options, tools: { clang } });
  }
  async function failure(script: string): Promise<string> {
    const { diagnostics, wasm } = await compile(script);
    assert.equal(wasm, undefined);
    assert.equal(diagnostics[0]?.severity, 'error');
    return diagnostics[0]?.message ?? '';
  }
  const note = (name: string): string => JSON.stringify(path.join(folder, name));

  it('that hangs is stopped with what it started, and says so', async () => {
    compiler = create({ timeoutMs: 1_500 });
    const hang = 'setInterval(() => {}, 1000)';
    const child = `const { spawn } = require('child_process'); const c = spawn(process.execPath, ['-e', '${hang}'], { stdio: 'inherit' });`;
    const script = `${child} require('fs').writeFileSync(${note('pid')}, String(c.pid)); ${hang};`;
    assert.match(await failure(script), /clang took longer than 1\.5 s and was stopped/);
    const pid = Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
    await eventually('the end of the child', () => isGone(pid));
  });

  it('that crashes says how it ended', async () => {
    assert.match(
      await failure("process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000)"),
      /ended by SIGSEGV/,
    );
    assert.match(
      await failure("console.error('out of ideas'); process.exit(70)"),
      /exit code 70\. It wrote: out of ideas/,
    );
    assert.match(await failure(''), /made no module/);
  });

  it('that writes megabytes is stopped', async () => {
    const script = "const x = 'x'.repeat(1 << 20); const go = () => process.stderr.write(x, go); go();";
    assert.match(await failure(script), /wrote more than 4 MiB and was stopped/);
  });

  it('whose source is deleted meanwhile says what it says', async () => {
    const script = `require('fs').unlinkSync(${note('p.c')}); console.error("clang: error: no such file or directory: 'p.c'"); process.exit(1);`;
    assert.match(await failure(script), /no such file or directory: 'p\.c'/);
  });

  it('that writes no module although it says that all is well, or a broken one, is not believed', async () => {
    assert.match(
      await failure("require('fs').writeFileSync(out, 'no module')"),
      /not a WebAssembly|magic|module/i,
    );
  });

  it('gets little of the environment, and a folder of its own that is deleted', async () => {
    process.env.QUERN_TEST_SECRET = 'secret';
    const script = `require('fs').writeFileSync(${note('env')}, JSON.stringify([process.env, out])); process.exit(1);`;
    await compile(script).finally(() => delete process.env.QUERN_TEST_SECRET);
    const [env, out] = JSON.parse(readFileSync(path.join(folder, 'env'), 'utf8'));
    assert.equal(env.QUERN_TEST_SECRET, undefined);
    assert.equal(env.PATH, process.env.PATH);
    assert.equal(env.TMPDIR, path.dirname(out));
    assert.equal(existsSync(path.dirname(out)), false);
  });

  it('gets the text as it is typed where that is not saved', async () => {
    const script = `let text = ''; process.stdin.on('data', (d) => { text += d; }).on('end', () => { require('fs').writeFileSync(${note('seen')}, text + args.join(' ')); process.exit(1); });`;
    const clang = fakeClang(folder, script);
    const file = path.join(folder, 'p.c');
    writeFileSync(file, 'old');
    await compiler.compile({ language: 'c', path: file, root: folder, text: 'typed' }, { tools: { clang } });
    assert.match(readFileSync(path.join(folder, 'seen'), 'utf8'), /^typed.* -x c - /);
  });

  it('is given up when it is not wanted any more, and when all are', async () => {
    const isCancelled = (error: unknown): boolean => error instanceof CoreError && error.kind === 'CANCELLED';
    const script = `require('fs').writeFileSync(${note('begun')}, ''); setInterval(() => {}, 1000);`;
    const abort = new AbortController();
    const first = compile(script, { signal: abort.signal });
    await eventually('the start of the tool', () => existsSync(path.join(folder, 'begun')) || undefined);
    abort.abort();
    await assert.rejects(first, isCancelled);
    const second = compile(script);
    compiler.dispose();
    await assert.rejects(second, isCancelled);
  });

  it('runs a few sources at a time', async () => {
    const running = path.join(folder, 'running');
    mkdirSync(running);
    const script = `const fs = require('fs'); const mine = ${JSON.stringify(running)} + '/' + process.pid; fs.writeFileSync(mine, ''); fs.appendFileSync(${note('counts')}, fs.readdirSync(${JSON.stringify(running)}).length + ' '); setTimeout(() => { fs.unlinkSync(mine); process.exit(1); }, 100);`;
    const tools = { clang: fakeClang(folder, script) };
    await Promise.all(Array.from({ length: 12 }, (_, i) => compile(script, { tools }, `p${i}.c`)));
    const counts = readFileSync(path.join(folder, 'counts'), 'utf8').trim().split(' ').map(Number);
    assert.equal(counts.length, 12);
    assert.ok(Math.max(...counts) <= 4, String(counts));
    assert.deepEqual(readdirSync(running), []);
  });

  it('that is missing is named, with where it was looked for and how one gets it', async () => {
    const file = path.join(folder, 'p.c');
    writeFileSync(file, '// @udf f(x BIGINT) -> BIGINT\n');
    const options = { tools: { clang: path.join(folder, 'nowhere') } };
    const source = { language: 'c', path: file, root: folder, text: '' } as const;
    const { diagnostics, wasm } = await compiler.compile(source, options);
    assert.equal(wasm, undefined);
    assert.equal(diagnostics[0]?.code, 'toolchain/clang');
    assert.match(diagnostics[0]?.message ?? '', /nowhere, which the setting quern\.tools names/);
    assert.match(diagnostics[0]?.message ?? '', /apt install clang lld/);
    // A module that somebody compiled before lies beside it.
    writeFileSync(path.join(folder, 'p.wasm'), Buffer.from(EMPTY, 'hex'));
    const fallback = await compiler.compile(source, options);
    assert.equal(fallback.diagnostics[0]?.severity, 'warning');
  });

  it('that cannot make WebAssembly is told apart from one that can', async () => {
    const clang = path.join(folder, 'clang');
    fakeClang(folder, '');
    writeFileSync(clang, readFileSync(clang, 'utf8').replace('wasm32 - W', 'x86-64 - '));
    const source = { language: 'c', path: path.join(folder, 'p.c'), root: folder, text: '' } as const;
    const before = await compiler.compile(source, { tools: { clang } });
    assert.match(before.diagnostics[0]?.message ?? '', /clang cannot be used: it has no target wasm32/);
    // The program was exchanged for another.
    await new Promise((resolve) => setTimeout(resolve, 20));
    fakeClang(folder, 'process.exit(3)');
    const after = await compiler.compile(source, { tools: { clang } });
    assert.match(after.diagnostics[0]?.message ?? '', /exit code 3/);
  });

  it('may be the package @yowasp/clang, which sees the files of the folder', async () => {
    const bundle = path.join(folder, 'bundle.js');
    const module = `Uint8Array.from(Buffer.from('${EMPTY}', 'hex'))`;
    const clang = `async (args, files, { stderr }) => {
      stderr(Buffer.from("p.c:1:4: warning: " + Object.keys(files).sort().join() + " " + args.at(-6) + " " + files['p.c'] + "\\n"));
      if (files['p.c'].includes('fail')) throw Object.assign(new Error('exit'), { code: 3 });
      return { 'plugin.wasm': ${module}, 'plugin.d': 'p.o: p.c own.h\\n' };
    }`;
    writeFileSync(bundle, `export const commands = { clang: ${clang} };`);
    writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(path.join(folder, 'own.h'), '');
    writeFileSync(path.join(folder, 'p.c'), 'on disk');
    compiler = new ToolCompiler({ sdkFolder: path.join(projectRoot(), 'dist/sdk') });
    const compileText = (text: string) =>
      compiler.compile(
        { language: 'c', path: path.join(folder, 'p.c'), root: folder, text },
        { tools: { clang: bundle } },
      );
    const good = await compileText('// typed');
    assert.equal(good.diagnostics[0]?.message, '.quern-sdk,own.h,p.c p.c // typed');
    assert.deepEqual(good.inputs, [path.join(folder, 'own.h'), path.join(folder, 'p.quern.json')]);
    const bad = await compileText('// fail');
    assert.match(bad.diagnostics[0]?.message ?? '', /exit code 3/);
  });
});
