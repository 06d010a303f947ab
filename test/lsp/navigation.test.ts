import assert from 'node:assert/strict';
import type {
  DocumentHighlight,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  WorkspaceSymbol,
} from 'vscode-languageserver';
import { sessionKeyFor } from '../../wasm-core/protocol/lsp.ts';
import { eventually } from '../support/eventually.ts';
import { LanguageServerFixture } from '../support/language-server.ts';
import { withoutMark } from '../support/marked-text.ts';

const TEXT_PLUGIN = `/**
 * Lower-case words joined by hyphens.
 * @udf
 */
export function slug(s: string): string {
  return s.toLowerCase();
}
`;
const FILES = {
  'plugins/text.ts': TEXT_PLUGIN,
  'data/people.csv': 'id,name,born\n1,Ada,1815-12-10\n2,Alan,1912-06-23\n',
  'shared.sql':
    '-- name: old people\nselect 1;\ncreate view elders as select 1 as age;\nselect slug(age) from elders;\n',
};
const PEOPLE = "'data/people.csv'";

describe('navigation in SQL', () => {
  let server: LanguageServerFixture;
  before(async () => {
    server = await LanguageServerFixture.start(FILES, {
      initializationOptions: { sessionKey: 'window', trusted: true },
      capabilities: { workspace: { configuration: true } },
      settings: { inlayHints: { resultTypes: true } },
    });
    await server.plugin('plugins/text.ts', (s) => s.state === 'loaded');
    server.open('q.sql', 'sql', '');
  });
  after(() => server.dispose());

  function ask<T>(method: string, marked: string, more: object = {}): Promise<T> {
    server.change('q.sql', withoutMark(marked));
    return server.at<T>(method, 'q.sql', marked, more);
  }

  async function ofDocument<T>(method: string, text: string, more: object = {}): Promise<T> {
    server.change('q.sql', text);
    return server.request<T>(method, { textDocument: { uri: server.uri('q.sql') }, ...more });
  }

  async function hover(marked: string): Promise<string> {
    const found = await ask<Hover | null>('hover', marked);
    return found === null ? '' : (found.contents as { value: string }).value;
  }

  /** The text of a range of one line. */
  function textOf(text: string, { start, end }: Location['range']): string {
    return (text.split('\n')[start.line] ?? '').slice(start.character, end.character);
  }

  /** Where the definition of the name at `|` is: its line and text, in the document or in a file. */
  async function definition(marked: string): Promise<string | undefined> {
    const found = await ask<Location | null>('definition', marked);
    if (found === null) return undefined;
    const own = found.uri === server.uri('q.sql');
    const { start } = found.range;
    const name = found.uri.slice(found.uri.lastIndexOf('/') + 1);
    return own
      ? `${start.line}:${start.character} ${textOf(withoutMark(marked), found.range)}`
      : `${name}:${start.line}`;
  }

  it('finds where the file of a column has it', async () => {
    const at = async (marked: string) => {
      const found = await ask<Location | null>('definition', marked);
      if (found === null) return undefined;
      const { start, end } = found.range;
      return `${found.uri.slice(found.uri.lastIndexOf('/') + 1)} ${start.line}:${start.character}-${end.character}`;
    };
    server.write('data/odd.csv', '\ufeffa;"b; c"; D ;e\r\n1;2;3;4\r\n');
    server.write('data/bare.csv', '1,2\n3,4\n');
    server.write('data/j.json', '[{"k": 1}]');
    assert.equal(await at(`select na|me from ${PEOPLE}`), 'people.csv 0:3-7');
    assert.equal(await at(`with p as (from ${PEOPLE}) select q.|born from p q`), 'people.csv 0:8-12');
    assert.equal(await at("select |a from read_csv('data/odd.csv', header = true)"), 'odd.csv 0:0-1');
    assert.equal(await at(`select "b|; c" from 'data/odd.csv'`), 'odd.csv 0:2-8');
    assert.equal(await at("select |d from 'data/odd.csv'"), 'odd.csv 0:10-11');
    assert.equal(await at("select column|0 from 'data/bare.csv'"), 'bare.csv 0:0-0');
    assert.equal(await at("select |k from 'data/j.json'"), 'j.json 0:0-0');
    assert.equal(await at('create table t (x int);\nselect |y from t'), undefined);
    assert.equal(await at("select |id from 'data/p*.csv'"), undefined);
  });

  describe('hover', () => {
    it('tells the type of a column and where it comes from', async () => {
      assert.match(
        await hover(`with a as (select id from ${PEOPLE}) select i|d from a`),
        /id BIGINT[\s\S]*'data\/people.csv'`, through `a`/,
      );
      assert.match(
        await hover(`with a as (select id + 1 as one from ${PEOPLE}) select o|ne from a`),
        /one BIGINT = id \+ 1[\s\S]*common table `a`/,
      );
      assert.match(await hover(`select na|me from (from ${PEOPLE}) x`), /name VARCHAR/);
      assert.match(await hover('with a(|x, y) as (select 1, true) from a'), /x INTEGER/);
      assert.match(await hover('select 1.5 as |x'), /x DECIMAL\(2,1\) = 1\.5/);
    });

    it('tells the type of a field of a struct', async () => {
      const from = "from (select {'a': {'b': [{'c': 1.5}]}} as s) t";
      assert.match(
        await hover(`select s.a.|b ${from}`),
        /b STRUCT\(c DECIMAL\(2,1\)\)\[\][\s\S]*Field of s\.a\./,
      );
      assert.match(await hover(`select t.s.|a ${from}`), /a STRUCT\(b STRUCT[\s\S]*Field of t\.s\./);
      assert.match(await hover(`select s.a.b[1].|c ${from}`), /c DECIMAL\(2,1\)/);
      assert.equal(await hover(`select s.a.|z ${from}`), '');
    });

    it('tells the columns of relations', async () => {
      assert.match(
        await hover(`from ${PEOPLE} as |p`),
        /p -- 'data\/people.csv'\n {2}id BIGINT\n {2}name VARCHAR\n {2}born DATE/,
      );
      assert.match(
        await hover('with a as (select 1 as x) from |a'),
        /a -- common table\n {2}x INTEGER[\s\S]*a as \(select 1 as x\)/,
      );
      assert.match(
        await hover('create view v as select 2 as y;\nselect * from |v'),
        /v\n {2}y INTEGER[\s\S]*create view v/,
      );
      assert.match(await hover("from 'data/peo|ple.csv'"), /id BIGINT[\s\S]*48 bytes\./);
      assert.equal(await hover('from nowhere_|at_all'), '');
    });

    it('tells row counts and statistics that cost nothing', async () => {
      const run = async (sql: string) => {
        const host = await server.host();
        const { session } = await host.request('sql/open', { folder: server.folder });
        await host.request('sql/run', { session, sql });
        host.dispose();
      };
      await run(`copy (from range(1204) t(n)) to 'data/n.parquet'`);
      assert.match(
        await hover("from 'data/n.|parquet'"),
        /n BIGINT -- 0 to 1203, no NULLs[\s\S]*1,204 rows\./,
      );
      const column = /n BIGINT[\s\S]*0 to 1203, no NULLs, in 1,204 rows\./;
      assert.match(await hover("select |n from 'data/n.parquet'"), column);
      assert.match(await hover("select |n from read_parquet('data/n.parquet')"), column);
    });

    it('tells what functions, macros and parameters are', async () => {
      assert.match(
        await hover("select |slug('x')"),
        /slug\(s VARCHAR\) -> VARCHAR[\s\S]*Lower-case words[\s\S]*text\.ts#L5/,
      );
      assert.match(await hover('create macro twice(x) as 2 * x;\nselect |twice(1)'), /create macro twice/);
      assert.match(await hover('select $|limit'), /\$limit[\s\S]*when the statement runs/);
      assert.match(await hover('select |lower(name)'), /lower\(VARCHAR\)/i);
    });
  });

  it('tells what calls of a plugin function cost in this window so far', async () => {
    const host = await server.host();
    const { session } = await host.request('sql/open', {
      folder: server.folder,
      allow: [],
      namespace: server.folder,
      key: sessionKeyFor('window', server.folder),
    });
    const sql = "select slug('a' || i) from range(100) t(i)";
    await host.request('sql/run', { session, sql });
    const target = { type: 'statement', name: 'slug', session, sql } as const;
    await host.request('bench/run', { targets: [target], runs: 3, warmUp: 1 });
    await host.request('sql/run', { session, sql: "select slug('a' || i) from range(7) t(i)" });
    await host.request('sql/run', { session, sql: 'create table people (id int primary key, n int)' });
    host.dispose();
    // A run changes nothing that the server is told of; what it knows it keeps for some seconds.
    const text = await eventually('the cost', async () => {
      const found = await hover("select |slug('y')");
      return found.includes('of this session') ? found : undefined;
    });
    const cost = '[\\d.,]+ µs and [\\d,]+ instructions a row';
    const time = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d\\.';
    assert.match(text, new RegExp(`${cost}, over 507 rows of this session\\.`));
    assert.match(text, new RegExp(`Last run: ${cost}, over 7 rows, ${time}`));
    assert.match(text, new RegExp(`Last benchmark: ${cost}, over 300 rows in 3 runs, ${time}`));
  });

  it('tells what a table says of a column', async () => {
    assert.match(await hover('select |id from people'), /id INTEGER[\s\S]*NOT NULL, in about 0 rows\./);
    assert.match(await hover('select id from peo|ple'), /id INTEGER -- NOT NULL\n {2}n INTEGER\n/);
  });

  it('helps with signatures of nested calls, macros and named arguments', async () => {
    const help = async (marked: string) => {
      const { signatures, activeSignature, activeParameter } = await ask<SignatureHelp>(
        'signatureHelp',
        marked,
      );
      return `${signatures[activeSignature ?? 0]?.label} ${activeParameter}`;
    };
    assert.equal(await help("select slug(lower('a, b'), |"), 'slug(s VARCHAR) -> VARCHAR 1');
    assert.equal(await help("select slug(|lower('a, b'))"), 'slug(s VARCHAR) -> VARCHAR 0');
    assert.equal(await help('create macro m(a, b) as a;\nselect m([1, 2], |)'), 'm(a, b) 1');
    assert.equal(await help('create macro m(a, b) as a;\nselect m(b := |)'), 'm(a, b) 1');
    assert.equal(await help('create macro m(a, b) as a;\nselect x.m(|)'), 'm(a, b) 1');
    assert.equal(await help('create macro m(a, b) as a;\nselect main.m(|)'), 'm(a, b) 0');
    assert.match(await help('select round(1.5, |'), /^round\(.*INTEGER\).* 1$/);
  });

  describe('definition', () => {
    it('is found in the document', async () => {
      assert.equal(await definition('with a as (select 1)\nselect |a.* from a'), '0:5 a');
      assert.equal(await definition('select p.|id\nfrom (select 1 as id) p'), '1:18 id');
      assert.equal(await definition('create table t (x int);\nfrom t;\nselect |x from t'), '0:16 x');
      assert.equal(await definition('create macro m(a) as a;\nselect |m(1)'), '0:13 m');
      assert.equal(await definition('create view "v w" as select 1;\nfrom |"V W"'), '0:12 "v w"');
    });

    it('is found in other documents, plugins and files', async () => {
      assert.equal(await definition('from |elders'), 'shared.sql:2');
      assert.equal(await definition("select |slug('x')"), 'text.ts:4');
      assert.equal(await definition("from 'data/peo|ple.csv'"), 'people.csv:0');
      assert.equal(await definition("from 'data/no|.csv'"), undefined);
      assert.equal(await definition("select a from 'data/*|.csv'"), undefined);
      assert.equal(await definition('select |lower(1)'), undefined);
    });
  });

  it('finds references and marks them', async () => {
    const marked =
      'create view v as select 1 as one;\nselect one from |v;\nwith v as (select 2) from v;\ndrop view V';
    const references = await ask<Location[]>('references', marked, { context: { includeDeclaration: true } });
    assert.deepEqual(
      references.map(({ range }) => `${range.start.line}:${range.start.character}`),
      ['0:12', '1:16', '3:10'],
    );
    const calls = await ask<Location[]>('references', "select |slug('x')", {
      context: { includeDeclaration: true },
    });
    assert.deepEqual(
      calls.map(({ uri }) => uri.slice(uri.lastIndexOf('/') + 1)),
      ['q.sql', 'text.ts', 'shared.sql'],
    );
    const highlights = await ask<DocumentHighlight[]>(
      'documentHighlight',
      'select |x + 1 from (select 1 as x) order by x',
    );
    assert.deepEqual(
      highlights.map(({ range, kind }) => `${range.start.character} ${kind}`),
      ['7 2', '31 3', '43 2'],
    );
  });

  it('outlines statements by their names, with common tables in them', async () => {
    const text =
      '-- name: top customers\nwith a as (with b as (select 1) from b) from a;\ncreate table t (x int)';
    const symbols = await ofDocument<DocumentSymbol[]>('documentSymbol', text);
    const outline = (list: readonly DocumentSymbol[]): unknown[] =>
      list.map(({ name, children }) => [name, ...outline(children ?? [])]);
    assert.deepEqual(outline(symbols), [['top customers', ['a', ['b']]], ['create table t (x int)']]);
  });

  it('finds symbols of the workspace', async () => {
    const find = async (query: string) => {
      const found = await server.rpc.sendRequest<WorkspaceSymbol[]>('workspace/symbol', { query });
      return found.map(
        ({ name, location }) => `${name} ${location.uri.slice(location.uri.lastIndexOf('/') + 1)}`,
      );
    };
    assert.deepEqual(await find('eld'), ['elders shared.sql']);
    assert.deepEqual(await find('people'), ['old people shared.sql']);
    assert.deepEqual(await find('slug'), ['slug text.ts']);
  });

  it('folds statements, parentheses, comments and regions', async () => {
    const text = '-- #region one\n-- a\n-- b\nselect (\n  1,\n  2\n)\nfrom t;\n/* c\n */\n-- #endregion';
    const ranges = await ofDocument<FoldingRange[]>('foldingRange', text);
    assert.deepEqual(
      ranges.map(({ startLine, endLine, kind }) => `${startLine}-${endLine} ${kind ?? ''}`),
      ['0-10 region', '1-2 comment', '3-7 ', '8-9 comment'],
    );
  });

  it('grows a selection by what the statement is made of', async () => {
    const marked = 'select 1;\nselect a, lower(|b) from (select 1 as b) where c';
    const position = { line: 1, character: 16 };
    const [found] = await ofDocument<SelectionRange[]>('selectionRange', withoutMark(marked), {
      positions: [position],
    });
    const texts: string[] = [];
    for (let at: SelectionRange | undefined = found; at !== undefined; at = at.parent)
      if (at.range.start.line === at.range.end.line) texts.push(textOf(withoutMark(marked), at.range));
    assert.deepEqual(texts, [
      'b',
      '(b)',
      'lower(b)',
      'select a, lower(b)',
      'select a, lower(b) from (select 1 as b) where c',
    ]);
  });

  it('links the files that are there', async () => {
    const links = await ofDocument<DocumentLink[]>(
      'documentLink',
      `from ${PEOPLE}, 'data/none.csv', read_csv('data/people.csv')`,
    );
    assert.deepEqual(
      links.map(({ range, target }) => [range.start.character, target]),
      [
        [6, server.uri('data/people.csv')],
        [51, server.uri('data/people.csv')],
      ],
    );
  });

  it('colours names, all of a document or a part of it', async () => {
    const types = ['class', 'variable', 'property', 'parameter', 'function', 'type'];
    const text = 'with a as (select 1 as x)\nselect q.x, slug(lower($p))::varchar from a q';
    const read = ({ data }: SemanticTokens): string[] => {
      const found: string[] = [];
      let [line, character] = [0, 0];
      for (let at = 0; at < data.length; at += 5) {
        const [lines = 0, columns = 0, length = 0, type = 0, modifiers = 0] = data.slice(at, at + 5);
        character = lines > 0 ? columns : character + columns;
        line += lines;
        found.push(
          `${(text.split('\n')[line] ?? '').slice(character, character + length)} ${types[type]} ${modifiers}`,
        );
      }
      return found;
    };
    const all = read(await ofDocument<SemanticTokens>('semanticTokens/full', text));
    assert.deepEqual(all, [
      'a class 1',
      'x property 1',
      'q variable 0',
      'x property 0',
      'slug function 4',
      'lower function 2',
      '$p parameter 0',
      'varchar type 0',
      'a class 0',
      'q variable 1',
    ]);
    const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
    assert.deepEqual(read(await ofDocument<SemanticTokens>('semanticTokens/range', text, { range })), all);
  });

  it('shows result types where the setting asks for them', async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 80 } };
    const hints = await ofDocument<InlayHint[]>(
      'inlayHint',
      `select id + 1 as n, *, born, id::int from ${PEOPLE}`,
      { range },
    );
    assert.deepEqual(
      hints.map(({ label, position }) => `${position.character} ${label}`),
      ['18 : BIGINT', '27 : DATE'],
    );
  });
});
