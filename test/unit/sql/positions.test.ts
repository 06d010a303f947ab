import assert from 'node:assert/strict';
import { findCall, findPlainName, listItems } from '../../../wasm-core/sql/positions.ts';

describe('places in a statement', () => {
  it('of a name leave out parts of names, aliases and functions', () => {
    assert.deepEqual(findPlainName('select p.id, id as id', 'id'), { start: 13, end: 15 });
    assert.deepEqual(findPlainName('select id(1), 2 as id, id.x, "ID"', 'id'), { start: 29, end: 33 });
    assert.equal(findPlainName("select 'id' -- id", 'id'), undefined);
  });

  it('of a call are those of the one with as many arguments', () => {
    const sql = "select f(1), f (g(2, 3), ')'), f()";
    assert.deepEqual(findCall(sql, { name: 'F', count: 2 }), { start: 13, end: 14 });
    assert.deepEqual(findCall(sql, { name: 'f', count: 0 }), { start: 31, end: 32 });
    assert.deepEqual(findCall(sql, { name: 'f', count: 5 }), { start: 7, end: 8 });
    assert.equal(findCall(sql, { name: 'h', count: 1 }), undefined);
  });

  it('of items end at the bracket that closes them', () => {
    assert.deepEqual(listItems('a, [1, 2], f(x, y)) , b'), ['a', '[1, 2]', 'f(x, y)']);
    assert.deepEqual(listItems(')'), []);
    assert.deepEqual(listItems('DECIMAL(2,1), VARCHAR'), ['DECIMAL(2,1)', 'VARCHAR']);
  });
});
