import assert from 'node:assert/strict';
import Ajv from 'ajv';
import fc from 'fast-check';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import type { SearchQuery } from '../../../wasm-core/protocol/search.ts';
import { compileSearch } from '../../../wasm-core/sql/search/compile-search.ts';
import { fragmentFault } from '../../../wasm-core/sql/search/fragment.ts';
import { readProjectFile } from '../../support/project.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

const fitsSchema = new Ajv({ strict: false }).compile(
  JSON.parse(readProjectFile('syntaxes/search.schema.json')) as object,
);

/** The error of a search that must not compile. */
function faultOf(search: unknown): CoreError {
  try {
    compileSearch(search);
  } catch (error) {
    assert.ok(error instanceof CoreError);
    return error;
  }
  throw new Error(`it compiled: ${JSON.stringify(search)}`);
}

const checkFault = (search: unknown, path: string, message: RegExp): void => {
  const fault = faultOf(search);
  assert.equal(fault.kind, 'PARAMS_INVALID');
  assert.equal(fault.details.path, path);
  assert.match(fault.message, message);
};

const checkSql = (search: object, expected: string): void => {
  const { sql } = compileSearch({ from: 'movies', query: { expression: 'true' }, ...search });
  assert.equal(sql.replace(/\s+/g, ' '), expected);
};

describe('a search as SQL', () => {
  it('becomes one statement whose parts stand in parentheses', () => {
    checkSql(
      {
        query: { and: [{ expression: 'price > 10' }, { not: { wasm_udf: { function: 'keep' } } }] },
        columns: ['id', 'price * 2 as double'],
        orderBy: 'price desc, id',
        limit: 5,
      },
      'select id , price * 2 as double from (select * from movies ) as movies where ((price > 10 ) and (not "keep"(movies))) order by price desc, id limit 5',
    );
  });

  it('gives scripts by number, with their arguments or the row as JSON', () => {
    const js = { js_udf: { code: 'a', arguments: ['x', 'y + 1'] } };
    const { sql, scripts } = compileSearch({
      from: "'a.json'",
      query: { or: [js, { python_udf: { code: 'b', function: 'f' } }] },
    });
    assert.match(sql, /__quern_script\(0, json_array\(\(x\n\), \(y \+ 1\n\)\)::varchar\)/);
    assert.match(sql, /__quern_script\(1, json_array\(t\)::varchar\)/);
    assert.deepEqual(scripts, [
      { language: 'js', code: 'a', function: 'keep', path: '$.query.or[0].js_udf' },
      { language: 'python', code: 'b', function: 'f', path: '$.query.or[1].python_udf' },
    ]);
  });

  it('names the rows after the alias, the table, or t', () => {
    const rowOf = (from: string): string =>
      /\) as (.*)/.exec(compileSearch({ from, query: { expression: 'true' } }).sql)?.[1] ?? '';
    assert.deepEqual(
      ['movies', "'a.csv' as m", '(select 1) AS "my row"', "'a.csv'", 'a join b using (id)', 'm -- as x'].map(
        rowOf,
      ),
      ['movies', 'm', '"my row"', 't', 't', 'm'],
    );
  });

  it('declares document_id and score, unless they are there', () => {
    checkSql(
      { documentId: 'id', score: 'score' },
      'select * from (select *, (id ) as document_id from movies ) as movies where (true )',
    );
  });

  it('knows where each part of it came from', () => {
    const search = compileSearch({
      from: 'm',
      query: { and: [{ expression: 'aa' }, { not: { expression: 'bb' } }] },
    });
    assert.equal(search.pathAt(search.sql.indexOf('bb')), '$.query.and[1].not.expression');
    assert.equal(search.pathAt(0), undefined);
  });

  it('says where a tree is wrong', () => {
    const from = 'm';
    checkFault({ from }, '$.query', /is missing; write an object/);
    checkFault({ query: { expression: 'a' } }, '$.from', /is missing; write text/);
    checkFault({ from, query: { and: [] } }, '$.query.and', /at least one condition/);
    checkFault({ from, query: { and: [{ expresion: 'a' }] } }, '$.query.and[0].expresion', /mean expression/);
    checkFault({ from, query: { expression: 'a', not: {} } }, '$.query', /has 2 members; write one of/);
    checkFault({ from, query: {} }, '$.query', /has 0 members/);
    checkFault({ from, query: { not: { expression: 3 } } }, '$.query.not.expression', /is 3; write text/);
    checkFault({ from, query: { wasm_udf: { function: 'a b' } } }, '$.query.wasm_udf.function', /name/);
    checkFault({ from, query: { python_udf: {} } }, '$.query.python_udf.code', /is missing/);
    checkFault(
      { from, query: { js_udf: { code: 'x', arguments: ['a, b'] } } },
      '$.query.js_udf.arguments[0]',
      /comma/,
    );
    checkFault({ from, query: { expression: 'a' }, limit: 0 }, '$.limit', /whole number from 1/);
    checkFault({ from, query: { expression: 'a' }, columns: [] }, '$.columns', /leave it out/);
  });

  it('is judged by the schema that editors use as by the host, but for what is inside SQL', () => {
    const from = 'm';
    const query = { expression: 'a' };
    const fine = [
      { from, query },
      { from, query, columns: 'a, b', orderBy: ['a desc'], limit: 1, documentId: 'id', score: 's' },
      { from, query: { or: [{ not: query }, { wasm_udf: { function: 'f', arguments: [] } }] } },
      { from, query: { and: [{ python_udf: { code: 'x' } }, { js_udf: { code: 'x', function: 'f' } }] } },
    ];
    const wrong = [
      { query },
      { from, query: {} },
      { from, query: { ...query, not: query } },
      { from, query: { and: [] } },
      { from, query: { xor: [query] } },
      { from, query: { wasm_udf: { function: '' } } },
      { from, query: { js_udf: { function: 'f' } } },
      { from, query: { python_udf: { code: 'x', arguments: [1] } } },
      { from, query, columns: [] },
      { from, query, limit: 1.5 },
      { from: '', query },
    ];
    for (const search of fine) {
      assert.ok(fitsSchema(search), JSON.stringify(search));
      compileSearch(search);
    }
    for (const search of wrong) {
      assert.ok(!fitsSchema(search), JSON.stringify(search));
      faultOf(search);
    }
  });

  it('refuses trees that are too deep or too large', () => {
    const deep = Array.from({ length: 64 }).reduce<SearchQuery>((not) => ({ not }), { expression: 'a' });
    assert.match(faultOf({ from: 'm', query: deep }).message, /more than 64 levels deep/);
    const and = Array.from({ length: 1000 }, () => ({ expression: 'a' }));
    checkFault({ from: 'm', query: { and } }, '$.query.and[999]', /one condition more than 1000/);
    const scripts = Array.from({ length: 33 }, () => ({ js_udf: { code: 'x' } }));
    checkFault({ from: 'm', query: { or: scripts } }, '$.query.or[32].js_udf', /more than 32/);
  });

  it('refuses SQL that would leave its place', () => {
    const faults: [string, RegExp][] = [
      ['1) or (1', /closes a \) that it does not open/],
      ['(1', /lacks a \)/],
      ['[1)', /closes a \)/],
      ['a; drop table t', /semicolon/],
      ["'a", /a string that does not end/],
      ['"a', /a name in quotes that does not end/],
      ['$x$ a', /a string that does not end/],
      ['a /* b', /a comment that does not end/],
      ["e'\\'", /a string that does not end/],
      ['  -- nothing', /is empty/],
      ['a\0b', /NUL/],
    ];
    for (const [text, message] of faults) assert.match(fragmentFault(text, { list: false }) ?? '', message);
    const fine = ["a -- ')", '\';\' || $$)$$ || "("', '(a, b) /* ( */', "e'\\')'", '{a: [1]}', ' a '];
    for (const text of fine) assert.equal(fragmentFault(text, { list: false }), undefined, text);
  });
});

type Truth = boolean | null;

/** Leaves whose truth for a row is known: `p`, `q` and `r` are its columns. */
const LEAVES: readonly { readonly sql: string; readonly truth: (row: readonly Truth[]) => Truth }[] = [
  { sql: 'p', truth: ([p = null]) => p },
  { sql: 'q -- the second )', truth: ([, q = null]) => q },
  { sql: 'r or r', truth: ([, , r = null]) => r },
  { sql: 'p is null', truth: ([p = null]) => p === null },
  { sql: "q is not distinct from true /* ( */ and ')' = ')'", truth: ([, q = null]) => q === true },
  { sql: 'NULL::boolean', truth: () => null },
];

function evaluate(query: SearchQuery, row: readonly Truth[]): Truth {
  if ('not' in query) {
    const inner = evaluate(query.not, row);
    return inner === null ? null : !inner;
  }
  if ('and' in query) {
    const all = query.and.map((q) => evaluate(q, row));
    return all.includes(false) ? false : all.includes(null) ? null : true;
  }
  if ('or' in query) {
    const all = query.or.map((q) => evaluate(q, row));
    return all.includes(true) ? true : all.includes(null) ? null : false;
  }
  const sql = 'expression' in query ? query.expression : '';
  return LEAVES.find((leaf) => leaf.sql === sql)?.truth(row) ?? null;
}

const { tree } = fc.letrec<{ tree: SearchQuery; nodes: SearchQuery[] }>((tie) => ({
  nodes: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
  tree: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.constantFrom(...LEAVES.map(({ sql }) => ({ expression: sql }))),
    fc.record({ not: tie('tree') }),
    fc.record({ and: tie('nodes') }),
    fc.record({ or: tie('nodes') }),
  ),
}));

describe('a search in the engine', function () {
  this.timeout(120_000);
  const engine = startEngine();
  let session: TestSession;
  before(async () => {
    session = await openTestSession(engine);
    const values = '(values (true), (false), (null))';
    await session.run(
      `create table facts as select row_number() over () as id, * from ${values} as a(p), ${values} as b(q), ${values} as c(r)`,
    );
  });
  after(async () => {
    await session.close();
    await engine.dispose();
  });

  it('finds the rows for which the tree is true, whatever the tree', async () => {
    const facts = await session.rows('select id, p, q, r from facts order by id');
    const rows = facts.map(([id, ...row]) => ({
      id,
      row: row.map((v): Truth => (v === null ? null : v === 'true')),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async (query) => {
        const { sql } = compileSearch({ from: 'facts', query, columns: ['id'], orderBy: 'id' });
        const found = (await session.rows(sql)).map(([id]) => id);
        assert.deepEqual(
          found,
          rows.filter(({ row }) => evaluate(query, row) === true).map(({ id }) => id),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('hands numbers to scripts with all their digits', async () => {
    const sql =
      "select json_array(9223372036854775807, 12345678901234567.89::decimal(38,2), 170141183460469231731687303715884105727::hugeint, {d: date '2020-01-02', x: [1.5, null]}, 'é\"')::varchar";
    assert.deepEqual(await session.rows(sql), [
      [
        '[9223372036854775807,12345678901234567.89,170141183460469231731687303715884105727,{"d":"2020-01-02","x":[1.5,null]},"é\\""]',
      ],
    ]);
  });
});
