import assert from 'node:assert/strict';
import { ERRNO } from '../../../../wasm-core/runtime/wasi/errno.ts';
import { throwsKind } from '../../../support/core-error.ts';
import { IOVECS_AT, RESULT_AT, WasiCalls, type WasiSetup } from '../../../support/wasi.ts';

const CREATE = 1;
const APPEND = 1;
const READ = 1n << 1n;
const WRITE = 1n << 6n;

const create = (setup: WasiSetup = {}) => WasiCalls.create({ capabilities: ['fs'], ...setup });

describe('fd_read and fd_write', () => {
  it('read standard input in pieces, to its end and no further', async () => {
    const wasi = await create({ input: Buffer.from('hello, world') });
    assert.deepEqual([wasi.read(0, 5), wasi.read(0, 100), wasi.read(0, 100)], ['hello', ', world', '']);
  });

  it('fill several buffers, also empty and overlapping ones, in order', async () => {
    const wasi = await create({ input: Buffer.from('abcdef') });
    wasi.iovecs(IOVECS_AT, [
      [100, 2],
      [0, 0],
      [101, 3],
    ]);
    assert.equal(wasi.call('fd_read', 0, IOVECS_AT, 3, RESULT_AT), 0);
    assert.equal(wasi.view.getUint32(RESULT_AT, true), 5);
    assert.equal(wasi.text(100, 4), 'acde');
  });

  it('collect standard output from several buffers', async () => {
    const wasi = await create();
    wasi.put(100, 'one two');
    wasi.iovecs(IOVECS_AT, [
      [104, 3],
      [100, 4],
    ]);
    assert.equal(wasi.call('fd_write', 1, IOVECS_AT, 2, RESULT_AT), 0);
    assert.equal(wasi.view.getUint32(RESULT_AT, true), 7);
    assert.equal(Buffer.from(wasi.instance.io.output()).toString(), 'twoone ');
  });

  it('take 1,024 buffers of a call and leave the rest for the next', async () => {
    const wasi = await create();
    wasi.iovecs(IOVECS_AT, new Array(1500).fill([100, 1]));
    assert.equal(wasi.call('fd_write', 1, IOVECS_AT, 1500, RESULT_AT), 0);
    assert.equal(wasi.view.getUint32(RESULT_AT, true), 1024);
  });

  it('refuse the wrong direction, descriptors that are not open, and directories', async () => {
    const wasi = await create();
    assert.equal(wasi.write(0, 'x'), -ERRNO.BADF);
    assert.equal(wasi.read(1, 1), -ERRNO.BADF);
    assert.equal(wasi.read(99, 1), -ERRNO.BADF);
    assert.equal(wasi.read(-1, 1), -ERRNO.BADF);
    assert.equal(wasi.read(3, 1), -ERRNO.ISDIR);
    assert.equal(wasi.write(3, 'x'), -ERRNO.ISDIR);
  });

  it('end the run with OUTPUT_LIMIT above the cap, noted as its failure', async () => {
    const wasi = await create({ maxOutputBytes: 10 });
    assert.equal(wasi.write(1, '0123456789'), 10);
    const error = await throwsKind('OUTPUT_LIMIT', /wrote 11 bytes, more than the 10/, () =>
      wasi.write(1, 'x'),
    );
    assert.deepEqual(wasi.instance.failures, [error]);
  });

  it('charge for each byte that moves and for the call', async () => {
    const wasi = await create({ input: Buffer.from('x'.repeat(1000)) });
    wasi.read(0, 5000);
    const used = wasi.instance.fuelUsed();
    assert.ok(used >= 1050 && used < 1600, `${used}`);
    wasi.call('sched_yield');
    assert.equal(wasi.instance.fuelUsed() - used, 50);
  });

  it('are refused without the right to read or write a file', async () => {
    const wasi = await create();
    const readOnly = wasi.open('f', { oflags: CREATE, rights: READ });
    const writeOnly = wasi.open('f', { rights: WRITE });
    assert.deepEqual([wasi.write(readOnly, 'x'), wasi.write(writeOnly, 'x')], [-ERRNO.BADF, 1]);
    assert.deepEqual([wasi.read(readOnly, 9), wasi.read(writeOnly, 9)], ['x', -ERRNO.BADF]);
  });
});

describe('Standard error', () => {
  it('becomes lines of the log, whatever pieces it comes in', async () => {
    const wasi = await create();
    for (const piece of ['one', ' and\ntwo\r\n', '\n', 'three']) wasi.write(2, piece);
    assert.deepEqual(wasi.instance.logs, ['info: one and', 'info: two', 'info: ']);
    wasi.instance.io.flush(wasi.instance.owner.run);
    assert.equal(wasi.instance.logs[3], 'info: three');
  });

  it('is cut at 8 KiB a line', async () => {
    const wasi = await create();
    for (let i = 0; i < 3; i++) wasi.write(2, 'x'.repeat(5000));
    wasi.write(2, '\nnext\n');
    assert.deepEqual(wasi.instance.logs, [`info: ${'x'.repeat(8192)}…`, 'info: next']);
  });

  it('keeps 1,000 lines and says so', async () => {
    const wasi = await create();
    for (let i = 0; i < 12; i++) wasi.write(2, 'line\n'.repeat(100));
    assert.equal(wasi.instance.logs.length, 1001);
    assert.equal(wasi.instance.logs[1000], 'info: (only the first 1000 lines are kept)');
  });
});

describe('Files', () => {
  it('have one offset for reading and writing, that seek moves and tell gives', async () => {
    const wasi = await create();
    const fd = wasi.open('f', { oflags: CREATE });
    wasi.write(fd, '0123456789');
    const seek = (delta: bigint, whence: number): number | string => {
      const errno = wasi.call('fd_seek', fd, delta, whence, RESULT_AT);
      return errno === 0 ? `at ${wasi.view.getBigUint64(RESULT_AT, true)}` : -errno;
    };
    assert.deepEqual(
      [seek(3n, 0), wasi.read(fd, 2), seek(-1n, 1), wasi.read(fd, 1)],
      ['at 3', '34', 'at 4', '4'],
    );
    assert.deepEqual([seek(-2n, 2), wasi.read(fd, 9)], ['at 8', '89']);
    assert.deepEqual([seek(-11n, 2), seek(-1n, 0), seek(0n, 3)], [-28, -28, -28]);
    assert.deepEqual([seek(1n << 62n, 0), seek(0n, 1)], [-28, 'at 10']);
    assert.equal(wasi.call('fd_tell', fd, RESULT_AT), 0);
    assert.equal(wasi.view.getBigUint64(RESULT_AT, true), 10n);
  });

  it('read zeros where nothing was written', async () => {
    const wasi = await create();
    const fd = wasi.open('f', { oflags: CREATE });
    wasi.write(fd, 'abc');
    wasi.call('fd_filestat_set_size', fd, 1n);
    wasi.call('fd_seek', fd, 4n, 0, RESULT_AT);
    wasi.write(fd, 'z');
    wasi.call('fd_seek', fd, 0n, 0, RESULT_AT);
    assert.equal(wasi.read(fd, 10), 'a\0\0\0z');
  });

  it('opened to append are written at their end', async () => {
    const wasi = await create();
    const fd = wasi.open('f', { oflags: CREATE, fdflags: APPEND });
    wasi.write(fd, 'one');
    wasi.call('fd_seek', fd, 0n, 0, RESULT_AT);
    wasi.write(fd, 'two');
    wasi.call('fd_seek', fd, 0n, 0, RESULT_AT);
    assert.equal(wasi.read(fd, 10), 'onetwo');
    assert.equal(wasi.call('fd_fdstat_set_flags', fd, 0), 0);
    wasi.call('fd_seek', fd, 0n, 0, RESULT_AT);
    wasi.write(fd, 'X');
    assert.equal(wasi.call('fd_fdstat_set_flags', fd, 32), ERRNO.INVAL);
  });

  it('are read and written at a place without moving the offset', async () => {
    const wasi = await create();
    const fd = wasi.open('f', { oflags: CREATE });
    wasi.write(fd, 'abcdef');
    wasi.put(100, 'XY');
    wasi.iovecs(IOVECS_AT, [[100, 2]]);
    assert.equal(wasi.call('fd_pwrite', fd, IOVECS_AT, 1, 2n, RESULT_AT), 0);
    assert.equal(wasi.call('fd_pread', fd, IOVECS_AT, 1, 3n, RESULT_AT), 0);
    assert.equal(wasi.text(100, 2), 'Ye');
    wasi.write(fd, '!');
    wasi.iovecs(IOVECS_AT, [[100, 2]]);
    assert.equal(wasi.call('fd_pread', fd, IOVECS_AT, 1, 5n, RESULT_AT), 0);
    assert.equal(wasi.text(100, 2), 'f!');
    assert.equal(wasi.call('fd_pread', 0, IOVECS_AT, 1, 0n, RESULT_AT), ERRNO.SPIPE);
    assert.equal(wasi.call('fd_pread', fd, IOVECS_AT, 1, -1n, RESULT_AT), ERRNO.INVAL);
  });

  it('cannot outgrow 64 MiB together, and give their room back', async () => {
    const wasi = await create();
    const a = wasi.open('a', { oflags: CREATE });
    const b = wasi.open('b', { oflags: CREATE });
    const mib = 1n << 20n;
    assert.equal(wasi.call('fd_allocate', a, 0n, 40n * mib), 0);
    assert.equal(wasi.call('fd_allocate', b, 0n, 25n * mib), ERRNO.NOSPC);
    assert.equal(wasi.call('fd_allocate', b, 20n * mib, 4n * mib), 0);
    assert.equal(wasi.call('fd_seek', b, 0n, 2, RESULT_AT), 0);
    assert.equal(wasi.write(b, 'x'), -ERRNO.NOSPC);
    // A file without a name keeps its room until it is closed.
    assert.equal(wasi.callWith('path_unlink_file', 3, 'a'), 0);
    assert.equal(wasi.write(b, 'x'), -ERRNO.NOSPC);
    assert.equal(wasi.call('fd_close', a), 0);
    assert.equal(wasi.write(b, 'x'), 1);
    assert.equal(wasi.call('fd_filestat_set_size', b, 1n << 60n), ERRNO.INVAL);
    assert.equal(wasi.call('fd_allocate', b, 0n, 0n), ERRNO.INVAL);
  });

  it('can be given advice and be synced, to no effect', async () => {
    const wasi = await create();
    const fd = wasi.open('f', { oflags: CREATE });
    assert.equal(wasi.call('fd_advise', fd, 0n, 10n, 5), 0);
    assert.equal(wasi.call('fd_advise', fd, 0n, 10n, 6), ERRNO.INVAL);
    assert.deepEqual(
      [wasi.call('fd_sync', fd), wasi.call('fd_datasync', 1), wasi.call('fd_sync', 50)],
      [0, 0, 8],
    );
  });
});

describe('Descriptors', () => {
  it('take the lowest free number, at most 1,024 of them', async () => {
    const wasi = await create();
    const first = wasi.open('f', { oflags: CREATE });
    assert.deepEqual([first, wasi.open('f')], [4, 5]);
    wasi.call('fd_close', 4);
    assert.deepEqual([wasi.open('f'), wasi.open('f')], [4, 6]);
    for (let fd = 7; fd < 1024; fd++) assert.equal(wasi.open('f'), fd);
    assert.equal(wasi.open('f'), -ERRNO.MFILE);
    wasi.call('fd_close', 1000);
    assert.equal(wasi.open('f'), 1000);
  });

  it('that were closed are closed', async () => {
    const wasi = await create();
    assert.deepEqual([wasi.call('fd_close', 1), wasi.call('fd_close', 1)], [0, ERRNO.BADF]);
    assert.equal(wasi.write(1, 'x'), -ERRNO.BADF);
  });

  it('can be renumbered, closing what had the number', async () => {
    const wasi = await create();
    const fd = wasi.open('f', { oflags: CREATE });
    assert.equal(wasi.call('fd_renumber', fd, 1), 0);
    assert.equal(wasi.write(1, 'to the file'), 11);
    assert.equal(wasi.instance.io.output().byteLength, 0);
    assert.equal(wasi.call('fd_renumber', fd, 1), ERRNO.BADF);
    assert.equal(wasi.call('fd_renumber', 1, 77), ERRNO.BADF);
    assert.equal(wasi.call('fd_renumber', 1, 1), 0);
  });

  it('say what they are: stream, directory, file', async () => {
    const wasi = await create();
    const fd = wasi.open('f', { oflags: CREATE, fdflags: APPEND, rights: READ | WRITE });
    const types = [0, 1, 2, 3, fd].map((n) => {
      assert.equal(wasi.call('fd_fdstat_get', n, 200), 0);
      return wasi.view.getUint8(200);
    });
    assert.deepEqual(types, [0, 0, 0, 3, 4]);
    assert.equal(wasi.view.getUint16(202, true), APPEND);
    assert.equal(wasi.view.getBigUint64(208, true), READ | WRITE);
    assert.equal(wasi.view.getBigUint64(216, true), 0n);
  });

  it('lose rights and cannot get them', async () => {
    const wasi = await create();
    const fd = wasi.open('f', { oflags: CREATE });
    assert.equal(wasi.call('fd_fdstat_set_rights', fd, READ, 0n), 0);
    assert.equal(wasi.call('fd_fdstat_set_rights', fd, READ | WRITE, 0n), ERRNO.NOTCAPABLE);
    assert.equal(wasi.call('fd_fdstat_set_rights', fd, READ, 1n), ERRNO.NOTCAPABLE);
    assert.equal(wasi.write(fd, 'x'), -ERRNO.BADF);
  });

  it('of the root are there only with the capability fs', async () => {
    const granted = await create();
    assert.equal(granted.call('fd_prestat_get', 3, 200), 0);
    assert.deepEqual([granted.view.getUint32(200, true), granted.view.getUint32(204, true)], [0, 1]);
    assert.equal(granted.call('fd_prestat_dir_name', 3, 300, 1), 0);
    assert.equal(granted.text(300, 1), '/');
    assert.equal(granted.call('fd_prestat_dir_name', 3, 300, 0), ERRNO.NAMETOOLONG);
    assert.equal(granted.call('fd_prestat_get', 4, 200), ERRNO.BADF);
    assert.equal(granted.call('fd_prestat_get', 1, 200), ERRNO.BADF);
    const refused = await WasiCalls.create();
    assert.equal(refused.call('fd_prestat_get', 3, 200), ERRNO.BADF);
    assert.equal(refused.open('f', { oflags: CREATE }), -ERRNO.BADF);
  });
});
