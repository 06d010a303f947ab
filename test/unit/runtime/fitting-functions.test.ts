import assert from 'node:assert/strict';
import { chooseOverload } from '../../../wasm-core/host/cli/choose-overload.ts';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import type { TypedValue } from '../../../wasm-core/protocol/typed-values.ts';
import { withDocument } from '../../../wasm-core/runtime/call-document.ts';
import { fittingFunction, overloadName } from '../../../wasm-core/runtime/fitting-functions.ts';
import { throwsKind } from '../../support/core-error.ts';
import { sqlFunction } from '../../support/wat.ts';

const number = sqlFunction('f', ['BIGINT'], 'BIGINT');
const truth = sqlFunction('f', ['BOOLEAN'], 'BOOLEAN');
const list = sqlFunction('f', ['INTEGER[]'], 'INTEGER');
const two = sqlFunction('f', ['BIGINT', 'DATE'], 'BIGINT');
const ALL = [number, truth, list, two];

describe('one of several functions of a name', () => {
  const cases: readonly (readonly [readonly TypedValue[], PluginFunction])[] = [
    [[5], number],
    [[true], truth],
    [[[1, null]], list],
    [[5, '2024-02-29'], two],
  ];
  for (const [args, expected] of cases) {
    it(`for ${JSON.stringify(args)} is ${overloadName(expected)}`, () => {
      assert.equal(fittingFunction(ALL, args), expected);
    });
  }

  it('is none when none takes the arguments, and the error lists them', async () => {
    await throwsKind('ARGUMENT_INVALID', /There are f\(BIGINT\), f\(BOOLEAN\), f\(INTEGER\[\]\)/, () =>
      fittingFunction(ALL, ['x']),
    );
  });

  it('is none when several take the arguments', async () => {
    await throwsKind('ARGUMENT_INVALID', /fit several functions: f\(BIGINT\), f\(BOOLEAN\), .*such as/, () =>
      fittingFunction(ALL, [null]),
    );
  });

  const known = { functions: ALL, exports: [], capabilities: { needed: [], granted: [] } };
  it('is chosen by words on the command line, or by its types', async () => {
    assert.deepEqual(chooseOverload(known, 'f', ['true']), { target: 'f(BOOLEAN)', args: [true] });
    assert.deepEqual(chooseOverload(known, 'f', ['[1, 2]']), { target: 'f(INTEGER[])', args: [[1, 2]] });
    assert.deepEqual(chooseOverload(known, 'f(BIGINT)', ['5']), { target: 'f(BIGINT)', args: ['5'] });
    const both = {
      ...known,
      functions: [sqlFunction('f', ['INTEGER'], 'INTEGER'), sqlFunction('f', ['VARCHAR'], 'VARCHAR')],
    };
    await throwsKind('ARGUMENT_INVALID', /fit several/, () => chooseOverload(both, 'f', ['5']));
    await throwsKind('ARGUMENT_INVALID', /No function f/, () => chooseOverload(known, 'f', ['1', '2', '3']));
  });

  it('reads the words of an aggregate as JSON columns', () => {
    const functions = [{ ...sqlFunction('sum', ['BIGINT'], 'BIGINT'), kind: 'aggregate' as const }];
    assert.deepEqual(chooseOverload({ ...known, functions }, 'sum', ['[1, "2"]']).args, [[1, '2']]);
  });
});

describe('a DOCUMENT argument', () => {
  const fn = {
    ...sqlFunction('keep', [], 'BOOLEAN'),
    parameters: [{ name: 'd', type: 'DOCUMENT', idField: 'id', scoreField: 'score' }],
  };

  it('is the document of the run, and needs no grant', () => {
    const fields = { id: 7, score: '0.5', tags: ['a'] };
    for (const value of [fields, JSON.stringify(fields)]) {
      assert.deepEqual(withDocument({ capabilities: [] }, { function: fn, arguments: [value] }), {
        capabilities: ['document'],
        document: { id: '7', score: 0.5, fields },
      });
    }
  });

  it('changes nothing when it is NULL, and is refused when it is no object', async () => {
    const inputs = { capabilities: [] };
    assert.equal(withDocument(inputs, { function: fn, arguments: [null] }), inputs);
    for (const value of ['[1]', 5, 'no JSON']) {
      await throwsKind('ARGUMENT_INVALID', /d is a document: give a JSON object/, () =>
        withDocument(inputs, { function: fn, arguments: [value] }),
      );
    }
  });
});
