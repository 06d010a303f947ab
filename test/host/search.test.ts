import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { Search } from '../../wasm-core/protocol/search.ts';
import { type CommandOptions, quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';
import { resultRows } from '../support/result-rows.ts';

const LONG_WAT = `(module
  (@custom "quern" "{\\"abi\\":1,\\"functions\\":[{\\"name\\":\\"long_title\\",\\"parameters\\":[{\\"name\\":\\"n\\",\\"type\\":\\"BIGINT\\"}],\\"returns\\":\\"BOOLEAN\\"}]}")
  (func (export "long_title") (param i64) (result i32) (i64.gt_s (local.get 0) (i64.const 4))))`;

const MOVIES = [
  { id: 1, title: 'Alien', year: 1979, rank: 0.9 },
  { id: 2, title: 'Up', year: 2009, rank: 0.5 },
  { id: 3, title: 'Heat', year: 1995, rank: 0.8 },
  { id: 4, title: 'Memento', year: 2000, rank: 0.7 },
  { id: 5, title: null, year: 2001, rank: 0.1 },
];

describe('a search', function () {
  // An engine starts in a second, and in ten on a machine that is busy with other suites.
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  let connection: HostConnection;
  let session: string;

  before(async () => {
    mkdirSync(path.join(folder, 'plugins'), { recursive: true });
    writeFileSync(path.join(folder, 'movies.json'), JSON.stringify(MOVIES));
    writeFileSync(path.join(folder, 'plugins', 'long.wat'), LONG_WAT);
    await home.start();
    connection = await home.connect();
    ({ session } = await connection.request('sql/open', { folder }));
  });
  after(() => home.dispose());

  const find = async (search: Omit<Search, 'from'> & Partial<Search>, parameters = {}) => {
    const result = await connection.request('search/run', {
      from: "'movies.json'",
      ...search,
      session,
      parameters,
    });
    const [statement] = result.statements;
    assert.ok(statement !== undefined && result.statements.length === 1);
    return { sql: result.sql, columns: statement.columns, rows: resultRows(statement) };
  };
  const failure = async (search: Omit<Search, 'from'> & Partial<Search>): Promise<CoreError> =>
    find(search).then(
      () => assert.fail('it found something'),
      (error: CoreError) => error,
    );
  const search = (args: readonly string[], options: CommandOptions = {}) =>
    quern(home, ['search', '--socket', home.socket, ...args], { cwd: folder, ...options });

  it('runs over the socket as one statement, in the order and with the columns wanted', async () => {
    const { rows, sql } = await find(
      {
        query: { and: [{ expression: 'year >= $since' }, { not: { expression: "title like 'U%'" } }] },
        columns: ['id', 'title'],
        orderBy: 'year desc',
        limit: 2,
      },
      { since: 1990 },
    );
    assert.deepEqual(rows, [
      ['4', 'Memento'],
      ['3', 'Heat'],
    ]);
    assert.match(sql, /^select id\n, title\nfrom/);
  });

  it('names the identity and the score of a row', async () => {
    const { rows, columns } = await find({
      query: { expression: 'score > 0.75' },
      documentId: "'m' || id",
      score: 'rank',
      columns: ['document_id', 'score'],
      orderBy: ['score'],
    });
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['document_id', 'score'],
    );
    assert.deepEqual(rows, [
      ['m3', '0.8'],
      ['m1', '0.9'],
    ]);
  });

  it('asks SQL, Python and JavaScript in one tree', async () => {
    const { rows } = await find({
      query: {
        or: [
          { js_udf: { code: "const keep = (m) => m.title !== null && m.title.startsWith('A')" } },
          {
            and: [
              {
                python_udf: {
                  code: 'def long(t):\n    return len(t) > 4',
                  function: 'long',
                  arguments: ["coalesce(title, '')"],
                },
              },
              { expression: 'year = 2000' },
            ],
          },
        ],
      },
      columns: ['title'],
      orderBy: 'title',
    });
    assert.deepEqual(rows, [['Alien'], ['Memento']]);
  });

  it('says where in the search an error is', async () => {
    const unknown = await failure({ query: { and: [{ expression: 'true' }, { expression: 'yaer > 1' }] } });
    assert.equal(unknown.kind, 'SQL_BIND');
    assert.equal(unknown.details.path, '$.query.and[1].expression');
    assert.match(unknown.message, /^In the search, \$\.query\.and\[1\]\.expression: /);
    assert.match(String(unknown.details.sql), /^select \*/);
    const invalid = await failure({ query: { expression: '1) or (1' } });
    assert.deepEqual([invalid.kind, invalid.details.path], ['PARAMS_INVALID', '$.query.expression']);
    const raised = await failure({
      query: { not: { js_udf: { code: 'const keep = (t) => t.length > 1', arguments: ['title'] } } },
    });
    assert.deepEqual([raised.kind, raised.details.path], ['SCRIPT_ERROR', '$.query.not.js_udf']);
    const missing = await failure({ from: "'none.json'", query: { expression: 'true' } });
    assert.equal(missing.kind, 'FILE_NOT_FOUND');
  });

  it('runs from a file on the command line, with the plugins beside it', async () => {
    writeFileSync(
      path.join(folder, 'long.search.json'),
      JSON.stringify({
        from: "'movies.json'",
        query: { wasm_udf: { function: 'long_title', arguments: ['length(title)'] } },
        columns: ['title'],
        orderBy: 'title',
      }),
    );
    const { code, stdout, stderr } = await search(['long.search.json', '--format', 'csv', '-v']);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'title\nAlien\nMemento\n');
    assert.match(stderr, /where "long_title"\(\(length\(title\)\n\)\)/);
    assert.match(stderr, /2 rows in .*plugin functions/);
  });

  it('takes a query alone, and says what is wrong with one', async () => {
    const query = JSON.stringify({ expression: 'year > 2000' });
    const found = await search(['-e', query, '--from', "'movies.json'", '--format', 'json']);
    assert.deepEqual(
      JSON.parse(found.stdout).map((row: { id: number }) => row.id),
      [2, 5],
    );
    const wrong = await search(['-e', '{"exprssion": "1"}', '--from', "'movies.json'"]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /\$\.query\.exprssion is not known; did you mean expression\?/);
    assert.equal((await search([])).code, 2);
    const broken = await search(['-e', '{']);
    assert.match(broken.stderr, /-e is not JSON/);
  });
});
