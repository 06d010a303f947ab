import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PluginType } from '../../../wasm-core/protocol/plugins.ts';
import type { TypedValue } from '../../../wasm-core/protocol/typed-values.ts';
import { decodeBase64, encodeBase64 } from '../../../wasm-core/runtime/base64.ts';
import type { Guest } from '../../../wasm-core/runtime/guest.ts';
import { callFunction } from '../../../wasm-core/runtime/typed-values.ts';
import { throwsKind } from '../../support/core-error.ts';
import { beginGuest } from '../../support/guest.ts';
import { compileWat, sqlFunction } from '../../support/wat.ts';

/** One identity function for each core type, and packed results of any kind. */
const WAT = `(module
  (memory (export "memory") 1)
  (func (export "i32") (param i32) (result i32) (local.get 0))
  (func (export "i64") (param i64) (result i64) (local.get 0))
  (func (export "f32") (param f32) (result f32) (local.get 0))
  (func (export "f64") (param f64) (result f64) (local.get 0))
  (func (export "bytes") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32)) (i64.extend_i32_u (local.get 0))))
  (func (export "second") (param i32 i32 i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 3)) (i64.const 32)) (i64.extend_i32_u (local.get 2))))
  (func (export "null") (result i64) (i64.const 0xffffffff00000000))
  (func (export "packed") (param i64) (result i64) (local.get 0))
  (func (export "boom") (param i32) (result i32) (unreachable)))`;

const CORE = {
  BOOLEAN: 'i32',
  TINYINT: 'i32',
  SMALLINT: 'i32',
  INTEGER: 'i32',
  UTINYINT: 'i32',
  USMALLINT: 'i32',
  UINTEGER: 'i32',
  BIGINT: 'i64',
  UBIGINT: 'i64',
  FLOAT: 'f32',
  DOUBLE: 'f64',
  VARCHAR: 'bytes',
  BLOB: 'bytes',
} as const satisfies Record<PluginType, string>;

describe('a typed call', () => {
  let guest: Guest;
  before(async () => {
    guest = beginGuest(await compileWat(WAT), { memoryMb: 4 });
  });

  /** Calls an export as a function of the given SQL types. */
  function call(
    name: string,
    types: PluginType[],
    returns: PluginType,
    args: TypedValue[],
    maxOutputBytes = 1000,
  ) {
    return callFunction(guest, { ...sqlFunction('f', types, returns), export: name }, args, {
      maxOutputBytes,
    });
  }

  const values: readonly (readonly [keyof typeof CORE, TypedValue, TypedValue?])[] = [
    ['BOOLEAN', true],
    ['BOOLEAN', false],
    ['TINYINT', -128],
    ['TINYINT', 127],
    ['SMALLINT', -32768],
    ['INTEGER', -2147483648],
    ['INTEGER', '2147483647', 2147483647],
    ['UTINYINT', 255],
    ['USMALLINT', 65535],
    ['UINTEGER', 4294967295],
    ['BIGINT', '-9223372036854775808'],
    ['BIGINT', 42, '42'],
    ['UBIGINT', '18446744073709551615'],
    ['FLOAT', 0.1],
    ['FLOAT', 'NaN'],
    ['DOUBLE', 0.1],
    ['DOUBLE', -0],
    ['DOUBLE', '-Infinity'],
    ['VARCHAR', ''],
    ['VARCHAR', 'Köln 🌍'],
    ['VARCHAR', '\ufeffbom'],
    ['BLOB', { base64: '' }],
    ['BLOB', { base64: 'AP+A' }],
  ];
  for (const [type, value, expected = value] of values) {
    it(`carries ${JSON.stringify(value)} as ${type} both ways`, () => {
      assert.deepEqual(call(CORE[type], [type], type, [value]), expected);
    });
  }

  it('gives NULL for a NULL argument without a call, once all arguments are checked', async () => {
    assert.equal(call('boom', ['INTEGER'], 'INTEGER', [null]), null);
    await throwsKind('ARGUMENT_INVALID', /p2 is "x"/, () =>
      call('second', ['VARCHAR', 'INTEGER'], 'INTEGER', [null, 'x']),
    );
  });

  it('gives NULL for a result of length -1', () => {
    assert.equal(call('null', [], 'VARCHAR', []), null);
  });

  it('keeps several texts apart, empty ones inside memory', () => {
    assert.equal(call('second', ['VARCHAR', 'VARCHAR'], 'VARCHAR', ['first', 'second']), 'second');
    assert.equal(call('second', ['VARCHAR', 'VARCHAR'], 'VARCHAR', ['x'.repeat(256), '']), '');
  });

  const wrong: readonly (readonly [keyof typeof CORE, TypedValue, RegExp])[] = [
    ['BOOLEAN', 1, /p1 is 1, but its type is BOOLEAN: give true or false/],
    ['TINYINT', 128, /p1 is 128.*from -128 to 127/],
    ['UTINYINT', -1, /from 0 to 255/],
    ['INTEGER', 1.5, /p1 is 1\.5.*whole number/],
    ['INTEGER', '', /whole number/],
    ['INTEGER', '0x10', /whole number/],
    ['BIGINT', '9223372036854775808', /from -9223372036854775808 to 9223372036854775807/],
    ['BIGINT', 2 ** 60, /as a string beyond 2\^53/],
    ['UBIGINT', '1'.repeat(1000), /p1 is "1+…/],
    ['FLOAT', 1e300, /32-bit floats/],
    ['DOUBLE', 'many', /a number, "NaN"/],
    ['DOUBLE', 'constructor', /a number/],
    ['VARCHAR', 5, /give a string/],
    ['BLOB', 'AA==', /\{"base64": "…"\}/],
    ['BLOB', { base64: 'A' }, /\{"base64": "…"\}/],
  ];
  for (const [type, value, message] of wrong) {
    it(`refuses ${JSON.stringify(value).slice(0, 40)} as ${type}, naming what to give`, async () => {
      const error = await throwsKind('ARGUMENT_INVALID', message, () =>
        call(CORE[type], [type], type, [value]),
      );
      assert.equal(error.details.parameter, 'p1');
    });
  }

  it('refuses a wrong number of arguments with the signature', async () => {
    await throwsKind('ARGUMENT_INVALID', /f\(p1 INTEGER\) takes 1 arguments, and 2/, () =>
      call('i32', ['INTEGER'], 'INTEGER', [1, 2]),
    );
  });

  it('refuses a result that does not fit its narrow type', async () => {
    await throwsKind('RESULT_INVALID', /f returned 300, which does not fit TINYINT \(-128 to 127\)/, () =>
      call('i32', ['INTEGER'], 'TINYINT', [300]),
    );
    await throwsKind('RESULT_INVALID', /-1.*USMALLINT/, () => call('i32', ['INTEGER'], 'USMALLINT', [-1]));
  });

  it('refuses text that is not UTF-8', async () => {
    await throwsKind('RESULT_INVALID', /not valid UTF-8/, () =>
      call('bytes', ['BLOB'], 'VARCHAR', [{ base64: '/w==' }]),
    );
  });

  it('refuses results outside memory or over the cap', async () => {
    for (const packed of ['-4294967297', '9223372036854775807', '281474976710655', '-9223372036854775808']) {
      await throwsKind('MEMORY_BOUNDS', /its memory ends at/, () =>
        call('packed', ['BIGINT'], 'BLOB', [packed]),
      );
    }
    await throwsKind('OUTPUT_LIMIT', /20 bytes.*the 10 allowed/, () =>
      call('bytes', ['VARCHAR'], 'VARCHAR', ['x'.repeat(20)], 10),
    );
  });

  it('gives TRAP with the name of the SQL function', async () => {
    await throwsKind('TRAP', /f of test trapped/, () => call('boom', ['INTEGER'], 'INTEGER', [1]));
  });

  it('carries any text and any float unchanged', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(fc.property(text, (s) => call('bytes', ['VARCHAR'], 'VARCHAR', [s]) === s));
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => {
        const result = call('f32', ['FLOAT'], 'FLOAT', [x]);
        return typeof result === 'number' && Object.is(Math.fround(result), x);
      }),
    );
  });
});

describe('base64', () => {
  it('is what Buffer makes of any bytes, and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64(bytes);
        assert.equal(text, Buffer.from(bytes).toString('base64'));
        assert.deepEqual(decodeBase64(text), bytes);
      }),
    );
    const large = new Uint8Array(200_000).fill(7);
    assert.equal(encodeBase64(large), Buffer.from(large).toString('base64'));
  });
});
