import assert from 'node:assert/strict';
import { ERRNO } from '../../../../wasm-core/runtime/wasi/errno.ts';
import { GuestExit } from '../../../../wasm-core/runtime/wasi/guest-exit.ts';
import { throwsKind } from '../../../support/core-error.ts';
import { RESULT_AT, TEST_REALTIME_NS, WasiCalls } from '../../../support/wasi.ts';

function clock(wasi: WasiCalls, id: number): bigint {
  assert.equal(wasi.call('clock_time_get', id, 0n, RESULT_AT), 0);
  return wasi.view.getBigUint64(RESULT_AT, true);
}

/** Writes a subscription to a clock. */
function subscribeClock(
  wasi: WasiCalls,
  at: number,
  s: { userdata: bigint; id?: number; timeout: bigint; absolute?: boolean },
): void {
  wasi.view.setBigUint64(at, s.userdata, true);
  wasi.view.setUint8(at + 8, 0);
  wasi.view.setUint32(at + 16, s.id ?? 1, true);
  wasi.view.setBigUint64(at + 24, s.timeout, true);
  wasi.view.setUint16(at + 40, s.absolute ? 1 : 0, true);
}

function subscribeFd(wasi: WasiCalls, at: number, s: { userdata: bigint; type: number; fd: number }): void {
  wasi.view.setBigUint64(at, s.userdata, true);
  wasi.view.setUint8(at + 8, s.type);
  wasi.view.setUint32(at + 16, s.fd, true);
}

/** Polls. @returns for each event `userdata error type bytes` */
function poll(wasi: WasiCalls, count: number): string[] | number {
  const errno = wasi.call('poll_oneoff', 4096, 8192, count, RESULT_AT);
  if (errno !== 0) return -errno;
  return Array.from({ length: wasi.view.getUint32(RESULT_AT, true) }, (_, i) => {
    const at = 8192 + 32 * i;
    const { view } = wasi;
    return `${view.getBigUint64(at, true)} ${view.getUint16(at + 8, true)} ${view.getUint8(at + 10)} ${view.getBigUint64(at + 16, true)}`;
  });
}

describe('Arguments and environment', () => {
  it('are laid out as C wants them', async () => {
    const wasi = await WasiCalls.create({ programName: 'wc', args: ['-l', '', 'ü'], env: { A: '1', B: '' } });
    assert.equal(wasi.call('args_sizes_get', 16, 20), 0);
    assert.deepEqual([wasi.view.getUint32(16, true), wasi.view.getUint32(20, true)], [4, 10]);
    assert.equal(wasi.call('args_get', 100, 200), 0);
    const pointers = [0, 1, 2, 3].map((i) => wasi.view.getUint32(100 + 4 * i, true));
    assert.deepEqual(pointers, [200, 203, 206, 207]);
    assert.equal(wasi.text(200, 10), 'wc\0-l\0\0ü\0');
    assert.equal(wasi.call('environ_sizes_get', 16, 20), 0);
    assert.deepEqual([wasi.view.getUint32(16, true), wasi.view.getUint32(20, true)], [2, 7]);
    assert.equal(wasi.call('environ_get', 100, 200), 0);
    assert.equal(wasi.text(200, 7), 'A=1\0B=\0');
  });

  it('lose a NUL inside, which would shift the ones behind it', async () => {
    const wasi = await WasiCalls.create({ args: ['a\0b', 'c'] });
    wasi.call('args_get', 100, 200);
    assert.equal(wasi.text(200, 10), 'test\0ab\0c\0');
  });
});

describe('Clocks', () => {
  it('without the capability begin at 0 and move 1 µs at each look', async () => {
    const wasi = await WasiCalls.create();
    assert.deepEqual(
      [clock(wasi, 0), clock(wasi, 1), clock(wasi, 2), clock(wasi, 3)],
      [1000n, 2000n, 3000n, 4000n],
    );
  });

  it('with the capability are real', async () => {
    const wasi = await WasiCalls.create({ capabilities: ['clock'] });
    assert.deepEqual([clock(wasi, 0), clock(wasi, 1)], [TEST_REALTIME_NS, 5_000_000_000n]);
  });

  it('have a resolution, and there are four of them', async () => {
    const wasi = await WasiCalls.create();
    assert.equal(wasi.call('clock_res_get', 3, RESULT_AT), 0);
    assert.equal(wasi.view.getBigUint64(RESULT_AT, true), 1000n);
    assert.equal(wasi.call('clock_res_get', 4, RESULT_AT), ERRNO.INVAL);
    assert.equal(wasi.call('clock_time_get', -1, 0n, RESULT_AT), ERRNO.INVAL);
  });
});

describe('random_get', () => {
  it('gives the same bytes in every run without the capability, others with it', async () => {
    const bytes = async (capabilities: readonly 'random'[]): Promise<string> => {
      const wasi = await WasiCalls.create({ capabilities });
      assert.equal(wasi.call('random_get', 100, 33), 0);
      return Buffer.from(wasi.instance.memory.buffer, 100, 40).toString('hex');
    };
    const [one, again, granted] = [await bytes([]), await bytes([]), await bytes(['random'])];
    assert.equal(one, again);
    assert.notEqual(one, granted);
    assert.match(one, /00000000000000$/);
    assert.doesNotMatch(one, /^0000/);
  });
});

describe('poll_oneoff', () => {
  it('lets a sleep pass at once, and the time of the run with it', async () => {
    for (const capabilities of [[], ['clock']] as const) {
      const wasi = await WasiCalls.create({ capabilities });
      const before = clock(wasi, 1);
      subscribeClock(wasi, 4096, { userdata: 7n, timeout: 3_000_000_000n });
      assert.deepEqual(poll(wasi, 1), ['7 0 0 0']);
      const passed = clock(wasi, 1) - before;
      assert.ok(passed >= 3_000_000_000n && passed < 3_000_100_000n, `${passed}`);
    }
  });

  it('moves on to the soonest of several clocks only', async () => {
    const wasi = await WasiCalls.create();
    subscribeClock(wasi, 4096, { userdata: 1n, timeout: 9_000_000n });
    subscribeClock(wasi, 4144, { userdata: 2n, timeout: 5_000_000n });
    subscribeClock(wasi, 4192, { userdata: 3n, timeout: 6_000_000n, absolute: true, id: 0 });
    assert.deepEqual(poll(wasi, 3), ['2 0 0 0']);
    assert.deepEqual(poll(wasi, 3), ['3 0 0 0']);
    subscribeClock(wasi, 4096, { userdata: 4n, timeout: 1n, absolute: true });
    assert.deepEqual(poll(wasi, 1), ['4 0 0 0']);
  });

  it('does not overflow the clock', async () => {
    const wasi = await WasiCalls.create();
    subscribeClock(wasi, 4096, { userdata: 1n, timeout: (1n << 64n) - 1n });
    assert.deepEqual([poll(wasi, 1), poll(wasi, 1)], [['1 0 0 0'], ['1 0 0 0']]);
    assert.equal(clock(wasi, 1), (1n << 63n) - 1n);
  });

  it('finds descriptors ready, before any clock, and says which are none', async () => {
    const wasi = await WasiCalls.create({ input: Buffer.from('12345') });
    subscribeFd(wasi, 4096, { userdata: 1n, type: 1, fd: 0 });
    subscribeClock(wasi, 4144, { userdata: 2n, timeout: 1_000_000n });
    subscribeFd(wasi, 4192, { userdata: 3n, type: 2, fd: 1 });
    subscribeFd(wasi, 4240, { userdata: 4n, type: 1, fd: 55 });
    assert.deepEqual(poll(wasi, 4), ['1 0 1 5', '3 0 2 0', '4 8 1 0']);
  });

  it('refuses none, too many, and kinds that it does not know', async () => {
    const wasi = await WasiCalls.create();
    assert.deepEqual([poll(wasi, 0), poll(wasi, 5000), poll(wasi, -1)], [-28, -28, -28]);
    subscribeFd(wasi, 4096, { userdata: 1n, type: 3, fd: 0 });
    assert.equal(poll(wasi, 1), -28);
    subscribeClock(wasi, 4096, { userdata: 1n, id: 9, timeout: 0n });
    assert.deepEqual(poll(wasi, 1), ['1 28 0 0']);
  });
});

describe('The end', () => {
  it('by proc_exit throws through the guest, and nothing works afterwards', async () => {
    const wasi = await WasiCalls.create();
    for (const call of ['proc_exit', 'fd_close', 'proc_exit'] as const) {
      const error = await throwsKind('GUEST_ERROR', /exit code 4294967295/, () => wasi.call(call, -1));
      assert.ok(error instanceof GuestExit);
      assert.ok(wasi.instance.failures.includes(error));
    }
    assert.equal(wasi.instance.io.exitCode, 4294967295);
  });

  it('by a signal is TRAP, and signal 0 is none', async () => {
    const wasi = await WasiCalls.create();
    assert.equal(wasi.call('proc_raise', 0), 0);
    const error = await throwsKind('TRAP', /signal 6/, () => wasi.call('proc_raise', 6));
    assert.deepEqual(wasi.instance.failures, [error]);
  });

  it('does not come from sched_yield or from sockets, which there are none of', async () => {
    const wasi = await WasiCalls.create();
    assert.equal(wasi.call('sched_yield'), 0);
    assert.equal(wasi.call('sock_accept', 3, 0, 100), ERRNO.NOTSUP);
    assert.equal(wasi.call('sock_recv', 3, 0, 0, 0, 100, 104), ERRNO.NOTSUP);
    assert.equal(wasi.call('sock_send', 3, 0, 0, 0, 100), ERRNO.NOTSUP);
    assert.equal(wasi.call('sock_shutdown', 3, 0), ERRNO.NOTSUP);
  });
});
