import assert from 'node:assert/strict';
import type { CallValue } from '../../../wasm-core/protocol/methods.ts';
import type { TypedValue } from '../../../wasm-core/protocol/typed-values.ts';
import type { CompiledModule } from '../../../wasm-core/runtime/compiled-module.ts';
import { rawFunction, resultType } from '../../../wasm-core/runtime/raw-function.ts';
import { callFunction } from '../../../wasm-core/runtime/typed-values.ts';
import { throwsKind } from '../../support/core-error.ts';
import { beginGuest } from '../../support/guest.ts';
import { compileWat } from '../../support/wat.ts';

const WAT = `(module
  (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "wide") (param i64) (result i64) (local.get 0))
  (func (export "single") (param f32) (result f32) (local.get 0))
  (func (export "double") (param f64) (result f64) (local.get 0))
  (func (export "nothing") (param i32))
  (func (export "swap") (param i32 f64) (result f64 i32) (local.get 1) (local.get 0))
  (func (export "boom") (unreachable))
  (func (export "vector") (param v128))
  (func (export "reference") (result externref) (ref.null extern)))`;

describe('an export that no manifest declares', () => {
  let compiled: CompiledModule;
  before(async () => {
    compiled = await compileWat(WAT);
  });

  const functionOf = (name: string) => {
    const item = compiled.exports.find((e) => e.name === name);
    assert(item !== undefined);
    return rawFunction(item);
  };
  const call = (name: string, args: readonly TypedValue[]): CallValue => {
    const guest = beginGuest(compiled, { memoryMb: 1 });
    return callFunction(guest, functionOf(name), args, { maxOutputBytes: 1000 });
  };

  it('takes and gives numbers of each type', () => {
    assert.equal(call('add', [40, 2]), 42);
    assert.equal(call('add', [2147483647, 1]), -2147483648);
    assert.equal(call('wide', ['-9223372036854775808']), '-9223372036854775808');
    assert.equal(call('wide', [7]), '7');
    assert.equal(call('single', [0.1]), 0.1);
    assert.equal(call('double', ['NaN']), 'NaN');
    assert.equal(call('double', ['-Infinity']), '-Infinity');
  });

  it('gives null without a result, and an array of several', () => {
    assert.equal(call('nothing', [1]), null);
    assert.deepEqual(call('swap', [1, 2.5]), [2.5, 1]);
  });

  it('has a type that says how many results there are', () => {
    const types = ['add', 'nothing', 'swap'].map((name) => resultType(functionOf(name)));
    assert.deepEqual(types, ['INTEGER', '()', '(DOUBLE, INTEGER)']);
  });

  it('refuses arguments that do not fit, and NULL', async () => {
    await throwsKind('ARGUMENT_INVALID', /takes 2 arguments, and 1 were given/, () => call('add', [1]));
    await throwsKind('ARGUMENT_INVALID', /p1 is "x"/, () => call('add', ['x', 1]));
    await throwsKind('ARGUMENT_INVALID', /p2 cannot be NULL: give a value of type INTEGER/, () =>
      call('add', [1, null]),
    );
  });

  it('traps as every function does', async () => {
    await throwsKind('TRAP', /boom/, () => call('boom', []));
  });

  it('is refused when it takes or gives more than numbers, and when it is no function', async () => {
    await throwsKind('FUNCTION_UNKNOWN', /its parameter 1 is v128/, () => functionOf('vector'));
    await throwsKind('FUNCTION_UNKNOWN', /its result 1 is externref/, () => functionOf('reference'));
    await throwsKind('FUNCTION_UNKNOWN', /memory is a memory/, () => functionOf('memory'));
  });
});
