import assert from 'node:assert/strict';
import { resultRows } from '../../support/result-rows.ts';
import { MANY_TYPES } from '../../support/results-page/many-types.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

/** Rows that the engine sends at once, of any width, and a few more. */
const ROWS = 3001;

/** The largest page that a result may have, unless one row is larger. Bytes. */
const MAX_PAGE = 16 * 1024 * 1024;

/** Columns whose values lie in parts of parts, with NULLs where there can be some. */
const NESTED = `
  case when i % 5 = 0 then null else [i % 2 = 0, null, i % 3 = 0] end as flags,
  [case when i % 4 = 0 then null else 'ü' || i end, ''] as texts,
  [{'a': i, 'b': [i % 7 = 0]}, null] as pairs,
  case when i % 2 = 0 then null else {'x': i % 3 = 0, 'y': [[i], []]} end as deep,
  ['a' || i, null]::varchar[2] as two,
  case when i % 3 = 0 then [] else range(i % 11) end as some,
  map {'k' || i: [i]} as lists,
  null as nothing`;

/** Long enough for thousands of rows to be split many times. */
const LONG = "repeat('z', 5000) as long";

describe('a result whose rows are long', () => {
  const engine = startEngine();
  let session: TestSession;
  before(async () => {
    session = await openTestSession(engine);
  });
  after(async () => {
    await session.close();
    await engine.dispose();
  });

  const run = async (sql: string) => {
    const { statements } = await session.run(sql);
    const [statement] = statements;
    assert.ok(statement?.file !== undefined);
    return { statement, pages: statement.file.pages };
  };

  const types = MANY_TYPES.replace('uuid() as id', 'md5(i::varchar)::uuid as id')
    .replace('repeat(', 'left(repeat(')
    .replace(', i) end as maybe', ', i), i % 50) end as maybe')
    .replace('range(i) as list', 'range(i % 20) as list')
    .replace('range(20)', `range(${ROWS})`);
  for (const [what, columns] of [
    ['of many types', types.replace(/^\s*select/, '')],
    ['of nested values', `${NESTED} from range(${ROWS}) t(i)`],
  ] as const) {
    it(`has pages of some megabytes, with the values that short rows have: ${what}`, async () => {
      const short = await run(`select ${columns}`);
      const long = await run(`select ${LONG}, ${columns}`);
      assert.ok(long.pages.length > 3, `${long.pages.length} pages`);
      for (const { byteLength } of long.pages) assert.ok(byteLength < MAX_PAGE, `${byteLength} bytes`);
      const expected = resultRows(short.statement);
      const found = resultRows(long.statement).map(([, ...rest]) => rest);
      assert.equal(found.length, ROWS);
      assert.deepEqual(found, expected);
    });
  }

  it('has pages of some megabytes where it has 5,000 columns', async () => {
    const wide = Array.from({ length: 5000 }, (_, i) => `i + ${i} as c${i}`);
    const { statement, pages } = await run(`select ${wide.join(', ')} from range(500) t(i)`);
    assert.ok(pages.length >= 4, `${pages.length} pages`);
    for (const { byteLength } of pages) assert.ok(byteLength < MAX_PAGE, `${byteLength} bytes`);
    const rows = resultRows(statement);
    assert.equal(rows.length, 500);
    for (const [row, column] of [
      [0, 0],
      [103, 4999],
      [104, 0],
      [499, 2500],
    ] as const)
      assert.equal(rows[row]?.[column], String(row + column));
  });

  it('keeps rows apart from a very long one', async () => {
    const text = "case when i = 900 then repeat('y', 24000000) else 'short ' || i end";
    const { statement, pages } = await run(`select ${text} as text from range(2000) t(i)`);
    const large = pages.filter(({ byteLength }) => byteLength > MAX_PAGE);
    assert.deepEqual(
      large.map(({ firstRow, rowCount }) => [firstRow, rowCount]),
      [[900, 1]],
    );
    const rows = resultRows(statement);
    assert.deepEqual(
      [899, 900, 901].map((row) => rows[row]?.[0]?.length),
      [9, 24_000_000, 9],
    );
  });

  it('is cut off at the rows that are wanted', async () => {
    const { statements } = await session.run(`select ${LONG}, i from range(${ROWS}) t(i)`, { maxRows: 1500 });
    const [statement] = statements;
    assert.ok(statement !== undefined);
    assert.deepEqual([statement.rowCount, statement.truncated], [1500, true]);
    const rows = resultRows(statement);
    assert.equal(rows.length, 1500);
    assert.equal(rows.at(-1)?.[1], '1499');
  });
});
