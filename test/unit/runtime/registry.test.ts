import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRegistryStore } from '../../../wasm-core/runtime/node/registry-store.ts';
import { Registry } from '../../../wasm-core/runtime/registry.ts';
import { throwsKind } from '../../support/core-error.ts';
import {
  assemble,
  assemblePlugin,
  ECHO_WAT,
  LOOP_WAT,
  REVERSE_WAT,
  sha256,
  sqlFunction,
  UPPER_WAT,
} from '../../support/wat.ts';

describe('the registry', () => {
  let home: string;
  let warnings: string[];
  let echo: Uint8Array;
  let upper: Uint8Array;
  before(async () => {
    echo = await assemble(ECHO_WAT);
    upper = await assemble(UPPER_WAT);
  });
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'qr-'));
    warnings = [];
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  /** Opens the home anew, as a restart does. */
  function open(): Promise<Registry> {
    const warn = (message: string) => void warnings.push(message);
    return Registry.open({ store: createRegistryStore({ home, warn }), warn });
  }

  const load = (registry: Registry, bytes: Uint8Array, name: string, namespace = 'default') =>
    registry.load({ bytes, name, namespace });

  it('gives the same bytes the same UUID, under any name', async () => {
    const registry = await open();
    const a = await load(registry, echo, 'a');
    const b = await load(registry, echo, 'b');
    assert.equal(a.info.uuid, b.info.uuid);
    assert.match(a.info.uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(a.info.digest, sha256(echo));
    assert.equal(a.info.loadedAt, b.info.loadedAt);
    assert.equal(a.processForm, 'prefixed');
  });

  it('finds modules by name, UUID and digest', async () => {
    const registry = await open();
    const { info } = await load(registry, echo, 'echo');
    for (const module of ['echo', info.uuid, info.uuid.toUpperCase(), info.digest]) {
      assert.equal(registry.get({ module }).info.digest, info.digest);
    }
  });

  it('says what a module that is not there might be, and what to do', async () => {
    const registry = await open();
    await load(registry, echo, 'echo');
    await load(registry, upper, 'upper', '/folder/one');
    const near = await throwsKind('MODULE_UNKNOWN', /Did you mean echo\?.*quern list.*quern load/, () =>
      registry.get({ module: 'ecko' }),
    );
    assert.deepEqual(near.details.candidates, ['echo']);
    await throwsKind('MODULE_UNKNOWN', /loaded in the namespace \/folder\/one/, () =>
      registry.get({ module: 'upper' }),
    );
    await throwsKind('MODULE_UNKNOWN', /xxxxx…/, () => registry.get({ module: 'x'.repeat(100_000) }));
  });

  it('moves a label when its name is loaded again; the old bytes stay reachable by UUID', async () => {
    const registry = await open();
    const first = await load(registry, echo, 'plugin');
    const second = await load(registry, upper, 'plugin');
    assert.equal(registry.get({ module: 'plugin' }).info.uuid, second.info.uuid);
    assert.equal(registry.get({ module: first.info.uuid }).info.digest, first.info.digest);
    assert.equal(registry.list().length, 1);
  });

  it('keeps namespaces apart', async () => {
    const registry = await open();
    await load(registry, echo, 'slug', '/one');
    await load(registry, upper, 'slug', '/two');
    assert.equal(registry.get({ module: 'slug', namespace: '/one' }).info.digest, sha256(echo));
    assert.equal(registry.get({ module: 'slug', namespace: '/two' }).info.digest, sha256(upper));
    assert.deepEqual(
      registry.list('/one').map((r) => r.info.namespace),
      ['/one'],
    );
    assert.equal(registry.list().length, 2);
  });

  it('has everything again after a restart, and compiles it when it is asked for', async () => {
    const before = await open();
    const plugin = await assemblePlugin('(module (func (export "one") (result i32) (i32.const 1)))', [
      sqlFunction('one', [], 'INTEGER'),
    ]);
    await load(before, plugin, 'one', '/ws');
    await before.load({ bytes: upper, name: 'Grüße / 1', namespace: 'default', source: '/src/u.wat' });
    await load(before, echo, 'moved');
    await load(before, upper, 'moved');
    const after = await open();
    assert.deepEqual(after.list(), before.list());
    assert.deepEqual(after.get({ module: sha256(echo) }).info, before.get({ module: sha256(echo) }).info);
    const compiled = await after.compiled(after.get({ module: 'one', namespace: '/ws' }));
    assert.equal(compiled.name, 'one');
    assert.deepEqual(warnings, []);
  });

  it('takes a sidecar manifest over the custom section', async () => {
    const registry = await open();
    const bytes = await assemble('(module (func (export "one") (result i32) (i32.const 1)))');
    const manifest = '{"abi":1,"functions":[{"name":"uno","export":"one","returns":"INTEGER"}]}';
    assert.deepEqual((await load(registry, bytes, 'one')).info.functions, []);
    const record = await registry.load({ bytes, name: 'one', namespace: 'default', manifest });
    assert.equal(record.info.functions[0]?.name, 'uno');
    assert.equal((await open()).get({ module: 'one' }).manifest.functions[0]?.export, 'one');
  });

  it('unloads a label, and the module with its last one', async () => {
    const registry = await open();
    const changes: string[] = [];
    const listener = registry.onChange(({ type, record }) => changes.push(`${type} ${record.info.name}`));
    await load(registry, echo, 'a');
    await load(registry, echo, 'b');
    assert.equal((await registry.unload({ module: 'a' })).info.name, 'a');
    assert.equal(registry.get({ module: sha256(echo) }).info.name, 'b');
    await registry.unload({ module: 'b' });
    await throwsKind('MODULE_UNKNOWN', /./, () => registry.get({ module: sha256(echo) }));
    await throwsKind('MODULE_UNKNOWN', /./, () => registry.unload({ module: 'b' }));
    assert.deepEqual(await readdir(path.join(home, 'modules')), []);
    listener.dispose();
    await load(registry, echo, 'c');
    assert.deepEqual(changes, ['loaded a', 'loaded b', 'unloaded a', 'unloaded b']);
  });

  it('unloads the labels of a UUID in the namespace, or all when it has none there', async () => {
    const registry = await open();
    const { info } = await load(registry, echo, 'a');
    await load(registry, echo, 'b', '/ws');
    await load(registry, echo, 'c', '/ws');
    await registry.unload({ module: info.uuid, namespace: 'default' });
    assert.deepEqual(
      registry.list().map((r) => r.info.name),
      ['b', 'c'],
    );
    await registry.unload({ module: info.uuid });
    assert.deepEqual(registry.list(), []);
    assert.deepEqual((await open()).list(), []);
  });

  const refused: readonly (readonly [string, () => Promise<Uint8Array>, Parameters<typeof throwsKind>[0]])[] =
    [
      ['is not wasm', async () => Buffer.from('hello'), 'FORMAT_WASM'],
      ['is cut off', async () => (await assemble(ECHO_WAT)).slice(0, -5), 'FORMAT_WASM'],
      [
        'does not validate',
        async () => Uint8Array.from([...(await assemble(ECHO_WAT)), 10, 1, 1]),
        'FORMAT_WASM',
      ],
      ['exports nothing usable', () => assemble('(module)'), 'EXPORT_MISSING'],
      ['imports the unknown', () => assemble('(module (import "a" "b" (func)))'), 'IMPORT_UNKNOWN'],
      [
        'declares what it is not',
        () => assemblePlugin('(module (func (export "f")))', [sqlFunction('f', [], 'BLOB')]),
        'ABI_MISMATCH',
      ],
    ];
  for (const [what, make, kind] of refused) {
    it(`refuses a file that ${what} with ${kind}, and stays as it was`, async () => {
      const registry = await open();
      const bytes = await make();
      await throwsKind(kind, /./, () => load(registry, bytes, 'x'));
      assert.deepEqual(registry.list(), []);
      assert.deepEqual(await readdir(path.join(home, 'modules')), []);
    });
  }

  it('refuses code that does not validate with the place in the file', async () => {
    const registry = await open();
    const bytes = await assemble(ECHO_WAT);
    const index = bytes.lastIndexOf(0x0b);
    bytes[index - 1] = 0x7c;
    const error = await throwsKind('FORMAT_WASM', /at byte \d+/, () => load(registry, bytes, 'x'));
    assert.ok(Number(error.details.offset) <= bytes.length);
  });

  it('refuses names that are empty, too long or hold control characters', async () => {
    const registry = await open();
    for (const name of ['', 'x'.repeat(201), 'a\nb', '\0']) {
      await throwsKind('PARAMS_INVALID', /1 to 200 characters/, () => load(registry, echo, name));
    }
    await load(registry, echo, '../../etc/passwd');
    assert.equal((await open()).get({ module: '../../etc/passwd' }).info.digest, sha256(echo));
  });

  it('loads and unloads 200 modules at once and one after the other', async () => {
    const registry = await open();
    const modules = await Promise.all(
      Array.from({ length: 200 }, (_, i) => assemble(ECHO_WAT.replace('1024', String(1024 + 4 * i)))),
    );
    await Promise.all(modules.map((bytes, i) => load(registry, bytes, `m${i}`)));
    assert.equal((await open()).list().length, 200);
    await Promise.all(modules.map((_, i) => registry.unload({ module: `m${i}` })));
    assert.deepEqual(registry.list(), []);
    assert.deepEqual(await readdir(path.join(home, 'labels')), []);
  });

  it('keeps the last 64 modules whose label moved on, and no more', async () => {
    const registry = await open();
    for (let i = 0; i < 70; i++) {
      await load(registry, await assemble(ECHO_WAT.replace('1024', String(1024 + 4 * i))), 'saved-often');
    }
    assert.equal((await readdir(path.join(home, 'modules'))).length, 2 * 65);
  });

  it('sets torn and foreign files aside with a warning and opens with the rest', async () => {
    const before = await open();
    const torn = await assemble(LOOP_WAT);
    const flipped = await assemble(REVERSE_WAT);
    await load(before, echo, 'whole');
    await load(before, torn, 'torn');
    await load(before, flipped, 'flipped');
    await load(before, upper, 'meta');
    const file = (digest: string, ending: string) => path.join(home, 'modules', `${digest}.${ending}`);
    await truncate(file(sha256(torn), 'wasm'), 20);
    const bytes = await readFile(file(sha256(flipped), 'wasm'));
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    await writeFile(file(sha256(flipped), 'wasm'), bytes);
    await truncate(file(sha256(upper), 'json'), 10);
    await writeFile(path.join(home, 'modules', 'notes.txt'), 'mine');
    await mkdir(path.join(home, 'labels', 'folder'));
    await writeFile(path.join(home, 'labels', `${'0'.repeat(40)}.json`), '{"format":1}');
    const after = await open();
    assert.deepEqual(
      after.list().map((r) => r.info.name),
      ['whole'],
    );
    for (const part of [
      sha256(torn),
      sha256(flipped),
      sha256(upper),
      'notes.txt',
      'folder',
      '0'.repeat(40),
    ]) {
      assert.ok(
        warnings.some((w) => w.includes(part)),
        `no warning about ${part}: ${warnings.join('\n')}`,
      );
    }
    assert.equal((await readdir(path.join(home, 'quarantine'))).length, 9);
    warnings = [];
    const again = await open();
    assert.equal(again.list().length, 1);
    assert.deepEqual(warnings, [], 'what was set aside stays aside');
    await load(again, torn, 'torn');
    await again.compiled(again.get({ module: 'torn' }));
  });

  it('says so when a file is damaged while it runs, and takes the module again', async () => {
    await load(await open(), echo, 'echo');
    const registry = await open();
    const record = registry.get({ module: 'echo' });
    await writeFile(path.join(home, 'modules', `${sha256(echo)}.wasm`), 'oops');
    await throwsKind('MODULE_UNKNOWN', /gone or damaged.*Load it again/, () => registry.compiled(record));
    await throwsKind('MODULE_UNKNOWN', /./, () => registry.get({ module: 'echo' }));
    await load(registry, echo, 'echo');
    await registry.compiled(registry.get({ module: 'echo' }));
  });

  it('gives FILE_IO with the path when its folder cannot be used', async () => {
    await writeFile(path.join(home, 'modules'), 'a file where a folder belongs');
    const error = await throwsKind('FILE_IO', /Could not use .*modules.*QUERN_HOME/, () => open());
    assert.equal(error.details.path, path.join(home, 'modules'));
  });
});
