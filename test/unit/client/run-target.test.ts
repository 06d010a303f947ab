import assert from 'node:assert/strict';
import { parseRunTarget, statementTitle } from '../../../client/run/run-target.ts';

const target = { uri: 'file:///a.sql', version: 1, start: 0, end: 8, statementIndex: 0 };

describe('the argument of Run Statement', () => {
  it('is what a lens carries', () => {
    assert.deepEqual(parseRunTarget(target), target);
  });

  it('may be absent, or the address that a menu gives', () => {
    for (const value of [undefined, null, 'text', { scheme: 'file', path: '/a.sql' }]) {
      assert.equal(parseRunTarget(value), undefined);
    }
  });

  it('is refused when a member is of another type', () => {
    for (const name of ['uri', 'version', 'start', 'end']) {
      assert.throws(() => parseRunTarget({ ...target, [name]: null }), { kind: 'PARAMS_INVALID' });
    }
  });
});

describe('the title of a statement', () => {
  it('is its text in one line', () => {
    assert.equal(statementTitle('\n  select   1,\n 2'), 'select 1, 2');
  });

  it('is cut at 60 characters', () => {
    assert.equal(statementTitle(`select ${'x'.repeat(80)}`).length, 60);
  });
});
