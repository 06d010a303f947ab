import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WASI_IMPORTS, type WasiFunctionName } from '../../../../wasm-core/binary/wasi-imports.ts';
import { ERRNO } from '../../../../wasm-core/runtime/wasi/errno.ts';
import { IOVECS_AT, instantiateWasi, RESULT_AT, WasiCalls, wasiModuleText } from '../../../support/wasi.ts';
import { assemble } from '../../../support/wat.ts';

const END = 65_536;

describe('Pointers past the end of memory', () => {
  // Each function with one argument that points outside: the others are good.
  const cases: readonly (readonly [WasiFunctionName, ...(number | bigint)[]])[] = [
    ['args_get', 100, END],
    ['args_get', END - 3, 100],
    ['args_sizes_get', END, 16],
    ['args_sizes_get', 16, -1],
    ['environ_get', END, 100],
    ['environ_get', 100, END],
    ['environ_sizes_get', -1, 16],
    ['clock_res_get', 0, END - 7],
    ['clock_time_get', 0, 0n, END - 7],
    ['random_get', END - 1, 2],
    ['random_get', 0, -1],
    ['random_get', -1, -1],
    ['fd_read', 0, END - 7, 1, RESULT_AT],
    ['fd_read', 0, IOVECS_AT, -1, RESULT_AT],
    ['fd_read', 0, IOVECS_AT, 0x2000_0000, RESULT_AT],
    ['fd_read', 0, IOVECS_AT, 0, END - 3],
    ['fd_write', 1, -8, 1, RESULT_AT],
    ['fd_pread', 4, END, 1, 0n, RESULT_AT],
    ['fd_pwrite', 4, END, 1, 0n, RESULT_AT],
    ['fd_seek', 4, 0n, 0, END - 7],
    ['fd_tell', 4, END - 7],
    ['fd_fdstat_get', 0, END - 23],
    ['fd_filestat_get', 0, END - 63],
    ['fd_prestat_get', 3, END - 7],
    ['fd_prestat_dir_name', 3, END, 1],
    ['fd_readdir', 3, END - 10, 11, 0n, RESULT_AT],
    ['fd_readdir', 3, 0, -1, 0n, RESULT_AT],
    ['fd_readdir', 3, 0, 100, 0n, END],
    ['path_open', 3, 0, END - 1, 2, 1, 0n, 0n, 0, RESULT_AT],
    ['path_open', 3, 0, 100, 1, 1, 0n, 0n, 0, END - 3],
    ['path_create_directory', 3, -1, 1],
    ['path_remove_directory', 3, 0, -1],
    ['path_unlink_file', 3, END, 1],
    ['path_rename', 3, END, 1, 3, 100, 1],
    ['path_rename', 3, 100, 1, 3, END, 1],
    ['path_filestat_get', 3, 0, END, 1, 100],
    ['path_filestat_get', 3, 0, 100, 1, END - 63],
    ['path_filestat_set_times', 3, 0, END, 1, 0n, 0n, 0],
    ['path_readlink', 3, END, 1, 0, 0, RESULT_AT],
    ['poll_oneoff', END - 47, 4096, 1, RESULT_AT],
    ['poll_oneoff', 4096, END - 31, 1, RESULT_AT],
    ['poll_oneoff', 4096, 8192, 1, END - 3],
  ];
  for (const [name, ...args] of cases) {
    it(`are EFAULT and change nothing: ${name}(${args.join(', ')})`, async () => {
      const wasi = await WasiCalls.create({ capabilities: ['fs'], env: { A: '1' } });
      assert.equal(wasi.open('f', { oflags: 1 }), 4);
      wasi.put(100, '.');
      assert.equal(wasi.call(name, ...args), ERRNO.FAULT);
      assert.equal(wasi.open('f'), 5);
    });
  }

  it('in the middle of a list of buffers move no bytes', async () => {
    const wasi = await WasiCalls.create();
    wasi.iovecs(IOVECS_AT, [
      [100, 4],
      [END - 1, 2],
    ]);
    assert.equal(wasi.call('fd_write', 1, IOVECS_AT, 2, RESULT_AT), ERRNO.FAULT);
    assert.equal(wasi.instance.io.output().byteLength, 0);
  });
});

describe('Arguments of any value', () => {
  const edges = [0, 1, 2, 3, 4, 5, 8, 16, 100, 1024, 4096, END - 1, END, -1, -8, 0x7fff_ffff, -0x8000_0000];
  const i32 = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }));
  const i64 = fc.oneof(
    fc.constantFrom(0n, 1n, -1n, 100n, ~0n, 1n << 26n, (1n << 63n) - 1n, -(1n << 63n)),
    fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
  );
  const callable = WASI_IMPORTS.filter(({ name }) => name !== 'proc_exit' && name !== 'proc_raise');
  const step = fc
    .constantFrom(...callable)
    .chain(({ name, parameters }) =>
      fc.tuple(fc.constant(name), fc.tuple(...parameters.map((type) => (type === 'i64' ? i64 : i32)))),
    );

  it('give an error number, never anything else, and do not hang', async () => {
    const bytes = await assemble(wasiModuleText());
    const known = new Set<number>(Object.values(ERRNO));
    const steps = fc.array(step, { minLength: 1, maxLength: 60 });
    const memory = fc.uint8Array({ minLength: 0, maxLength: 200 });
    fc.assert(
      fc.property(steps, memory, fc.boolean(), (calls, start, hasFiles) => {
        const setup = { capabilities: hasFiles ? (['fs'] as const) : [], input: start, env: { A: '1' } };
        const wasi = new WasiCalls(
          instantiateWasi(bytes, { ...setup, maxOutputBytes: 1 << 20, fuel: 20_000_000 }),
        );
        new Uint8Array(wasi.instance.memory.buffer).set(start, 90);
        wasi.iovecs(IOVECS_AT, [[90, 50]]);
        wasi.put(100, 'a/../b');
        for (const [name, args] of calls) {
          try {
            const errno = wasi.call(name as WasiFunctionName, ...args);
            assert.ok(known.has(errno), `${name} gave ${errno}`);
          } catch (error) {
            // Only what was noted as the end of the run may be thrown: fuel or output used up.
            assert.ok(wasi.instance.failures.includes(error as Error), `${name} threw ${error}`);
            return;
          }
        }
      }),
      { numRuns: 1500 },
    );
  });
});
