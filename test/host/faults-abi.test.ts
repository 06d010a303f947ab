import assert from 'node:assert/strict';
import type { PluginType } from '../../wasm-core/protocol/plugins.ts';
import { throwsKind } from '../support/core-error.ts';
import { bytesOf, type Ending, HostileHost, processWith } from '../support/hostile-host.ts';
import { sqlFunction } from '../support/wat.ts';

const OUTSIDE: Ending = ['MEMORY_BOUNDS', /its memory ends at/];
const TOO_LARGE: Ending = ['OUTPUT_LIMIT', /more than the 100 allowed/];

/** What a process gives, prefixed form: its body, and how the run ends. */
const PREFIXED: Readonly<Record<string, readonly [string, Ending]>> = {
  'an error code': ['(i32.const -7)', ['GUEST_ERROR', /error code -7/]],
  'the lowest error code': ['(i32.const 0x80000000)', ['GUEST_ERROR', /-2147483648/]],
  'a pointer past the end': ['(i32.const 0x7ffffff0)', OUTSIDE],
  'a pointer just at the end': ['(i32.mul (memory.size) (i32.const 65536))', OUTSIDE],
  'a prefix that the end cuts off': [
    '(i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 3))',
    OUTSIDE,
  ],
  'a length of 4 GB': ['(i32.store (i32.const 8) (i32.const -1)) (i32.const 8)', OUTSIDE],
  'a length one past the end': [
    `(i32.store (i32.const 8) (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 11)))
     (i32.const 8)`,
    OUTSIDE,
  ],
  'output over its cap': ['(i32.store (i32.const 8) (i32.const 101)) (i32.const 8)', TOO_LARGE],
};

/** Packed form: the number, and how the run ends. */
const PACKED: Readonly<Record<string, readonly [string, Ending]>> = {
  'a negative number': ['-1', OUTSIDE],
  'a pointer past the end': ['0xfffffff000000001', OUTSIDE],
  'a length of 4 GB': ['0x00000000ffffffff', OUTSIDE],
  'a pointer and a length whose sum is over 4 GB': ['0xfffffff0fffffff0', OUTSIDE],
  'output over its cap': ['0x0000000800000065', TOO_LARGE],
};

/** `output_len` form: the pointer, the length, and how the run ends. */
const OUTPUT_LEN: Readonly<Record<string, readonly [string, string, Ending]>> = {
  'a negative length': ['8', '-1', OUTSIDE],
  'the lowest length': ['8', '0x80000000', OUTSIDE],
  'a pointer past the end': ['0x7fffffff', '1', OUTSIDE],
  'an error code, whatever its length says': ['-3', '5', ['GUEST_ERROR', /-3/]],
  'output over its cap': ['8', '101', TOO_LARGE],
};

/** What `alloc` gives, and how the run ends. */
const ALLOC: Readonly<Record<string, readonly [string, Ending]>> = {
  'no room': ['(i32.const 0)', ['MEMORY_LIMIT', /alloc returned 0/]],
  'a negative pointer': ['(i32.const -1)', ['MEMORY_BOUNDS', /returned address 4294967295/]],
  'a pointer past the end': ['(i32.const 65536)', ['MEMORY_BOUNDS', /address 65536/]],
  'too little room': ['(i32.const 65500)', ['MEMORY_BOUNDS', /address 65500/]],
  'a trap': ['(unreachable)', ['TRAP', /alloc of .* trapped/]],
};

/** What a function for SQL returns as `len << 32 | ptr`, and how the call ends. */
const TYPED: Readonly<Record<string, readonly [PluginType, string, Ending]>> = {
  'a length of -2': ['VARCHAR', '0xfffffffe00000008', OUTSIDE],
  'the lowest length': ['BLOB', '0x8000000000000008', OUTSIDE],
  'a length past the end': ['VARCHAR', '0x0001000100000000', OUTSIDE],
  'a pointer past the end': ['BLOB', '0x00000001fffffff0', OUTSIDE],
  'a length of 2 GB': ['VARCHAR', '0x7fffffff00000000', OUTSIDE],
  'output over its cap': ['BLOB', '0x0000006500000008', TOO_LARGE],
  'text that is not UTF-8': ['VARCHAR', '0x0000000200000010', ['RESULT_INVALID', /not valid UTF-8/]],
  'text that ends inside a character': ['VARCHAR', '0x0000000200000020', ['RESULT_INVALID', /UTF-8/]],
  'a surrogate as UTF-8': ['VARCHAR', '0x0000000300000030', ['RESULT_INVALID', /UTF-8/]],
};

/** Broken text at 16, 32 and 48. */
const MEMORY = `(memory (export "memory") 1)
  (data (i32.const 16) "\\ff\\fe") (data (i32.const 32) "\\e2\\82") (data (i32.const 48) "\\ed\\a0\\80")`;
const LIMITS = { maxOutputBytes: 100 };

describe('host: pointers and lengths that guests make up', function () {
  this.timeout(120_000);
  const host = new HostileHost();
  before(() => host.start());
  after(() => host.dispose());

  for (const [what, [body, ending]] of Object.entries(PREFIXED)) {
    it(`ends a process whose prefixed result is ${what} with ${ending[0]}`, () =>
      host.ends(processWith(body), ending, LIMITS));
  }
  for (const [what, [packed, ending]] of Object.entries(PACKED)) {
    it(`ends a process whose packed result is ${what} with ${ending[0]}`, () =>
      host.ends(processWith(`(i64.const ${packed})`, { result: 'i64' }), ending, LIMITS));
  }
  for (const [what, [pointer, length, ending]] of Object.entries(OUTPUT_LEN)) {
    it(`ends a process whose output_len form gives ${what} with ${ending[0]}`, () => {
      const extra = `${MEMORY} (func (export "output_len") (result i32) (i32.const ${length}))`;
      return host.ends(processWith(`(i32.const ${pointer})`, { extra }), ending, LIMITS);
    });
  }
  for (const [what, [body, ending]] of Object.entries(ALLOC)) {
    it(`ends a run whose alloc gives ${what} with ${ending[0]}`, () => {
      const extra = `${MEMORY} (func (export "alloc") (param i32) (result i32) ${body})`;
      return host.ends(processWith('(i32.const 0)', { extra }), ending);
    });
  }
  for (const [what, [type, packed, ending]] of Object.entries(TYPED)) {
    it(`ends a call whose result is ${what} with ${ending[0]}`, () =>
      throwsKind(...ending, () =>
        host.call(returning(packed), sqlFunction('f', [], type), { limits: LIMITS }),
      ));
  }

  it('takes a length of -1 for NULL, whatever the pointer', async () => {
    for (const packed of ['-1', '0xffffffff00000000', '0xffffffff7fffffff']) {
      assert.equal(await host.call(returning(packed), sqlFunction('f', [], 'VARCHAR')), null);
    }
  });

  it('refuses a result that does not fit its SQL type', async () => {
    const wat = '(module (func (export "f") (result i32) (i32.const 300)))';
    const call = (type: PluginType) => () => host.call(wat, sqlFunction('f', [], type));
    await throwsKind('RESULT_INVALID', /300.*UTINYINT/, call('UTINYINT'));
    await throwsKind('RESULT_INVALID', /300.*TINYINT/, call('TINYINT'));
  });

  it('copies output that overlaps the input, or is the input', async () => {
    const run = async (body: string): Promise<string> =>
      bytesOf((await host.run(processWith(body, { result: 'i64' }), { input: 'overlap' })).output).toString();
    const packed = (pointer: string, length: string): string =>
      `(i64.or (i64.shl (i64.extend_i32_u ${pointer}) (i64.const 32)) (i64.extend_i32_u ${length}))`;
    assert.equal(await run(packed('(local.get $p)', '(local.get $n)')), 'overlap');
    assert.equal(
      await run(packed('(i32.add (local.get $p) (i32.const 2))', '(i32.sub (local.get $n) (i32.const 2))')),
      'erlap',
    );
    // The prefix itself may overlap what it describes: four bytes of length, counted from inside the input.
    const inside = processWith('(i32.store (local.get $p) (i32.const 3)) (local.get $p)');
    assert.equal(bytesOf((await host.run(inside, { input: 'overlap' })).output).toString(), 'lap');
  });

  it('gives each run its arguments where alloc says, even over the guest’s own data', async () => {
    const extra = `${MEMORY} (func (export "alloc") (param i32) (result i32) (i32.const 16))`;
    const echo =
      '(i64.or (i64.shl (i64.extend_i32_u (local.get $p)) (i64.const 32)) (i64.extend_i32_u (local.get $n)))';
    const { output } = await host.run(processWith(echo, { extra, result: 'i64' }), { input: 'over' });
    assert.deepEqual(output, { utf8: 'over' });
  });

  it('gives bytes that are not UTF-8 as they are', async () => {
    const bytes = processWith('(i64.const 0x0000001000000002)', { extra: MEMORY, result: 'i64' });
    assert.deepEqual((await host.run(bytes)).output, { base64: '//4=' });
  });

  it('refuses text that has no UTF-8, as input and as an argument', async () => {
    await throwsKind('PARAMS_INVALID', /surrogate/, () =>
      host.run(processWith('(i32.const 0)'), { input: '\ud800' }),
    );
    const fn = sqlFunction('f', ['VARCHAR'], 'INTEGER');
    const wat =
      '(module (memory (export "memory") 1) (func (export "f") (param i32 i32) (result i32) (local.get 1)))';
    await throwsKind('ARGUMENT_INVALID', /./, () => host.call(wat, fn, { arguments: ['\udfff'] }));
    assert.equal(await host.call(wat, fn, { arguments: ['𝕏'] }), 4);
  });

  it('ends a run whose log names memory past the end, and keeps what it logged before', async () => {
    const extra = `(import "host" "log" (func $log (param i32 i32))) ${MEMORY}`;
    const wat = (pointer: number, length: number): string =>
      processWith(
        `(call $log (i32.const 48) (i32.const 0)) (call $log (i32.const ${pointer}) (i32.const ${length})) (i32.const 0)`,
        { extra },
      );
    for (const [pointer, length] of [
      [-1, 1],
      [0, -1],
      [0x20000, 8],
      [-8, -8],
    ] as const) {
      const error = await throwsKind(...OUTSIDE, () => host.run(wat(pointer, length)));
      assert.equal((error.details.logs as unknown[]).length, 1);
    }
  });
});

/** A function that returns one i64 as it is. */
function returning(packed: string): string {
  return `(module ${MEMORY} (func (export "f") (result i64) (i64.const ${packed})))`;
}
