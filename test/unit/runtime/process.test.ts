import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ProcessForm } from '../../../wasm-core/binary/abi.ts';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { runProcess } from '../../../wasm-core/runtime/process.ts';
import { throwsKind } from '../../support/core-error.ts';
import { beginGuest } from '../../support/guest.ts';
import { compileWat, ECHO_WAT, REVERSE_WAT, UPPER_WAT } from '../../support/wat.ts';

async function run(
  wat: string,
  form: ProcessForm,
  input: string,
  maxOutputBytes = 1_000_000,
): Promise<string> {
  const guest = beginGuest(await compileWat(wat), { memoryMb: 4 });
  return Buffer.from(runProcess(guest, form, Buffer.from(input), maxOutputBytes)).toString();
}

/** A `process` of one form with a body of its own. */
function moduleWith(result: 'i32' | 'i64', body: string, extra = ''): string {
  return `(module (memory (export "memory") 1) ${extra}
    (func (export "process") (param i32 i32) (result ${result}) ${body}))`;
}

describe('runProcess', () => {
  const inputs = ['', 'a', 'hello', 'x'.repeat(100_000)];
  for (const input of inputs) {
    it(`carries ${input.length} bytes in and out in each form`, async () => {
      assert.equal(await run(ECHO_WAT, 'prefixed', input), input);
      assert.equal(await run(UPPER_WAT, 'packed', input), input.toUpperCase());
      assert.equal(await run(REVERSE_WAT, 'output_len', input), [...input].reverse().join(''));
    });
  }

  it('gives GUEST_ERROR with the code for a negative result', async () => {
    const wat = moduleWith('i32', '(i32.const -7)');
    const error = await throwsKind('GUEST_ERROR', /error code -7/, () => run(wat, 'prefixed', ''));
    assert.equal(error.details.code, -7);
  });

  it('gives OUTPUT_LIMIT for output over the cap, and lets the exact size pass', async () => {
    await throwsKind('OUTPUT_LIMIT', /101 bytes.*the 100 allowed/, () =>
      run(ECHO_WAT, 'prefixed', 'x'.repeat(101), 100),
    );
    assert.equal((await run(ECHO_WAT, 'prefixed', 'x'.repeat(100), 100)).length, 100);
  });

  const outside: readonly (readonly [string, ProcessForm, string, string])[] = [
    ['a prefixed pointer past the end', 'prefixed', 'i32', '(i32.const 0x7ffffff0)'],
    ['a prefix cut off by the end', 'prefixed', 'i32', '(i32.const 131070)'],
    [
      'a prefixed length of 4 GB',
      'prefixed',
      'i32',
      '(i32.store (i32.const 0) (i32.const -1)) (i32.const 0)',
    ],
    ['a packed pointer past the end', 'packed', 'i64', '(i64.const 0xffffffff00000001)'],
    ['a packed length of 4 GB', 'packed', 'i64', '(i64.const 0x00000000ffffffff)'],
    ['a packed negative number', 'packed', 'i64', '(i64.const -1)'],
  ];
  for (const [what, form, result, body] of outside) {
    it(`gives MEMORY_BOUNDS for ${what}`, async () => {
      const wat = moduleWith(result as 'i32' | 'i64', body);
      await throwsKind('MEMORY_BOUNDS', /its memory ends at/, () => run(wat, form, '', 100));
    });
  }

  it('gives MEMORY_BOUNDS for a negative output_len', async () => {
    const extra = '(func (export "output_len") (result i32) (i32.const -1))';
    await throwsKind('MEMORY_BOUNDS', /4294967295 bytes/, () =>
      run(moduleWith('i32', '(i32.const 8)', extra), 'output_len', ''),
    );
  });

  it('gives TRAP when process traps, and MEMORY_LIMIT when the input does not fit', async () => {
    await throwsKind('TRAP', /process of test trapped/, () =>
      run(moduleWith('i32', '(unreachable)'), 'prefixed', ''),
    );
    await throwsKind('MEMORY_LIMIT', /limits\.memoryMb/, () =>
      run(ECHO_WAT, 'prefixed', 'x'.repeat(5_000_000)),
    );
    await throwsKind('MEMORY_LIMIT', /limits\.memoryMb/, () =>
      run(UPPER_WAT, 'packed', 'x'.repeat(5_000_000)),
    );
  });

  it('gives bytes or a CoreError whatever pointers and lengths a guest makes up', async () => {
    // The input is the result: the guest returns its first bytes as they are.
    const packed = moduleWith('i64', '(i64.load (local.get 0))');
    const prefixed = moduleWith('i32', '(i32.load (local.get 0))');
    const guests = {
      packed: beginGuest(await compileWat(packed), { memoryMb: 4 }),
      prefixed: beginGuest(await compileWat(prefixed), { memoryMb: 4 }),
    };
    const edge = fc.constantFrom(0, 1, 4, 65_535, 65_536, 131_072, 0x7fffffff, 0x80000000, 0xffffffff);
    const word = fc.oneof(edge, fc.nat(200_000), fc.nat(0xffffffff));
    const check = (form: 'packed' | 'prefixed', low: number, high: number): void => {
      const input = Buffer.alloc(8);
      input.writeUInt32LE(low);
      input.writeUInt32LE(high, 4);
      try {
        assert.ok(runProcess(guests[form], form, input, 1000).byteLength <= 1000);
      } catch (error) {
        if (!(error instanceof CoreError)) throw error;
        assert.match(error.kind, /^(MEMORY_BOUNDS|OUTPUT_LIMIT|GUEST_ERROR)$/);
      }
    };
    const form = fc.constantFrom('packed', 'prefixed');
    fc.assert(fc.property(form, word, word, check), { numRuns: 3000 });
  });
});
