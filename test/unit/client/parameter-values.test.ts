import assert from 'node:assert/strict';
import { ParameterValues } from '../../../client/run/parameter-values.ts';
import type { ParameterValue } from '../../../wasm-core/protocol/parameters.ts';

/** Values over a store in memory, with answers given beforehand. */
function create(answers: readonly (ParameterValue | undefined)[]) {
  const kept = new Map<string, unknown>();
  const asked: (readonly [string, ParameterValue | undefined])[] = [];
  const left = [...answers];
  const values = new ParameterValues(
    { get: (key) => kept.get(key), update: async (key, value) => void kept.set(key, value) },
    async (name, last) => {
      asked.push([name, last]);
      return left.shift();
    },
  );
  return { values, asked, kept };
}

describe('values of parameters in a workspace', () => {
  it('are asked for once each, and kept', async () => {
    const { values, asked } = create([5, null]);
    assert.deepEqual(await values.of(['a', 'b', 'a']), { a: 5, b: null });
    assert.deepEqual(await values.of(['b']), { b: null });
    assert.deepEqual(asked, [
      ['a', undefined],
      ['b', undefined],
    ]);
  });

  it('are none when the user declines one; those before it stay', async () => {
    const { values } = create([1, undefined]);
    assert.equal(await values.of(['a', 'b', 'c']), undefined);
    assert.deepEqual(values.all, { a: 1 });
  });

  it('are changed with the last one shown, and forgotten', async () => {
    const { values, asked } = create(['x', 'y']);
    await values.of(['a']);
    assert.equal(await values.change('a'), true);
    assert.deepEqual(asked.at(-1), ['a', 'x']);
    assert.deepEqual(values.all, { a: 'y' });
    await values.forget();
    assert.deepEqual(values.all, {});
  });

  it('survive what else may lie in the store', async () => {
    const { values, kept } = create([]);
    for (const strange of [5, 'x', null, [1], { a: { b: 1 } }]) {
      kept.set('quern.parameters', strange);
      assert.deepEqual(values.known(['a']), {});
    }
  });
});
