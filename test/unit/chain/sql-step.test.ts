import assert from 'node:assert/strict';
import { outputText } from '../../../wasm-core/chain/sql-step.ts';
import { throwsKind } from '../../support/core-error.ts';

describe('the text of a SQL step', () => {
  const text = (sql: string) => outputText(sql, { file: "/t/it's.ndjson", output: 'ndjson' });

  it('writes the rows of its last statement to a file, whose name is quoted', () => {
    assert.equal(
      text('create table t as from input; select 1 -- one\n;').sql,
      "create table t as from input; copy (\nselect 1\n) to '/t/it''s.ndjson' (format json)",
    );
  });

  it('stays as it is where the rows are wanted as Arrow', () => {
    const { sql, original } = outputText('select 1', { file: '/t/x', output: 'arrow' });
    assert.deepEqual([sql, original(5)], ['select 1', 5]);
  });

  it('takes places in it back to the text that was written', () => {
    const written = 'select 1; select nope from input';
    const { sql, original } = text(written);
    const at = sql.indexOf('nope');
    assert.equal(original(at), written.indexOf('nope'));
    assert.equal(original(3), 3);
    assert.equal(original(sql.length), written.length);
  });

  it('is refused when its last statement has no rows to give', async () => {
    await throwsKind('SQL_PARSE', /begins with create\. End with a select/, () =>
      text('select 1; create table t (x int)'),
    );
    await throwsKind('SQL_PARSE', /holds no statement/, () => text('-- nothing'));
  });
});
