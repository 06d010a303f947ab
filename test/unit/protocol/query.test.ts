import assert from 'node:assert/strict';
import { isQuery } from '../../../wasm-core/protocol/query.ts';

describe('a statement that may be repeated', () => {
  it('is a query, with whatever stands before it', () => {
    for (const sql of [
      'select 1',
      'FROM t',
      'values (1)',
      'table t',
      '((select 1) union select 2)',
      'pivot t on a using sum(b)',
      '/* x */ with a as (insert_free()), b as (select 1) select * from b',
      'with recursive a as (select 1) from a',
    ]) {
      assert.ok(isQuery(sql), sql);
    }
  });

  it('is none that changes something', () => {
    for (const sql of [
      '',
      'insert into t select 1',
      'with a as (select 1) insert into t from a',
      'with a as (select 1) delete from t',
      'create table t as select 1',
      'copy (select 1) to x',
      'explain select 1',
      'with',
    ]) {
      assert.ok(!isQuery(sql), sql);
    }
  });
});
