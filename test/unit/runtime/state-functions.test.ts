import assert from 'node:assert/strict';
import { StateOverlay } from '../../../wasm-core/runtime/state/state-overlay.ts';
import { throwsKind } from '../../support/core-error.ts';
import { HostCalls, MEMORY_BYTES } from '../../support/host-calls.ts';

const KEY = 0;
const VALUE = 1000;
const ROOM = 2000;

describe('get_state', () => {
  it('places the value behind its length where alloc says, and gives 0 for a key that is not set', async () => {
    const calls = await HostCalls.create();
    const key = calls.put(KEY, 'count');
    assert.equal(calls.call('get_state', ...key), 0);
    calls.call('set_state', ...key, ...calls.put(VALUE, 'seven'));
    const pointer = Number(calls.call('get_state', ...key));
    assert.equal(new DataView(calls.memory.buffer).getUint32(pointer, true), 5);
    assert.equal(calls.text(pointer + 4, 5), 'seven');
  });

  it('tells an empty value from none', async () => {
    const calls = await HostCalls.create();
    const key = calls.put(KEY, 'empty');
    calls.call('set_state', ...key, MEMORY_BYTES, 0);
    assert.notEqual(calls.call('get_state', ...key), 0);
    assert.equal(calls.call('get_state_into', ...key, ROOM, 0), 0);
  });

  it('gives the value of the call when alloc sets another, and finds its room in memory that alloc grew', async () => {
    const body = `(func (export "alloc") (param i32) (result i32)
      (call $set_state (i32.const 0) (i32.const 1) (i32.const 8) (i32.const 1))
      (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)))`;
    const state = new StateOverlay(new Map([['k', Buffer.from('old')]]));
    const calls = await HostCalls.create({ state }, body);
    calls.put(8, 'n');
    const pointer = Number(calls.call('get_state', ...calls.put(KEY, 'k')));
    assert.equal(pointer, MEMORY_BYTES);
    assert.equal(calls.text(pointer + 4, 3), 'old');
    assert.equal(Buffer.from(state.get('k') ?? []).toString(), 'n');
  });

  for (const [what, address, kind] of [
    ['names no room', 0, 'MEMORY_LIMIT'],
    ['names room past the end', MEMORY_BYTES - 6, 'MEMORY_BOUNDS'],
    ['gives -1', -1, 'MEMORY_BOUNDS'],
  ] as const) {
    it(`ends the run when alloc ${what}`, async () => {
      const body = `(func (export "alloc") (param i32) (result i32) (i32.const ${address}))`;
      const state = new StateOverlay(new Map([['k', Buffer.from('old')]]));
      const calls = await HostCalls.create({ state }, body);
      await throwsKind(kind, /./, () => calls.call('get_state', ...calls.put(KEY, 'k')));
      assert.ok(calls.failure);
    });
  }

  it('ends the run of a module without alloc', async () => {
    const state = new StateOverlay(new Map([['k', Buffer.from('old')]]));
    const calls = await HostCalls.create({ state }, '');
    await throwsKind('EXPORT_MISSING', /alloc/, () => calls.call('get_state', ...calls.put(KEY, 'k')));
  });
});

describe('get_state_into', () => {
  it('gives the length, and the bytes only where they fit whole', async () => {
    const calls = await HostCalls.create();
    const key = calls.put(KEY, 'k');
    calls.call('set_state', ...key, ...calls.put(VALUE, 'abc'));
    assert.equal(calls.call('get_state_into', ...key, ROOM, 2), 3);
    assert.equal(calls.text(ROOM, 3), '\0\0\0');
    assert.equal(calls.call('get_state_into', ...key, ROOM, 10), 3);
    assert.equal(calls.text(ROOM, 4), 'abc\0');
    assert.equal(calls.call('get_state_into', ...calls.put(KEY, 'other'), ROOM, 10), -1);
  });

  it('may write over its own key', async () => {
    const calls = await HostCalls.create();
    const key = calls.put(KEY, 'key');
    calls.call('set_state', ...key, ...calls.put(VALUE, 'value'));
    assert.equal(calls.call('get_state_into', ...key, KEY, 5), 5);
    assert.equal(calls.text(KEY, 5), 'value');
  });
});

describe('set_state', () => {
  it('keeps a copy, which the guest cannot change by its memory', async () => {
    const calls = await HostCalls.create();
    calls.call('set_state', ...calls.put(KEY, 'k'), ...calls.put(VALUE, 'abc'));
    calls.put(VALUE, 'xyz');
    assert.equal(Buffer.from(calls.run.state.get('k') ?? []).toString(), 'abc');
  });

  it('takes a key and a value that overlap', async () => {
    const calls = await HostCalls.create();
    calls.put(KEY, 'abcdef');
    calls.call('set_state', KEY, 4, KEY + 2, 4);
    assert.equal(Buffer.from(calls.run.state.get('abcd') ?? []).toString(), 'cdef');
  });

  it('takes a key away with the length -1, wherever the pointer points', async () => {
    const calls = await HostCalls.create();
    const key = calls.put(KEY, 'k');
    calls.call('set_state', ...key, VALUE, 1);
    calls.call('set_state', ...key, -5, -1);
    assert.equal(calls.call('get_state', ...key), 0);
    calls.call('set_state', ...key, 0, -1);
  });

  it('refuses a key that is empty, too long or not UTF-8', async () => {
    const calls = await HostCalls.create();
    for (const name of ['set_state', 'get_state_into']) {
      await throwsKind('STATE_LIMIT', /a key of 0 bytes/, () => calls.call(name, KEY, 0, VALUE, 1));
      await throwsKind('STATE_LIMIT', /a key of 257 bytes/, () => calls.call(name, KEY, 257, VALUE, 1));
      const binary = calls.put(KEY, Uint8Array.of(0xff, 0xfe));
      await throwsKind('RESULT_INVALID', /2 bytes that are not UTF-8/, () =>
        calls.call(name, ...binary, VALUE, 1),
      );
    }
    calls.call('set_state', ...calls.put(KEY, 'ä'.repeat(128)), VALUE, 1);
  });

  it('refuses a value of more than 64 KiB, and ends the run', async () => {
    const grow = '(func (export "grow") (drop (memory.grow (i32.const 1))))';
    const calls = await HostCalls.create({}, grow);
    calls.call('grow');
    const key = calls.put(KEY, 'k');
    calls.call('set_state', ...key, 0, 65_536);
    await throwsKind('STATE_LIMIT', /"k" has 65537 bytes/, () => calls.call('set_state', ...key, 0, 65_537));
    assert.ok(calls.failure);
  });
});
