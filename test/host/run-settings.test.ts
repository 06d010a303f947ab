import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { HostEvent } from '../../wasm-core/protocol/events.ts';
import type { ExecuteResult } from '../../wasm-core/protocol/methods.ts';
import { throwsKind } from '../support/core-error.ts';
import { eventually } from '../support/eventually.ts';
import { HostHome } from '../support/host-process.ts';
import { assemble, UPPER_WAT } from '../support/wat.ts';

/** Counts its runs in its state, and gives the count as a digit. */
const COUNTER_WAT = `(module
  (import "host" "get_state_into" (func $get (param i32 i32 i32 i32) (result i32)))
  (import "host" "set_state" (func $set (param i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "n0")
  (func (export "process") (param i32 i32) (result i64)
    (drop (call $get (i32.const 0) (i32.const 1) (i32.const 1) (i32.const 1)))
    (i32.store8 (i32.const 1) (i32.add (i32.load8_u (i32.const 1)) (i32.const 1)))
    (call $set (i32.const 0) (i32.const 1) (i32.const 1) (i32.const 1))
    (i64.or (i64.shl (i64.const 1) (i64.const 32)) (i64.const 1))))`;

/** Gives four random bytes and eight of its clock, or the field `title`, or its configuration, by its input. */
const ASKING_WAT = `(module
  (import "host" "random" (func $random (param i32 i32)))
  (import "host" "now_ns" (func $now (result i64)))
  (import "host" "field_string" (func $field (param i32 i32 i32 i32) (result i32)))
  (import "host" "config" (func $config (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "title")
  (func $out (param $n i32) (result i64)
    (i64.or (i64.shl (i64.const 100) (i64.const 32)) (i64.extend_i32_u (local.get $n))))
  (func (export "process") (param $p i32) (param $n i32) (result i64) (local $c i32)
    (local.set $c (i32.load8_u (local.get $p)))
    (if (i32.eq (local.get $c) (i32.const 114)) (then
      (call $random (i32.const 100) (i32.const 4))
      (i64.store (i32.const 104) (call $now)) (return (call $out (i32.const 12)))))
    (if (i32.eq (local.get $c) (i32.const 102)) (then
      (return (call $out (call $field (i32.const 0) (i32.const 5) (i32.const 100) (i32.const 99))))))
    (call $out (call $config (i32.const 100) (i32.const 99)))))`;

async function load(
  connection: HostConnection,
  module: { readonly name: string; readonly wat: string; readonly grant?: readonly string[] },
): Promise<void> {
  const base64 = Buffer.from(await assemble(module.wat)).toString('base64');
  const { name, grant } = module;
  await connection.request('module/load', { bytes: { base64 }, name, ...(grant && { grant }) });
}

function outputOf({ output }: ExecuteResult): Buffer {
  return 'utf8' in output ? Buffer.from(output.utf8) : Buffer.from(output.base64, 'base64');
}

describe('host: what a run is told and what it keeps', () => {
  let home: HostHome;
  let connection: HostConnection;
  beforeEach(async () => {
    home = new HostHome();
    connection = await home.connect();
  });
  afterEach(() => home.dispose());

  const count = async (from: HostConnection): Promise<string> =>
    outputOf(await from.request('module/execute', { module: 'counter', input: { utf8: '' } })).toString();

  it('keeps the state of a label across restarts and kill -9, and drops it with the label', async () => {
    const counter = { name: 'counter', wat: COUNTER_WAT, grant: ['state'] };
    await load(connection, counter);
    assert.deepEqual([await count(connection), await count(connection)], ['1', '2']);
    process.kill(connection.pid, 'SIGKILL');
    await eventually('the connection ends', () => (connection.closed ? true : undefined));
    const again = await home.connect();
    assert.equal(await count(again), '3');
    await again.request('module/unload', { module: 'counter' });
    await load(again, counter);
    assert.equal(await count(again), '1');
  });

  it('lets nobody keep state who was not granted it, and says how to grant it', async () => {
    await load(connection, { name: 'counter', wat: COUNTER_WAT });
    await throwsKind('CAPABILITY_DENIED', /--grant state/, () => count(connection));
  });

  it('gives the same random bytes for a seed, and the time it is told', async () => {
    await load(connection, { name: 'asking', wat: ASKING_WAT, grant: ['random', 'clock', 'document'] });
    const ask = async (utf8: string, setting: object = {}): Promise<Buffer> =>
      outputOf(await connection.request('module/execute', { module: 'asking', input: { utf8 }, ...setting }));
    const told = { seed: 7, nowMs: 1_700_000_000_123 };
    const [one, two, other] = [
      await ask('r', told),
      await ask('r', told),
      await ask('r', { ...told, seed: 8 }),
    ];
    assert.deepEqual(one, two);
    assert.notDeepEqual(one.subarray(0, 4), other.subarray(0, 4));
    assert.equal(one.readBigInt64LE(4), 1_700_000_000_123_000_000n);
    assert.notDeepEqual((await ask('r')).subarray(0, 4), (await ask('r')).subarray(0, 4));
    assert.equal((await ask('f', { document: { fields: { title: 'Émile' } } })).toString(), 'Émile');
    assert.deepEqual(JSON.parse((await ask('c', { config: { deep: [1, null] } })).toString()), {
      deep: [1, null],
    });
  });

  /** Loads a compiled program of the fixtures and runs it. */
  async function program(file: string, params: object): Promise<ExecuteResult> {
    const bytes = readFileSync(path.resolve('test/fixtures/wasi', file));
    const wasm = file.endsWith('.br') ? brotliDecompressSync(bytes) : bytes;
    await connection.request('module/load', { bytes: { base64: wasm.toString('base64') }, name: file });
    return connection.request('module/execute', { module: file, input: { utf8: '' }, ...params });
  }

  it('runs programs in C, Rust and Go for WASI, from standard input to standard output', async () => {
    const input = { utf8: 'one two two\n' };
    assert.match(outputOf(await program('c-wordcount.wasm', { input })).toString(), /3/);
    assert.equal(outputOf(await program('rust-words.wasm', { input })).toString(), '2 two\n1 one\n');
    assert.match(outputOf(await program('go-words.wasm.br', { input })).toString(), /^3 words/);
  });

  it('gives programs the arguments and the environment of the call, and nothing else', async () => {
    const { output } = await program('c-surroundings.wasm', { args: ['a', 'b c'], env: { MODE: 'x' } });
    const text = outputOf({ output } as ExecuteResult).toString();
    assert.match(text, /b c/);
    assert.match(text, /MODE=x/);
    assert.doesNotMatch(text, /PATH=/);
    await throwsKind('GUEST_ERROR', /exit code 3/, () => program('c-exit3.wasm', {}));
  });

  it('tells subscribers what was compiled, called and trapped, also on the hot path, and nobody else', async () => {
    const events: HostEvent[] = [];
    connection.onEvent((event) => events.push(event), ['compiled', 'called', 'trapped']);
    const quiet: HostEvent[] = [];
    (await home.connect()).onEvent((event) => quiet.push(event), ['unloaded']);
    await connection.request('host/stats', undefined);
    const failing =
      '(module (memory (export "memory") 1) (func (export "process") (param i32 i32) (result i32) (unreachable)))';
    await load(connection, { name: 'upper', wat: UPPER_WAT });
    await load(connection, { name: 'failing', wat: failing });
    await connection.request('module/execute', { module: 'upper', input: { utf8: 'x' } });
    await throwsKind('TRAP', /./, () =>
      connection.request('module/execute', { module: 'failing', input: { utf8: '' } }),
    );
    await eventually('a trap is told', () => events.find(({ type }) => type === 'trapped'));
    assert.deepEqual(
      events.map((event) => ('module' in event ? `${event.type} ${event.module.name}` : event.type)),
      ['compiled upper', 'compiled failing', 'called upper', 'called failing', 'trapped failing'],
    );
    const called = events.find((event) => event.type === 'called');
    assert.ok(called?.type === 'called' && (called.usage?.fuel ?? 0) > 0 && called.ok);
    assert.deepEqual(quiet, []);
  });

  it('passes what is unmetered by quern.json to workers alone, without fuel', async () => {
    const folder = path.join(home.folder, 'work');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'quern.json'), '{"modes":{"upper":"unmetered"},"limits":{"memoryMb":3}}');
    await load(connection, { name: 'upper', wat: UPPER_WAT });
    const params = { module: 'upper', input: { utf8: 'x' } };
    const metered = await connection.request('module/execute', params);
    assert.equal(metered.usage.lane, 'short');
    const { usage, output } = await connection.request('module/execute', { ...params, folder });
    assert.deepEqual([usage.lane, usage.fuel, output], ['long', undefined, { utf8: 'X' }]);
  });
});
