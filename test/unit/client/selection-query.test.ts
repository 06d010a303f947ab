import assert from 'node:assert/strict';
import { selectionQuery } from '../../../client/results/selection-query.ts';

describe('the query for selected rows', () => {
  const query = (text: string, sql: string) => {
    const start = text.search(/^(select|insert)/m);
    const end = text.includes(';') ? text.indexOf(';') : text.length;
    return selectionQuery({ text, piece: { from: 0, start, end } }, sql);
  };

  it('has the statement inside, and the comments above it before', () => {
    assert.equal(
      query('-- @limit 5\nselect 1 as a -- one\n;', 'where "a" = 1'),
      '-- @limit 5\nfrom (\nselect 1 as a -- one\n\n)\nwhere "a" = 1;\n',
    );
    assert.equal(
      query('select 1', 'as t("a") order by "a"'),
      'from (\nselect 1\n)\nas t("a") order by "a";\n',
    );
  });

  it('is none for what changes something', () => {
    assert.equal(query('insert into t values (1) returning a', 'where "a" = 1'), undefined);
  });
});
