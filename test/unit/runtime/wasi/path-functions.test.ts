import assert from 'node:assert/strict';
import { ERRNO } from '../../../../wasm-core/runtime/wasi/errno.ts';
import { RESULT_AT, TEST_REALTIME_NS, WasiCalls, type WasiSetup } from '../../../support/wasi.ts';

const CREATE = 1;
const DIRECTORY = 2;
const EXCLUSIVE = 4;
const TRUNCATE = 8;
const READ = 1n << 1n;

const create = (setup: WasiSetup = {}) => WasiCalls.create({ capabilities: ['fs'], ...setup });

/** Names in a directory, read with a buffer of some size. */
function list(wasi: WasiCalls, fd: number, byteLength = 4096): string[] {
  const names: string[] = [];
  let cookie = 0n;
  for (;;) {
    assert.equal(wasi.call('fd_readdir', fd, 40_000, byteLength, cookie, RESULT_AT), 0);
    const used = wasi.view.getUint32(RESULT_AT, true);
    let at = 0;
    while (at + 24 <= used) {
      const end = at + 24 + wasi.view.getUint32(40_000 + at + 16, true);
      if (end > used) break;
      names.push(`${wasi.text(40_024 + at, end - at - 24)}:${wasi.view.getUint8(40_000 + at + 20)}`);
      cookie = wasi.view.getBigUint64(40_000 + at, true);
      at = end;
    }
    if (used < byteLength) return names;
    assert.ok(at > 0, 'an entry does not fit the buffer');
  }
}

describe('path_open', () => {
  it('creates, refuses what is there when that is asked, and truncates', async () => {
    const wasi = await create();
    assert.equal(wasi.open('f'), -ERRNO.NOENT);
    wasi.write(wasi.open('f', { oflags: CREATE }), 'text');
    assert.equal(wasi.open('f', { oflags: CREATE | EXCLUSIVE }), -ERRNO.EXIST);
    assert.equal(wasi.read(wasi.open('f', { oflags: CREATE }), 9), 'text');
    assert.equal(wasi.open('f', { oflags: TRUNCATE, rights: READ }), -ERRNO.NOTCAPABLE);
    assert.equal(wasi.read(wasi.open('f', { oflags: TRUNCATE }), 9), '');
    assert.equal(wasi.open('f', { oflags: 16 }), -ERRNO.INVAL);
    assert.equal(wasi.open('f', { fdflags: 32 }), -ERRNO.INVAL);
  });

  it('opens directories to read, and files only as files', async () => {
    const wasi = await create();
    wasi.callWith('path_create_directory', 3, 'd');
    wasi.open('f', { oflags: CREATE });
    assert.ok(wasi.open('d', { oflags: DIRECTORY }) > 0);
    assert.ok(wasi.open('d', { rights: READ }) > 0);
    assert.ok(wasi.open('.', { rights: READ }) > 0);
    assert.equal(wasi.open('d'), -ERRNO.ISDIR);
    assert.equal(wasi.open('f', { oflags: DIRECTORY }), -ERRNO.NOTDIR);
    assert.equal(wasi.open('f/'), -ERRNO.NOTDIR);
    assert.equal(wasi.open('new/', { oflags: CREATE }), -ERRNO.ISDIR);
    assert.equal(wasi.open('new', { oflags: CREATE | DIRECTORY }), -ERRNO.INVAL);
    assert.equal(wasi.open('f/x'), -ERRNO.NOTDIR);
    assert.equal(wasi.open('nowhere/x', { oflags: CREATE }), -ERRNO.NOENT);
    assert.equal(wasi.open('x', { from: 1 }), -ERRNO.NOTDIR);
  });

  it('starts at any directory and does not leave it', async () => {
    const wasi = await create();
    wasi.callWith('path_create_directory', 3, 'd');
    wasi.callWith('path_create_directory', 3, 'd/e');
    wasi.open('secret', { oflags: CREATE });
    const d = wasi.open('d', { oflags: DIRECTORY });
    const escapes = ['..', '../secret', 'e/../../secret', './e/.././../secret', '/secret', '/', '../d'];
    for (const path of escapes) assert.equal(wasi.open(path, { from: d }), -ERRNO.NOTCAPABLE, path);
    for (const path of ['..', '../x', '/secret']) assert.equal(wasi.open(path), -ERRNO.NOTCAPABLE, path);
    assert.ok(wasi.open('e/../inside', { from: d, oflags: CREATE }) > 0);
    assert.ok(wasi.open('d//./e/../inside') > 0);
  });

  it('refuses paths that are none', async () => {
    const wasi = await create();
    const open = (path: string): number => wasi.open(path, { oflags: CREATE });
    assert.equal(open(''), -ERRNO.NOENT);
    assert.equal(open('a\0b'), -ERRNO.INVAL);
    assert.equal(open('x'.repeat(256)), -ERRNO.NAMETOOLONG);
    assert.equal(open('ü'.repeat(128)), -ERRNO.NAMETOOLONG);
    assert.ok(open('ü'.repeat(127)) > 0);
    assert.equal(open('./'.repeat(2049)), -ERRNO.NAMETOOLONG);
    wasi.view.setUint16(100, 0xfffe);
    assert.equal(wasi.call('path_create_directory', 3, 100, 2), ERRNO.ILSEQ);
  });

  it('makes 10,000 files and directories and no more', async () => {
    const wasi = await create();
    for (let i = 0; i < 10_000; i++) assert.equal(wasi.callWith('path_create_directory', 3, `${i}`), 0);
    assert.equal(wasi.callWith('path_create_directory', 3, 'more'), ERRNO.NOSPC);
    assert.equal(wasi.open('more', { oflags: CREATE }), -ERRNO.NOSPC);
    assert.equal(wasi.callWith('path_remove_directory', 3, '5'), 0);
    assert.ok(wasi.open('more', { oflags: CREATE }) > 0);
  });
});

describe('Directories', () => {
  it('are listed with . and .. in the order in which names were added', async () => {
    const wasi = await create();
    wasi.callWith('path_create_directory', 3, 'd');
    wasi.open('f', { oflags: CREATE });
    assert.deepEqual(list(wasi, 3), ['.:3', '..:3', 'd:3', 'f:4']);
    assert.equal(wasi.call('fd_readdir', 4, 40_000, 100, 0n, RESULT_AT), ERRNO.NOTDIR);
  });

  it('are listed whole through a small buffer', async () => {
    const wasi = await create();
    const names = Array.from({ length: 50 }, (_, i) => `${'n'.repeat(i)}${i}`);
    for (const name of names) wasi.callWith('path_create_directory', 3, name);
    assert.deepEqual(list(wasi, 3, 100), ['.:3', '..:3', ...names.map((n) => `${n}:3`)]);
  });

  it('can be emptied while they are listed', async () => {
    const wasi = await create();
    for (const name of ['a', 'b', 'c']) wasi.callWith('path_create_directory', 3, name);
    // The cookie of `a`, read on from after `a` and `b` are gone and `d` has come.
    wasi.call('fd_readdir', 3, 40_000, 24 + 1 + 24 + 2 + 24 + 1, 0n, RESULT_AT);
    const cookie = wasi.view.getBigUint64(40_000 + 25 + 26, true);
    for (const name of ['a', 'b']) assert.equal(wasi.callWith('path_remove_directory', 3, name), 0);
    wasi.callWith('path_create_directory', 3, 'd');
    wasi.call('fd_readdir', 3, 40_000, 100, cookie, RESULT_AT);
    assert.deepEqual([wasi.text(40_024, 1), wasi.text(40_049, 1)], ['c', 'd']);
    assert.equal(wasi.view.getUint32(RESULT_AT, true), 50);
    assert.equal(wasi.call('fd_readdir', 3, 40_000, 100, -1n, RESULT_AT), 0);
    assert.equal(wasi.view.getUint32(RESULT_AT, true), 0);
  });

  it('are removed when empty, and take nothing new afterwards', async () => {
    const wasi = await create();
    wasi.callWith('path_create_directory', 3, 'd');
    wasi.callWith('path_create_directory', 3, 'd/e');
    assert.equal(wasi.callWith('path_create_directory', 3, 'd'), ERRNO.EXIST);
    assert.equal(wasi.callWith('path_remove_directory', 3, 'd'), ERRNO.NOTEMPTY);
    const e = wasi.open('d/e', { oflags: DIRECTORY });
    assert.equal(wasi.callWith('path_unlink_file', 3, 'd/e'), ERRNO.ISDIR);
    assert.equal(wasi.callWith('path_remove_directory', 3, 'd/e/'), 0);
    assert.equal(wasi.open('x', { from: e, oflags: CREATE }), -ERRNO.NOENT);
    assert.equal(wasi.callWith('path_create_directory', e, 'x'), ERRNO.NOENT);
    wasi.open('f', { oflags: CREATE });
    assert.equal(wasi.callWith('path_rename', 3, 'f', e, 'f'), ERRNO.NOENT);
    assert.deepEqual(list(wasi, e), ['.:3', '..:3']);
    assert.equal(wasi.callWith('path_remove_directory', 3, '.'), ERRNO.INVAL);
    assert.equal(wasi.callWith('path_remove_directory', 3, 'f'), ERRNO.NOTDIR);
    assert.equal(wasi.callWith('path_remove_directory', 3, 'none'), ERRNO.NOENT);
  });
});

describe('path_rename', () => {
  it('moves and replaces as POSIX says', async () => {
    const wasi = await create();
    const rename = (a: string, b: string): number => wasi.callWith('path_rename', 3, a, 3, b);
    for (const name of ['d', 'empty', 'full', 'full/x']) wasi.callWith('path_create_directory', 3, name);
    wasi.write(wasi.open('f', { oflags: CREATE }), 'f');
    wasi.write(wasi.open('g', { oflags: CREATE }), 'g');
    assert.equal(rename('none', 'x'), ERRNO.NOENT);
    assert.equal(rename('f', 'd'), ERRNO.ISDIR);
    assert.equal(rename('d', 'f'), ERRNO.NOTDIR);
    assert.equal(rename('d', 'full'), ERRNO.NOTEMPTY);
    assert.equal(rename('full', 'full/x/y'), ERRNO.INVAL);
    assert.equal(rename('full', 'full/y'), ERRNO.INVAL);
    assert.equal(rename('f', 'new/'), ERRNO.NOTDIR);
    assert.equal(rename('f', '../x'), ERRNO.NOTCAPABLE);
    assert.equal(rename('.', 'x'), ERRNO.INVAL);
    assert.deepEqual(
      [rename('f', 'f'), rename('f', 'g'), rename('full', 'empty'), rename('g', 'd/h')],
      [0, 0, 0, 0],
    );
    assert.deepEqual(list(wasi, 3).slice(2), ['d:3', 'empty:3']);
    assert.equal(wasi.read(wasi.open('d/h'), 5), 'f');
    assert.ok(wasi.open('empty/x', { oflags: DIRECTORY }) > 0);
  });
});

describe('The status of files', () => {
  it('gives type, size and times, by descriptor and by path', async () => {
    const wasi = await create({ capabilities: ['fs', 'clock'] });
    const fd = wasi.open('f', { oflags: CREATE });
    wasi.write(fd, '12345');
    assert.equal(wasi.callWith('path_filestat_get', 3, 0, 'f', 200), 0);
    assert.equal(wasi.call('fd_filestat_get', fd, 300), 0);
    assert.equal(wasi.text(200, 64), wasi.text(300, 64));
    const numbers = Array.from({ length: 8 }, (_, i) => wasi.view.getBigUint64(200 + 8 * i, true));
    const now = TEST_REALTIME_NS;
    assert.deepEqual(numbers, [1n, 2n, 4n, 1n, 5n, now, now, now]);
    assert.equal(wasi.callWith('path_filestat_get', 3, 1, '.', 200), 0);
    assert.equal(wasi.view.getUint8(216), 3);
    assert.equal(wasi.callWith('path_filestat_get', 3, 0, 'none', 200), ERRNO.NOENT);
    assert.equal(wasi.call('fd_filestat_get', 0, 200), 0);
    assert.equal(wasi.view.getUint8(216), 0);
    wasi.callWith('path_unlink_file', 3, 'f');
    wasi.call('fd_filestat_get', fd, 200);
    assert.equal(wasi.view.getBigUint64(224, true), 0n);
  });

  it('takes times', async () => {
    const wasi = await create({ capabilities: ['fs', 'clock'] });
    const fd = wasi.open('f', { oflags: CREATE });
    const times = (): bigint[] => {
      wasi.call('fd_filestat_get', fd, 200);
      return [wasi.view.getBigUint64(240, true), wasi.view.getBigUint64(248, true)];
    };
    assert.equal(wasi.call('fd_filestat_set_times', fd, 7n, 8n, 1), 0);
    assert.deepEqual(times(), [7n, TEST_REALTIME_NS]);
    assert.equal(wasi.callWith('path_filestat_set_times', 3, 0, 'f', 9n, 10n, 4 | 2), 0);
    assert.deepEqual(times(), [TEST_REALTIME_NS, 10n]);
    assert.equal(wasi.call('fd_filestat_set_times', fd, 0n, 0n, 3), ERRNO.INVAL);
    assert.equal(wasi.call('fd_filestat_set_times', fd, 0n, 0n, 16), ERRNO.INVAL);
    assert.equal(wasi.call('fd_filestat_set_times', 1, 0n, 0n, 1), ERRNO.INVAL);
  });

  it('knows no links', async () => {
    const wasi = await create();
    wasi.open('f', { oflags: CREATE });
    assert.equal(wasi.callWith('path_link', 3, 0, 'f', 3, 'g'), ERRNO.NOTSUP);
    assert.equal(wasi.callWith('path_symlink', 'f', 3, 'g'), ERRNO.NOTSUP);
    assert.equal(wasi.callWith('path_readlink', 3, 'f', 200, 10, RESULT_AT), ERRNO.INVAL);
    assert.equal(wasi.callWith('path_readlink', 3, 'none', 200, 10, RESULT_AT), ERRNO.NOENT);
  });
});
