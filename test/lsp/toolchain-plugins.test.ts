import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../support/eventually.ts';
import { fakeClang, isGone } from '../support/fake-tool.ts';
import { LanguageServerFixture, type PlainDiagnostic } from '../support/language-server.ts';

const SOURCE = `#include "own.h"
// @udf twice(x BIGINT) -> BIGINT
__attribute__((export_name("twice"))) long long twice(long long x) { return x * FACTOR; }
`;
const MANIFEST =
  '[package]\nname = "geo"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n';
const LIB = `// @udf thrice(x BIGINT) -> BIGINT
#[no_mangle]
pub extern "C" fn thrice(x: i64) -> i64 { 3 * x }
`;

/* With the compilers of the machine; where one is missing, it is that which must be told. */
describe('plugins that tools compile, in the language server', () => {
  let server: LanguageServerFixture;
  before(async () => {
    server = await LanguageServerFixture.start({
      'plugins/twice.c': SOURCE,
      'plugins/own.h': '#define FACTOR 2\n',
      'plugins/geo/Cargo.toml': MANIFEST,
      'plugins/geo/src/lib.rs': LIB,
    });
  });
  after(() => server.dispose());

  /** Whether the tool for a source is there, as the server says at its start. */
  async function isThere(name: string, tool: RegExp): Promise<boolean> {
    const state = await server.plugin(name, () => true);
    if (state.state === 'loaded') return true;
    const [error] = await server.diagnostics(name, (d) => d.length > 0);
    assert.match(String(error?.code), tool);
    assert.match(error?.message ?? '', /none was found/);
    return false;
  }

  it('follow a source of C as it is typed and saved, and its header on disk', async () => {
    if (!(await isThere('plugins/twice.c', /^toolchain\/clang$/))) return;
    server.open('plugins/twice.c', 'c', SOURCE);
    server.change('plugins/twice.c', SOURCE.replace('* FACTOR', '* é'));
    const [error] = await server.diagnostics('plugins/twice.c', (d) => d.length > 0);
    assert.equal(error?.code, 'clang');
    assert.deepEqual(error?.range, { start: { line: 2, character: 80 }, end: { line: 2, character: 81 } });
    const saved = SOURCE.replace('* FACTOR', '* FACTOR * 100');
    server.change('plugins/twice.c', saved);
    server.save('plugins/twice.c', saved);
    await server.diagnostics('plugins/twice.c', (d) => d.length === 0);
    const state = await server.plugin('plugins/twice.c', (s) => s.size?.before !== undefined);
    assert.ok((state.size?.byteLength ?? 0) > 100);
    assert.equal(await call('twice', '21'), '4200');
    server.close('plugins/twice.c');
    server.write('plugins/own.h', '#define FACTOR 3\n');
    const changes = [{ uri: server.uri('plugins/own.h'), type: 2 }];
    const toldOf = () => server.plugins.filter(({ uri }) => uri === server.uri('plugins/twice.c')).length;
    const told = toldOf();
    void server.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes });
    await server.until(() => toldOf() > told || undefined, 'the source that includes the header');
    assert.equal(await call('twice', '1'), '300');
  }).timeout(120_000);

  it('follow the files of a crate, and show its faults in them', async () => {
    if (!(await isThere('plugins/geo/Cargo.toml', /^toolchain\/(?:rustc|cargo)$/))) return;
    assert.equal(await call('thrice', '5', 'geo'), '15');
    server.open('plugins/geo/src/lib.rs', 'rust', LIB);
    server.save('plugins/geo/src/lib.rs', LIB.replace('3 * x', 'three * x'));
    const isFault = (d: PlainDiagnostic[]): boolean => d[0]?.code === 'rustc/E0425';
    const [error] = await server.diagnostics('plugins/geo/src/lib.rs', isFault);
    assert.deepEqual(error?.range.start, { line: 2, character: 42 });
    assert.match(error?.message ?? '', /The last version of geo that compiled stays in force/);
    server.save('plugins/geo/src/lib.rs', LIB.replace('3 * x', '30 * x'));
    await server.diagnostics('plugins/geo/src/lib.rs', (d) => d.length === 0);
    assert.equal(await call('thrice', '5', 'geo'), '150');
  }).timeout(300_000);

  it('leave no compiler behind when the server is told to end, or its editor is gone', async () => {
    for (const end of [
      (child: ChildProcess) => child.kill('SIGTERM'),
      (child: ChildProcess) => child.stdin?.end(),
    ]) {
      const other = await LanguageServerFixture.start();
      try {
        const note = path.join(other.folder, 'pid');
        const wait = `require('fs').writeFileSync(${JSON.stringify(note)}, String(process.pid)); setInterval(() => {}, 1000);`;
        const clang = fakeClang(other.folder, wait);
        const settings = { quern: { tools: { clang } } };
        void other.rpc.sendNotification('workspace/didChangeConfiguration', { settings });
        other.open('slow.c', 'c', '// @udf f() -> BIGINT\n');
        const pid = await eventually('the compiler', () => Number(readFileSync(note, 'utf8')) || undefined);
        end(other.server);
        await eventually('the end of the compiler', () => isGone(pid));
      } finally {
        await other.dispose();
      }
    }
  }).timeout(120_000);

  async function call(name: string, argument: string, module = name): Promise<unknown> {
    const host = await server.host();
    const params = { module, namespace: server.folder, function: name, arguments: [argument] };
    const { result } = await host.request('module/call', params).finally(() => host.dispose());
    return result;
  }
});
