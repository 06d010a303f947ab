import assert from 'node:assert/strict';
import { LanguageServerFixture } from '../support/language-server.ts';
import { assemble } from '../support/wat.ts';

const TWICE = `(module
  ;; Doubles a number.
  ;; @udf twice(x BIGINT) -> BIGINT
  (func (export "twice") (param $x i64) (result i64)
    (i64.add (local.get $x) (local.get $x))))
`;
const SHOUT = `/**
 * Upper-cases a text.
 * @udf
 */
export function shout(s: string): string {
  return s.toUpperCase();
}
`;

describe('plugins in the language server', () => {
  let server: LanguageServerFixture;
  before(async () => {
    server = await LanguageServerFixture.start({
      'plugins/twice.wat': TWICE,
      'plugins/shout.ts': SHOUT,
      'plugins/half.ts':
        '/** Half of a number. @udf */\nexport function half(x: f64): f64 { return x / 2; }\n',
      'plugins/helper.ts': 'export function help(): void {}\n',
      'app/main.ts': 'const nothing: string = 1;\n',
    });
  });
  after(() => server.dispose());

  it('are compiled and loaded at the start', async () => {
    const [twice, shout, half] = await Promise.all([
      server.plugin('plugins/twice.wat', (s) => s.state === 'loaded'),
      server.plugin('plugins/shout.ts', (s) => s.state === 'loaded'),
      server.plugin('plugins/half.ts', (s) => s.state === 'loaded'),
    ]);
    assert.equal(twice.functions[0]?.doc, 'Doubles a number.');
    assert.equal(shout.functions[0]?.doc, 'Upper-cases a text.');
    assert.equal(half.functions[0]?.doc, 'Half of a number.');
    const host = await server.host();
    const { modules } = await host.request('module/list', { namespace: server.folder });
    host.dispose();
    assert.deepEqual(modules.map((m) => m.name).sort(), ['half', 'shout', 'twice']);
    assert.equal(server.plugins.length, 3);
  });

  it('show where WebAssembly text does not parse', async () => {
    server.open('plugins/twice.wat', 'wat', TWICE);
    server.change('plugins/twice.wat', TWICE.replace('(result i64)', '(resul i64)'));
    const [error] = await server.diagnostics('plugins/twice.wat', (d) => d.length > 0);
    assert.deepEqual(error?.range, { start: { line: 3, character: 41 }, end: { line: 3, character: 46 } });
    assert.equal(error?.code, 'wat/parse');
    assert.equal(error?.source, 'quern');
  });

  it('show where WebAssembly text has the wrong type, behind characters of several bytes', async () => {
    const text = TWICE.replace('(i64.add', '(; é😀 ;) (i64.add').replace(
      '(local.get $x) (local.get $x)',
      '(local.get $x) (i32.const 1)',
    );
    server.change('plugins/twice.wat', text);
    const [error] = await server.diagnostics('plugins/twice.wat', (d) => d[0]?.code === 'wat/type');
    assert.deepEqual(error?.range, { start: { line: 4, character: 15 }, end: { line: 4, character: 22 } });
    assert.match(error?.message ?? '', /expected \[i64, i64\] but got \[i64, i32\]/);
  });

  it('show where a function is not what its comment declares, and keep the last version in force', async () => {
    const text = TWICE.replace('-> BIGINT', '-> INTEGER');
    server.change('plugins/twice.wat', text);
    server.save('plugins/twice.wat', text);
    const state = await server.plugin('plugins/twice.wat', (s) => s.state === 'failed');
    const [error] = await server.diagnostics('plugins/twice.wat', (d) => d[0]?.code === 'export-type');
    assert.deepEqual(error?.range, { start: { line: 3, character: 17 }, end: { line: 3, character: 22 } });
    assert.match(error?.message ?? '', /The last version of twice that compiled stays in force\.$/);
    assert.match(state.message ?? '', /^twice is declared as twice\(BIGINT\) -> INTEGER/);
    assert.equal(await call('twice', 'twice', ['21']), '42');
  });

  it('show what is wrong with a comment', async () => {
    server.change('plugins/twice.wat', TWICE.replace('(x BIGINT)', '(x INT)'));
    const [error] = await server.diagnostics('plugins/twice.wat', (d) => d[0]?.code === 'udf/comment');
    assert.match(error?.message ?? '', /^INT is no type that crosses into a plugin; use one of BOOLEAN, /);
    assert.deepEqual(error?.range.start, { line: 2, character: 5 });
  });

  it('are loaded anew when they are mended and saved', async () => {
    const text = TWICE.replace(
      '(i64.add (local.get $x) (local.get $x))',
      '(i64.mul (local.get $x) (i64.const 3))',
    );
    server.change('plugins/twice.wat', text);
    server.save('plugins/twice.wat', text);
    await server.plugin('plugins/twice.wat', (s) => s.state === 'loaded');
    await server.diagnostics('plugins/twice.wat', (d) => d.length === 0);
    assert.equal(await call('twice', 'twice', ['21']), '63');
  });

  it('show where AssemblyScript is wrong', async () => {
    server.open('plugins/shout.ts', 'typescript', SHOUT);
    server.change('plugins/shout.ts', SHOUT.replace('s.toUpperCase()', 's.toUpperCase() + missing'));
    const [error] = await server.diagnostics('plugins/shout.ts', (d) => d.length > 0);
    assert.deepEqual(error?.range, { start: { line: 5, character: 27 }, end: { line: 5, character: 34 } });
    assert.equal(
      error?.message,
      "Cannot find name 'missing'.\nThe last version of shout that compiled stays in force.",
    );
    assert.equal(error?.code, 'as/2304');
  });

  it('show which parameter SQL does not have, and what it has', async () => {
    server.change('plugins/shout.ts', SHOUT.replace('s: string', 's: Set<string>'));
    const [error] = await server.diagnostics('plugins/shout.ts', (d) => d[0]?.code === 'udf/signature');
    assert.deepEqual(error?.range, { start: { line: 4, character: 25 }, end: { line: 4, character: 36 } });
    assert.match(error?.message ?? '', /may use bool, i8, .*string, Uint8Array/);
  });

  it('take the mended AssemblyScript, imports of files beside it included', async () => {
    server.write(
      'plugins/lib/words.ts',
      'export function loud(s: string): string { return s.toUpperCase() + "!"; }\n',
    );
    const text = `import { loud } from './lib/words';\n${SHOUT.replace('s.toUpperCase()', 'loud(s)')}`;
    server.change('plugins/shout.ts', text);
    server.save('plugins/shout.ts', text);
    await server.plugin('plugins/shout.ts', (s) => s.state === 'loaded');
    await server.diagnostics('plugins/shout.ts', (d) => d.length === 0);
    assert.equal(await call('shout', 'shout', ['é']), 'É!');
  });

  it('show errors of an imported file at its import', async () => {
    server.write('plugins/lib/words.ts', 'export function loud(s: string): string { return s.toUpper(); }\n');
    server.change(
      'plugins/shout.ts',
      `import { loud } from './lib/words';\n${SHOUT.replace('s.toUpperCase()', 'loud(s)')}\n`,
    );
    const [error] = await server.diagnostics('plugins/shout.ts', (d) => d.length > 0);
    assert.deepEqual(error?.range.start, { line: 0, character: 21 });
    assert.match(error?.message ?? '', /^plugins\/lib\/words\.ts:1: Property 'toUpper' does not exist/);
  });

  it('read no file outside of the workspace', async () => {
    server.write('../outside.ts', 'export function secret(): string { return "x"; }\n');
    server.change(
      'plugins/shout.ts',
      `import { secret } from '../../outside';\n${SHOUT.replace('s.toUpperCase()', 'secret()')}`,
    );
    const [error] = await server.diagnostics('plugins/shout.ts', (d) => d[0]?.code === 'as/6054');
    assert.match(error?.message ?? '', /not found/);
  });

  it('leave other TypeScript alone', async () => {
    server.open('app/main.ts', 'typescript', 'const nothing: string = 1;\n');
    server.save('app/main.ts', 'const nothing: string = 2;\n');
    // What is asked for later is answered later: by then the other file would have had its diagnostics.
    server.change('plugins/shout.ts', SHOUT);
    await server.diagnostics('plugins/shout.ts', (d) => d.length === 0);
    await assert.rejects(compile('app/main.ts'), /is no plugin/);
    assert.equal(
      server.plugins.some((p) => p.uri.endsWith('main.ts')),
      false,
    );
  });

  it('take their diagnostics along when the mark goes', async () => {
    server.change('plugins/shout.ts', SHOUT.replace(': string {', ': string { nonsense'));
    await server.diagnostics('plugins/shout.ts', (d) => d.length > 0);
    server.change('plugins/shout.ts', 'export const ordinary = 1;\n');
    await server.diagnostics('plugins/shout.ts', (d) => d.length === 0);
  });

  it('are compiled and loaded when the client asks', async () => {
    server.change('plugins/shout.ts', SHOUT.replace('toUpperCase', 'toLowerCase'));
    const state = await compile('plugins/shout.ts');
    assert.equal(state.state, 'loaded');
    assert.equal(await call('shout', 'shout', ['LOUD']), 'loud');
  });

  it('come from their source rather than from the module beside it', async () => {
    server.write('plugins/twice.wasm', 'what quern compile may have written');
    watched('plugins/twice.wasm', 1);
    server.write('plugins/lone.wasm', 'no source beside it');
    watched('plugins/lone.wasm', 1);
    await server.plugin('plugins/lone.wasm', (s) => s.state === 'failed');
    assert.equal(
      server.plugins.some((p) => p.uri === server.uri('plugins/twice.wasm')),
      false,
    );
  });

  it('follow files that other programs make, change and delete', async () => {
    server.write('plugins/new.wat', TWICE.replaceAll('twice', 'fresh'));
    watched('plugins/new.wat', 1);
    await server.plugin('plugins/new.wat', (s) => s.state === 'loaded');
    assert.equal(await call('new', 'fresh', ['4']), '8');
    server.write('plugins/bad.wasm', 'not wasm');
    watched('plugins/bad.wasm', 1);
    const failed = await server.plugin('plugins/bad.wasm', (s) => s.state === 'failed');
    assert.match(failed.message ?? '', /^The file is not a valid WebAssembly module/);
    server.remove('plugins/new.wat');
    watched('plugins/new.wat', 3);
    const names = async () => {
      const host = await server.host();
      const { modules } = await host.request('module/list', { namespace: server.folder });
      host.dispose();
      return modules.map((m) => m.name);
    };
    while ((await names()).includes('new')) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  function watched(name: string, type: number): void {
    const changes = [{ uri: server.uri(name), type }];
    void server.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes });
  }

  function compile(name: string): Promise<{ state: string }> {
    return server.rpc.sendRequest('quern/compile', { uri: server.uri(name) });
  }

  async function call(module: string, fn: string, args: readonly string[]): Promise<unknown> {
    const host = await server.host();
    const params = { module, namespace: server.folder, function: fn, arguments: args };
    const { result } = await host.request('module/call', params).finally(() => host.dispose());
    return result;
  }
});

describe('the checks of plugins in the language server', () => {
  const OPEN = TWICE.replace('(func (export', '(memory (export "memory") 1)\n  (func (export');
  let server: LanguageServerFixture;
  before(async () => {
    server = await LanguageServerFixture.start(
      { 'plugins/open.wat': OPEN, 'quern.json': '{}' },
      { initializationOptions: { diagnostics: { 'memory-without-maximum': 'warning' } } },
    );
    await server.plugin('plugins/open.wat', (s) => s.state === 'loaded');
  });
  after(() => server.dispose());

  it('are as loud as the settings say', async () => {
    const [told] = await server.diagnostics('plugins/open.wat', (d) => d.length > 0);
    assert.equal(told?.code, 'memory-without-maximum');
    assert.equal(told?.severity, 2);
    const settings = { quern: { diagnostics: { 'memory-without-maximum': 'off' } } };
    await server.rpc.sendNotification('workspace/didChangeConfiguration', { settings });
    await server.diagnostics('plugins/open.wat', (d) => d.length === 0);
  });

  it('tell of two plugins that define one function, in both, until one goes', async () => {
    server.write('plugins/again.wat', TWICE);
    const added = [{ uri: server.uri('plugins/again.wat'), type: 1 }];
    await server.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: added });
    for (const [file, other] of [
      ['open', 'again'],
      ['again', 'open'],
    ]) {
      const [told] = await server.diagnostics(`plugins/${file}.wat`, (d) => d.length > 0);
      assert.equal(told?.code, 'duplicate-function');
      assert.match(told?.message ?? '', new RegExp(`^${other} has a function twice, too`));
      assert.equal(told?.relatedInformation?.[0]?.location.uri, server.uri(`plugins/${other}.wat`));
    }
    server.remove('plugins/again.wat');
    const gone = [{ uri: server.uri('plugins/again.wat'), type: 3 }];
    await server.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: gone });
    await server.diagnostics('plugins/open.wat', (d) => d.length === 0);
  });

  it('know what the folder grants, and follow its file', async () => {
    const clock = OPEN.replace('(memory', '(import "host" "now_ms" (func (result f64)))\n  (memory');
    server.open('plugins/open.wat', 'wat', clock);
    const isTold = (d: readonly { readonly code?: unknown }[]) =>
      d.some(({ code }) => code === 'import-not-granted');
    await server.diagnostics('plugins/open.wat', isTold);
    server.write('quern.json', '{"capabilities": {"open": ["clock"]}}');
    const changes = [{ uri: server.uri('quern.json'), type: 2 }];
    await server.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes });
    await server.diagnostics('plugins/open.wat', (d) => !isTold(d));
  });
});

describe('a language server that starts again', () => {
  it('takes out what came from files that are gone', async () => {
    const server = await LanguageServerFixture.start({ 'plugins/twice.wat': TWICE });
    try {
      await server.plugin('plugins/twice.wat', (s) => s.state === 'loaded');
      const host = await server.host();
      const namespace = server.folder;
      const names = async () => (await host.request('module/list', { namespace })).modules.map((m) => m.name);
      const { uuid } = await host.request('module/get', { module: 'twice', namespace });
      const bytes = await assemble(
        '(module (memory (export "memory") 0) (func (export "process") (param i32 i32) (result i32) unreachable))',
      );
      const wasm = { base64: Buffer.from(bytes).toString('base64') };
      const source = `${namespace}/plugins/gone.wat`;
      await host.request('module/load', { bytes: wasm, name: 'gone', namespace, source });
      await host.request('module/load', { bytes: wasm, name: 'by_hand', namespace });
      assert.deepEqual((await names()).sort(), ['by_hand', 'gone', 'twice']);
      await server.restart();
      await server.plugin('plugins/twice.wat', (s) => s.state === 'loaded');
      while ((await names()).includes('gone')) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual((await names()).sort(), ['by_hand', 'twice']);
      assert.equal((await host.request('module/get', { module: 'twice', namespace })).uuid, uuid);
      host.dispose();
    } finally {
      await server.dispose();
    }
  });
});

describe('a language server in an untrusted workspace', () => {
  it('compiles nothing and starts no host', async () => {
    const server = await LanguageServerFixture.start(
      { 'plugins/twice.wat': TWICE },
      { initializationOptions: { trusted: false, sessionKey: 'k' } },
    );
    try {
      server.open('plugins/twice.wat', 'wat', 'nonsense');
      server.open('q.sql', 'sql', 'selec 1');
      const lenses = await server.request<unknown[]>('codeLens', {
        textDocument: { uri: server.uri('q.sql') },
      });
      assert.equal(lenses.length, 1);
      await new Promise((resolve) => setTimeout(resolve, 600));
      await assert.rejects(server.host(), { kind: 'HOST_UNAVAILABLE' });
      assert.deepEqual(server.plugins, []);
    } finally {
      await server.dispose();
    }
  });
});
