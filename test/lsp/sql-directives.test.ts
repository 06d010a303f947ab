import assert from 'node:assert/strict';
import path from 'node:path';
import {
  type CodeAction,
  type CompletionList,
  DiagnosticSeverity,
  type Hover,
  type InlayHint,
  type TextEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { writeDatabase } from '../support/duckdb-file.ts';
import { LanguageServerFixture } from '../support/language-server.ts';
import { withoutMark } from '../support/marked-text.ts';

const DB = '-- @db data/sales.duckdb\n';

describe('a statement that reads a database by its directive', () => {
  let server: LanguageServerFixture;
  before(async () => {
    server = await LanguageServerFixture.start(
      { 'data/people.csv': 'id\n1\n' },
      {
        capabilities: { workspace: { configuration: true } },
        settings: { inlayHints: { resultTypes: true } },
      },
    );
    await writeDatabase(path.join(server.folder, 'data', 'sales.duckdb'), [
      'create table orders as select range as id, 1.5::decimal(9,2) as price from range(3)',
      'create table clients (id int, name varchar)',
    ]);
    server.open('q.sql', 'sql', '');
  });
  after(() => server.dispose());

  async function ask<T>(method: string, marked: string): Promise<T> {
    server.change('q.sql', withoutMark(marked));
    return server.at<T>(method, 'q.sql', marked);
  }
  async function labels(marked: string): Promise<string[]> {
    return (await ask<CompletionList>('completion', marked)).items.map(({ label }) => label);
  }

  it('completes its tables and their columns, and no other statement does', async () => {
    assert.ok((await labels(`${DB}select * from |`)).includes('orders'));
    assert.ok((await labels(`${DB}select * from ord|`)).includes('orders'));
    assert.ok((await labels(`${DB}select | from orders`)).includes('price'));
    assert.ok((await labels(`${DB}with o as (from orders) select o.| from o`)).includes('price'));
    assert.ok(!(await labels(`${DB}select 1;\nselect * from |`)).includes('orders'));
    assert.ok(!(await labels('-- @db none.duckdb\nselect * from |')).includes('orders'));
  });

  it('shows their types and rows on hover', async () => {
    const text = async (marked: string) => {
      const found = await ask<Hover | null>('hover', marked);
      return found === null ? '' : (found.contents as { value: string }).value;
    };
    assert.match(await text(`${DB}select pri|ce from orders`), /price DECIMAL\(9,2\)/);
    assert.match(await text(`${DB}select price from ord|ers`), /price DECIMAL\(9,2\)[\s\S]*about 3 rows/);
    assert.match(await text(`${DB}select o|.id from orders o`), /-- orders[\s\S]*id BIGINT/);
  });

  it('warns of a chart that cannot be read, and of no other', async () => {
    server.change(
      'q.sql',
      '-- @chart pie x=a\nselect 1 as a;\n-- @chart bar x=a y="b c"\nselect 1 as a, 2 as "b c"',
    );
    const diagnostics = await server.diagnostics('q.sql', (d) =>
      d.some(({ code }) => code === 'chart-directive'),
    );
    assert.deepEqual(
      diagnostics.map(({ code, severity, range, message }) => [code, severity, range.start.line, message]),
      [
        [
          'chart-directive',
          DiagnosticSeverity.Warning,
          0,
          '@chart knows no kind pie; it knows line, area, bar, scatter, histogram, box, heatmap.',
        ],
      ],
    );
  });

  it('warns of columns that a chart names and its statement lacks, definitions above it included', async () => {
    const sql = `create table t as select 1 as amount, 'x' as town;
-- @chart bar x=twn y=amount
select * from t;
${DB}-- @chart bar x=id y=prise
select id, price from orders;`;
    server.change('q.sql', sql);
    const diagnostics = await server.diagnostics('q.sql', (d) => d.length > 1);
    const text = TextDocument.create('', 'sql', 1, sql);
    assert.deepEqual(
      diagnostics.map(({ code, severity, range }) => [code, severity, text.getText(range)]),
      [
        ['chart-column', DiagnosticSeverity.Warning, 'twn'],
        ['chart-column', DiagnosticSeverity.Warning, 'prise'],
      ],
    );
    const fixed = async (diagnostic: (typeof diagnostics)[number]) => {
      const actions = await server.request<CodeAction[]>('codeAction', {
        textDocument: { uri: server.uri('q.sql') },
        range: diagnostic.range,
        context: { diagnostics: [diagnostic] },
      });
      const [action = assert.fail()] = actions;
      const edits = action.edit?.changes?.[server.uri('q.sql')] as TextEdit[];
      return [
        action.title,
        TextDocument.applyEdits(text, edits)
          .split('\n')
          .find((l) => /@chart/.test(l) && !sql.includes(l)),
      ];
    };
    const [first = assert.fail(), second = assert.fail()] = diagnostics;
    assert.deepEqual(await fixed(first), ['Change to town', '-- @chart bar x=town y=amount']);
    assert.deepEqual(await fixed(second), ['Change to price', '-- @chart bar x=id y=price']);
    server.change('q.sql', sql.replace('twn', 'town').replace('prise', 'price'));
    await server.diagnostics('q.sql', (d) => d.length === 0);
  });

  it('marks an unknown directive with a fix of its name', async () => {
    server.change('q.sql', '-- @lmit 5\nselect 1');
    const [hint = assert.fail()] = await server.diagnostics('q.sql', (d) => d.length > 0);
    assert.deepEqual([hint.code, hint.severity], ['unknown-directive', DiagnosticSeverity.Hint]);
    const actions = await server.request<CodeAction[]>('codeAction', {
      textDocument: { uri: server.uri('q.sql') },
      range: hint.range,
      context: { diagnostics: [hint] },
    });
    const edits = actions[0]?.edit?.changes?.[server.uri('q.sql')] as TextEdit[];
    const document = TextDocument.create('', 'sql', 1, '-- @lmit 5\nselect 1');
    assert.equal(TextDocument.applyEdits(document, edits), '-- @limit 5\nselect 1');
  });

  it('completes charts: kinds, members, and the columns that fit, those first', async () => {
    const query = "select 'x' as town, 1 as amount, current_date as day";
    assert.deepEqual(await labels(`-- @|\n${query}`), ['@limit', '@db', '@bench', '@chart']);
    assert.ok((await labels(`-- @chart |\n${query}`)).includes('heatmap'));
    assert.deepEqual(await labels(`-- @chart h|\n${query}`), ['histogram', 'heatmap']);
    assert.deepEqual(await labels(`-- @chart bar x=day |\n${query}`), [
      'y=',
      'series=',
      'agg=',
      'bins=',
      'bucket=',
      'limit=',
    ]);
    assert.deepEqual(await labels(`-- @chart bar x=|\n${query}`), ['town', 'amount', 'day']);
    assert.deepEqual(await labels(`-- @chart bar x=day y=|\n${query}`), ['amount', 'town', 'day']);
    assert.deepEqual(await labels(`-- @chart bar x=day y=amount,t|\n${query}`), ['town']);
    assert.deepEqual(await labels(`-- @chart bar agg=m|\n${query}`), ['min', 'max', 'median', 'sum']);
    assert.deepEqual(await labels(`-- @chart histogram |\n${query}`), ['x=', 'bins=', 'bucket=', 'limit=']);
    assert.deepEqual(await labels(`${DB}-- @chart bar y=|\nfrom orders`), ['id', 'price']);
  });

  it('completes benchmarks, and nothing in other comments', async () => {
    const two = '-- @bench a group=upper\nselect 1;\n';
    assert.deepEqual(await labels(`${two}-- @bench b group=|\nselect 2`), ['upper']);
    assert.deepEqual(await labels(`-- @bench b |\nselect 2`), [
      'name=',
      'group=',
      'runs=',
      'time=',
      'threshold=',
      'reference',
    ]);
    for (const marked of [
      '-- mail me @|\nselect 1',
      'select 1 -- @ch|',
      '/* @ch| */ select 1',
      'select 1\n-- @chart ba|\n+ 1',
    ]) {
      assert.deepEqual(await labels(marked), [], marked);
    }
  });

  it('has columns with spaces in quotes', async () => {
    const marked = '-- @chart bar x="net|"\nselect 1 as "net sales", 2 as "net"';
    const { items } = await ask<CompletionList>('completion', marked);
    const edits = items.map(({ textEdit }) => [textEdit as TextEdit]);
    const document = TextDocument.create('', 'sql', 1, withoutMark(marked));
    assert.deepEqual(edits.map((edit) => TextDocument.applyEdits(document, edit).split('\n')[0]).sort(), [
      '-- @chart bar x="net sales"',
      '-- @chart bar x=net',
    ]);
  });

  it('runs a query whose benchmark cannot be read, and warns of that', async () => {
    server.change('q.sql', '-- @bench a rnus=5\nselect 1 as x');
    const found = await server.diagnostics('q.sql', (d) => d.length > 0);
    assert.deepEqual(
      found.map(({ code, severity, range }) => [code, severity, range.start.character, range.end.character]),
      [['bench-directive', DiagnosticSeverity.Warning, 12, 16]],
    );
  });

  it('has fixes that the engine accepts for it', async () => {
    const sql = `${DB}select id from orders join clients on true`;
    server.change('q.sql', sql);
    const diagnostics = await server.diagnostics('q.sql', (d) => d.length > 0);
    const actions = await server.request<CodeAction[]>('codeAction', {
      textDocument: { uri: server.uri('q.sql') },
      range: diagnostics[0]?.range,
      context: { diagnostics },
    });
    assert.ok(actions.some(({ title }) => title === 'Change to orders.id'));
    const words = `${DB}select upper(price) from orders`;
    server.change('q.sql', words);
    const wrong = await server.diagnostics('q.sql', (d) => d.some(({ message }) => /upper/.test(message)));
    const casts = await server.request<CodeAction[]>('codeAction', {
      textDocument: { uri: server.uri('q.sql') },
      range: wrong[0]?.range,
      context: { diagnostics: wrong },
    });
    const edits = casts.map(({ edit }) => edit?.changes?.[server.uri('q.sql')] as TextEdit[]);
    const made = edits.map((e) => TextDocument.applyEdits(TextDocument.create('', 'sql', 1, words), e));
    assert.deepEqual(made, [`${DB}select upper(price::VARCHAR) from orders`]);
  });

  it('has hints for what lints find in its tables, and types of results', async () => {
    server.change('q.sql', `${DB}select * from orders, clients where price > 1`);
    const [hint] = await server.diagnostics('q.sql', (d) => d.length > 0);
    assert.equal(hint?.code, 'comma-join');
    server.change('q.sql', `${DB}select price from orders`);
    const hints = await server.request<InlayHint[]>('inlayHint', {
      textDocument: { uri: server.uri('q.sql') },
      range: { start: { line: 0, character: 0 }, end: { line: 2, character: 0 } },
    });
    assert.deepEqual(
      hints.map(({ label }) => label),
      [': DECIMAL(9,2)'],
    );
  });
});
