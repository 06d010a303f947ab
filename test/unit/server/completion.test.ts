import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type CompletionItem,
  type CompletionList,
  InsertTextFormat,
  type TextEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { completeSql } from '../../../server/sql/completion/complete.ts';
import { elementType, structFields } from '../../../server/sql/completion/struct-fields.ts';
import { EMPTY_CATALOG, type SqlKnowledge } from '../../../server/sql/knowledge.ts';
import { DocumentSyntaxes } from '../../../server/sql/syntax/document-syntax.ts';
import type { CatalogFunction } from '../../../wasm-core/protocol/catalog.ts';

const main = { database: 'memory', schema: 'main' };

function engineFunction(name: string, signature: string, kind = 'scalar'): CatalogFunction {
  return { name, kind, signatures: [`${name}${signature}`], named: [], doc: '' };
}

/** An engine that knows a table, a few functions, and describes nothing: every other column comes from the text. */
const KNOWLEDGE: SqlKnowledge = {
  summary: async () => ({ columns: [] }),
  catalog: async () => ({
    ...EMPTY_CATALOG,
    tables: [
      {
        ...main,
        name: 't',
        kind: 'table',
        columns: [
          { name: 'id', type: 'INTEGER' },
          { name: 'order', type: 'VARCHAR' },
          { name: 's', type: 'STRUCT(a INTEGER, "b c" STRUCT(d DATE)[])' },
        ],
      },
    ],
    functions: [
      engineFunction('sum', '(DOUBLE) -> DOUBLE', 'aggregate'),
      engineFunction('upper', '(VARCHAR) -> VARCHAR'),
      engineFunction('range', '(BIGINT)', 'table'),
      ...Array.from({ length: 300 }, (_, i) => engineFunction(`zz${i}`, '(ANY) -> ANY')),
    ],
    reserved: ['order', 'select'],
    types: [{ name: 'integer', isUser: false }],
    settings: [{ name: 'threads', value: '1', type: 'BIGINT', doc: '' }],
  }),
  columns: async () => [],
  functions: async () => [],
  files: async (folder) => (folder === '' ? ['a.csv', 'b.csv', "it's.json", 'sub/'] : ['c.parquet']),
};

function complete(
  text: string,
  offset: number,
  { supportsSnippets = true }: { readonly supportsSnippets?: boolean } = {},
): Promise<CompletionList> {
  const document = TextDocument.create('file:///q.sql', 'sql', 1, text);
  return completeSql({
    document,
    offset,
    syntaxes: new DocumentSyntaxes(),
    knowledge: KNOWLEDGE,
    supportsSnippets,
    checkedColumns: () => undefined,
  });
}

function newText(item: CompletionItem | undefined): string | undefined {
  return (item?.textEdit as TextEdit | undefined)?.newText;
}

async function labels(marked: string): Promise<string[]> {
  const { items } = await complete(marked.replace('|', ''), marked.indexOf('|'));
  const sorted = items.sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
  // Field, Variable and Struct of the protocol: what the statement itself names.
  return sorted.filter(({ kind }) => kind === 5 || kind === 6 || kind === 22).map(({ label }) => label);
}

describe('completion without an engine that describes', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['select | from t', ['id', 'order', 's', 't']],
    ['select s.| from t', ['a', 'b c']],
    ['select s."b c"[1].| from t', ['d']],
    ['select q.| from (select id, s as x, 1 + from t) q', ['id', 'x']],
    ['select q.| from (select * exclude (id) from t) q', ['order', 's']],
    ['select q.| from (select t.* from t join (select 1 as other)) q', ['id', 'order', 's']],
    ['with a as (from t), b(x) as (select * from a) select b.| from b', ['x', 'order', 's']],
    ['with recursive r as (select 1 as n union all select | from r', ['n', 'r']],
    ['select u.x.| from (select s as x from t) u', ['a', 'b c']],
    [
      'select a.| from t a join t b on a.id = b.id where b.id = (select max(id) from t)',
      ['id', 'order', 's'],
    ],
    ['select (select | from (select 1 as id) i) from t', ['id', 'i', 't', 't.id', 'order', 's']],
    ['select lower(upper(| from t', ['order', 'id', 's', 't']],
    ['select f(g(|), 2) from t', ['id', 'order', 's', 't']],
    ['select * from (select lower(| from t) q where q.x', ['id', 'order', 's', 't']],
    ['select extract(year from |) from t', ['id', 'order', 's', 't']],
    ['select q.|\nfrom (select 1 as one) q\nwhere', ['one']],
    ['create table made as select id as n from t;\nselect | from made', ['n', 'made']],
    [
      'create table made as select id as n from t;\ncreate or replace table made (m integer);\nselect | from made',
      ['m', 'made'],
    ],
    ['select | from made;\ncreate table made as select 1 as n', ['made']],
    ['select sum(id) over w, | from t window w as (order by id)', ['id', 'order', 's', 't']],
    ['select sum(id) over | from t window w as (order by id)', ['w']],
    ['insert into t (id, |', ['id', 'order', 's']],
    ['insert into t select | from (select 2 as two) q', ['two', 'q']],
    ['update t set id = 1, | where', ['id', 'order', 's']],
    ['delete from t where |', ['id', 'order', 's', 't']],
    ['select id as a, a + 1 as b from t order by |', ['id', 'order', 's', 'a', 'b', 't']],
    ['select id as a from t join t u on |', ['t.id', 'u.id']],
  ];
  for (const [marked, expected] of cases) {
    it(marked, async () => {
      const found = await labels(marked);
      assert.deepEqual(marked.includes(' u on ') ? found.filter((l) => /id$/.test(l)) : found, expected);
    });
  }

  it('sends the best of many items, and says that there are more', async () => {
    const { items, isIncomplete } = await complete('select z', 8);
    assert.deepEqual([items.length, isIncomplete], [200, true]);
    const narrow = await complete('select zz29', 11);
    assert.equal(narrow.isIncomplete, false);
    assert.ok(narrow.items.some(({ label }) => label === 'zz299'));
  });

  it('sends snippets only to clients that have them', async () => {
    const plain = await complete('select up', 9, { supportsSnippets: false });
    const upper = plain.items.find(({ label }) => label === 'upper');
    assert.deepEqual([newText(upper), upper?.insertTextFormat], ['upper', undefined]);
    const snippet = (await complete('select up', 9)).items.find(({ label }) => label === 'upper');
    assert.deepEqual([newText(snippet), snippet?.insertTextFormat], ['upper($0)', InsertTextFormat.Snippet]);
  });

  it('doubles the quotes of file names', async () => {
    const { items } = await complete("from '", 6);
    const file = items.find(({ label }) => label === "it's.json");
    assert.equal(newText(file), "it''s.json");
  });
});

describe('types as text', () => {
  it('tell the fields of a struct', () => {
    assert.deepEqual(
      structFields(`STRUCT(a DECIMAL(4,2), "b "" c" ENUM('x, y', '('), m MAP(VARCHAR, INTEGER))`),
      [
        { name: 'a', type: 'DECIMAL(4,2)' },
        { name: 'b " c', type: "ENUM('x, y', '(')" },
        { name: 'm', type: 'MAP(VARCHAR, INTEGER)' },
      ],
    );
    assert.deepEqual(structFields('VARCHAR'), []);
  });
  it('tell the elements of lists, arrays and maps', () => {
    assert.deepEqual(['INTEGER[][3]', 'MAP(VARCHAR, STRUCT(a INTEGER, b DATE))', 'DATE'].map(elementType), [
      'INTEGER[]',
      'STRUCT(a INTEGER, b DATE)',
      undefined,
    ]);
  });
});

const PIECES =
  `select|from|where|join|left join|on|using (|group by|order by|with a as (|(|)|[|]|{|}|,|.|*|::|:|$|$p|'|'a.csv'|"|"x"|t|t.|s|id|
  sum(|over (|partition by|case|when|end|exclude (|replace (|columns(|->|lambda x:|insert into|update t set|create table m (|create macro f(x) as|;|
  --|/*|*/|\n|\r\n|😀|\u0000|cast(1 as|union all|pivot|unnest(|read_csv('|copy t to '|set|set threads =|pragma|alter table t drop column|1|1.5|=|e'\\'|$$`
    .split('|')
    .map((piece) => (piece.trim() === '' ? piece : piece.replace(/^\n +/, '')));

describe('completion anywhere in half-typed statements', () => {
  it('never fails, and replaces only text in front of the position on its line', async () => {
    const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(' '));
    await fc.assert(
      fc.asyncProperty(text, async (sql) => {
        const document = TextDocument.create('file:///q.sql', 'sql', 1, sql);
        for (let offset = 0; offset <= sql.length; offset++) {
          // Between the two characters of a line end there is no position.
          if (document.offsetAt(document.positionAt(offset)) !== offset) continue;
          const { items } = await complete(sql, offset);
          for (const { textEdit, filterText = '' } of items) {
            const { range, newText: put } = textEdit as TextEdit;
            const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
            assert.ok(start <= offset && offset <= end && end <= sql.length, `${start} ${offset} ${end}`);
            assert.ok(put !== '' && filterText !== '');
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
