import assert from 'node:assert/strict';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { DEFAULT_LIMITS, resolveLimits } from '../../../wasm-core/protocol/limits.ts';

describe('resolveLimits', () => {
  it('gives the defaults when nothing is asked for', () => {
    assert.deepEqual(resolveLimits(undefined), DEFAULT_LIMITS);
    assert.deepEqual(resolveLimits({}), DEFAULT_LIMITS);
  });

  it('keeps the defaults of members that are left out', () => {
    assert.deepEqual(resolveLimits({ timeoutMs: 5, memoryMb: undefined }), {
      ...DEFAULT_LIMITS,
      timeoutMs: 5,
    });
  });

  it("starts from the caller's defaults", () => {
    const defaults = { ...DEFAULT_LIMITS, memoryMb: 512 };
    assert.equal(resolveLimits({ timeoutMs: 5 }, defaults).memoryMb, 512);
  });

  it('takes both ends of a range', () => {
    assert.equal(resolveLimits({ timeoutMs: 1 }).timeoutMs, 1);
    assert.equal(resolveLimits({ timeoutMs: 600_000 }).timeoutMs, 600_000);
    assert.equal(resolveLimits({ memoryMb: 4096 }).memoryMb, 4096);
  });

  it('accepts fuel', () => {
    assert.doesNotThrow(() => resolveLimits({ fuel: 1_000_000 }));
  });

  const refused: readonly (readonly [unknown, RegExp])[] = [
    [{ timeoutMs: 0 }, /limits\.timeoutMs must be a whole number from 1 to 600000/],
    [{ timeoutMs: 600_001 }, /timeoutMs/],
    [{ timeoutMs: 1.5 }, /timeoutMs/],
    [{ timeoutMs: '5' }, /timeoutMs/],
    [{ timeoutMs: Number.NaN }, /timeoutMs/],
    [{ memoryMb: 4097 }, /memoryMb/],
    [{ maxOutputBytes: -1 }, /maxOutputBytes/],
    [{ fuel: null }, /fuel/],
    [{ timeout: 5 }, /limits\.timeout is not a limit; use one of timeoutMs/],
    [{ constructor: 5 }, /constructor is not a limit/],
    [[], /must be an object/],
    [null, /must be an object/],
    [5, /must be an object/],
  ];
  for (const [limits, message] of refused) {
    it(`refuses ${JSON.stringify(limits)} with a message that helps`, () => {
      assert.throws(
        () => resolveLimits(limits),
        (e) => e instanceof CoreError && e.kind === 'PARAMS_INVALID' && message.test(e.message),
      );
    });
  }
});
