import assert from 'node:assert/strict';
import { unusedTables } from '../../../server/sql/lints/unused-cte.ts';
import { parseStatement } from '../../../server/sql/syntax/parse-statement.ts';

function unused(sql: string): string {
  return unusedTables(parseStatement(sql))
    .map(({ name }) => name.text)
    .join(' ');
}

describe('common tables that nothing reads', () => {
  it('are those that no relation names', () => {
    assert.equal(unused('with a as (select 1), b as (select 2) select * from b'), 'a');
    assert.equal(unused('with a as (select 1 as x) select a.x from t as a'), 'a');
    assert.equal(unused('with a as (select 1) insert into t select 2'), 'a');
    assert.equal(unused('with a as (select 1) select * from s.a'), 'a');
    assert.equal(unused('insert into t with a as (select 1), b as (from a), c as (select 3) from b'), 'c');
  });

  it('are none that another table, a subquery or a part of a set operation reads', () => {
    assert.equal(unused('with a as (select 1), b as (from a) from b'), '');
    assert.equal(unused('with a as (select 1) select (select max(x) from A)'), '');
    assert.equal(unused('with a as (select 1) select 1 where 2 in (from "a")'), '');
    assert.equal(unused('with a as (select 1) select 2 union (select 3 union all from a)'), '');
    assert.equal(unused('with a as (select 1) select * from t, (x join a on true)'), '');
    assert.equal(unused('with a as (select 1) update t set x = (from a)'), '');
    assert.equal(unused('with a as (select 1) pivot a on x using sum(y)'), '');
  });

  it('are told apart by scope', () => {
    assert.equal(unused('with a as (select 1) select * from (with a as (select 2) from a)'), 'a');
    assert.equal(unused('with a as (with b as (select 1) select 2) from a, b'), 'b');
    assert.equal(unused('with a as (select 1), b as (with a as (from a) from a) from b'), '');
  });

  it('may read themselves', () => {
    assert.equal(unused('with recursive r as (select 1 as n union all select n + 1 from r) select 2'), 'r');
    assert.equal(unused('with recursive r as (select 1 as n union all select n + 1 from r) from r'), '');
  });

  it('are none that stand where no relation is told from the text', () => {
    assert.equal(unused('with a as (select 1) from (summarize a)'), '');
    assert.equal(unused("with a as (select 1) from 'a'"), '');
    assert.equal(unused("with a as (select 1) from query_table('a')"), '');
    assert.equal(unused("with a as (select 1) from query('from a')"), '');
  });
});
