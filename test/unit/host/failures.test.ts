import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { embedWatLines } from '../../../server/compilers/wat-lines.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { Failures } from '../../../wasm-core/host/failures.ts';
import { ReplayStore } from '../../../wasm-core/host/replays/replay-store.ts';
import { TrapLines } from '../../../wasm-core/host/trap-lines.ts';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { DEFAULT_LIMITS } from '../../../wasm-core/protocol/limits.ts';
import { createRegistryStore } from '../../../wasm-core/runtime/node/registry-store.ts';
import { type ModuleRecord, Registry } from '../../../wasm-core/runtime/registry.ts';
import { assemblePlugin, sqlFunction } from '../../support/wat.ts';

const WAT = `(module
  (func $boom (export "boom") (param i32) (result i32)
    (unreachable)))`;

describe('a failed statement', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'quern-failures-'));
  const folder = path.join(home, 'replays');
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  let registry: Registry;
  let record: ModuleRecord;
  let failures: Failures;
  const replays = new ReplayStore({ folder, warn });
  /** Of the instruction on line 3. */
  let offset = 0;

  before(async () => {
    registry = await Registry.open({ store: createRegistryStore({ home, warn }), warn });
    const plain = await assemblePlugin(WAT, [sqlFunction('boom', ['INTEGER'], 'INTEGER')]);
    const bytes = embedWatLines(plain, { text: WAT, file: 'p/boom.wat' });
    offset = (readModule(bytes).bodies[0]?.start ?? 0) + 1;
    record = await registry.load({ bytes, name: 'boom', namespace: home, source: '/s/p/boom.wat' });
    failures = new Failures({ registry, replays, lines: new TrapLines(registry) });
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  function trap(call: object): CoreError {
    const frames = [{ name: 'boom', function: 0, offset }];
    return new CoreError('TRAP', 'boom of boom trapped: it gave up.', { call, frames, start: 7, end: 11 });
  }
  function callWith(args: readonly unknown[]): object {
    return { function: 'boom', arguments: args, row: 3, digest: record.info.digest, name: 'boom' };
  }
  async function explained(error: unknown): Promise<CoreError> {
    const statement = {
      namespaces: ['other', home],
      folder: '/data',
      limits: { ...DEFAULT_LIMITS, fuel: 500 },
    };
    const told = await failures.explainStatement(error, statement);
    assert.ok(told instanceof CoreError);
    return told;
  }

  it('has the line of its trap, and is kept with row, limits and module', async () => {
    const { message, details } = await explained(trap(callWith([4])));
    assert.equal(message, 'boom of boom trapped: it gave up at boom.wat:3.');
    const place = { file: 'p/boom.wat', line: 3, column: 6 };
    assert.deepEqual(details.source, { ...place, path: '/s/p/boom.wat' });
    assert.deepEqual(details.frames, [{ name: 'boom', function: 0, offset, ...place }]);
    assert.deepEqual([details.start, details.end], [7, 11]);
    const { time: _, ...kept } = (await replays.get(String(details.replay))) ?? assert.fail('it is not kept');
    assert.deepEqual(kept, {
      id: details.replay,
      module: 'boom',
      namespace: home,
      digest: record.info.digest,
      function: 'boom',
      shown: '4',
      row: 3,
      kind: 'TRAP',
      message,
      call: { type: 'call', arguments: [4] },
      limits: { ...DEFAULT_LIMITS, fuel: 500 },
      settingsFolder: '/data',
    });
  });

  it('sends no long arguments back, and keeps none beyond a mebibyte', async () => {
    const long = await explained(trap(callWith(['x'.repeat(100_000)])));
    const { call, replay } = long.details as { call: { arguments?: unknown; row: number }; replay: string };
    assert.deepEqual([call.arguments, call.row], [undefined, 3]);
    const kept = await replays.get(replay);
    assert.equal(JSON.stringify(kept?.call).length > 100_000, true);
    assert.ok((kept?.shown.length ?? 0) <= 200);
    const huge = await explained(trap(callWith(['x'.repeat(1_100_000)])));
    assert.equal(huge.details.replay, undefined);
  });

  it('stays as it is without a call, with one that is none, and with a module that is not there', async () => {
    for (const call of [
      undefined,
      7,
      {},
      { ...callWith([1]), digest: '0'.repeat(64) },
      { ...callWith([1]), row: '1' },
    ]) {
      const error = trap(call as object);
      assert.equal(await explained(error), error);
    }
    const bug = new Error('a bug');
    assert.equal(
      await failures.explainStatement(bug, { namespaces: [], folder: '/', limits: DEFAULT_LIMITS }),
      bug,
    );
  });

  it('that cannot be kept is told all the same', async () => {
    const file = path.join(home, 'file');
    writeFileSync(file, '');
    const nowhere = new ReplayStore({ folder: file, warn });
    const other = new Failures({ registry, replays: nowhere, lines: new TrapLines(registry) });
    const statement = { namespaces: [home], folder: '/', limits: DEFAULT_LIMITS };
    const told = await other.explainStatement(trap(callWith([5])), statement);
    assert.ok(told instanceof CoreError);
    assert.match(told.message, /boom\.wat:3/);
    assert.equal(told.details.replay, undefined);
    assert.match(warnings.join(), /could not be kept/);
  });

  it('that is damaged on disk is passed over', async () => {
    const before = await replays.list();
    writeFileSync(path.join(folder, '0badf11e.json'), '{"id":"0badf11e","kind":"TRAP"}');
    const reopened = new ReplayStore({ folder, warn });
    assert.deepEqual(await reopened.list(), before);
    assert.equal((await reopened.newest())?.id, before[0]?.id);
    for (const id of ['0badf11e', '../../etc/passwd', '']) assert.equal(await reopened.get(id), undefined);
  });
});
