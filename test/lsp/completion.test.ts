import assert from 'node:assert/strict';
import type { CompletionItem, CompletionList, TextEdit } from 'vscode-languageserver';
import { sessionKeyFor } from '../../wasm-core/protocol/lsp.ts';
import { COLUMN_CASES, KEYWORD_CASES, PEOPLE, TOWNS } from '../support/completion-cases.ts';
import { eventually } from '../support/eventually.ts';
import { LanguageServerFixture } from '../support/language-server.ts';

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
  'data/more.csv': 'x\n1\n',
  'data/towns.json':
    '[{"id": 7, "town": "Ulm", "order": 1, "at": {"lat": 48.4, "is in": {"land": "DE"}}, "xs": [{"a": 1}]}]',
  'data/notes.md': 'none',
  'data/years/2024.parquet': '',
  'deep/people.csv': 'other\nx\n',
};
describe('completion in SQL', () => {
  let server: LanguageServerFixture;
  before(async () => {
    server = await LanguageServerFixture.start(FILES, {
      initializationOptions: { sessionKey: 'window', trusted: true },
      capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
    });
    await server.plugin('plugins/text.ts', (s) => s.state === 'loaded');
    server.open('q.sql', 'sql', '');
  });
  after(() => server.dispose());

  async function list(marked: string): Promise<CompletionList> {
    server.change('q.sql', marked.replace('|', ''));
    const found = await server.at<CompletionList>('completion', 'q.sql', marked);
    const items = found.items.sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
    return { ...found, items };
  }
  async function labels(marked: string): Promise<string[]> {
    return (await list(marked)).items.map(({ label }) => label);
  }
  /** The labels of columns, fields and names of the statement alone. */
  async function names(marked: string): Promise<string[]> {
    // Field, Variable and Struct of the protocol.
    return (await list(marked)).items
      .filter(({ kind }) => kind === 5 || kind === 6 || kind === 22)
      .map(({ label }) => label);
  }
  async function item(marked: string, label: string): Promise<CompletionItem> {
    const { items } = await list(marked);
    return (
      items.find((i) => i.label === label) ??
      assert.fail(`${label} is not among ${items.map((i) => i.label)}`)
    );
  }
  /** The text that results when the item is taken; `$0` is where one goes on. */
  async function taken(marked: string, label: string): Promise<string> {
    const { textEdit } = await item(marked, label);
    const { newText, range } = textEdit as TextEdit;
    const lines = marked.replace('|', '').split('\n');
    const at = ({ line, character }: { readonly line: number; readonly character: number }) =>
      lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, character);
    const text = lines.join('\n');
    return text.slice(0, at(range.start)) + newText + text.slice(at(range.end));
  }

  describe('offers columns', () => {
    for (const [marked, expected] of COLUMN_CASES) {
      it(marked, async () => assert.deepEqual(await names(marked), expected));
    }

    it('quoted where that is needed', async () => {
      assert.equal(await taken(`select t.| from ${TOWNS} t`, 'order'), `select t."order" from ${TOWNS} t`);
      assert.equal(await taken(`select "or|" from ${TOWNS} t`, 'order'), `select "order" from ${TOWNS} t`);
      assert.equal(await taken(`select na| from ${PEOPLE} t`, 'name'), `select name from ${PEOPLE} t`);
    });

    it('those first whose type fits', async () => {
      assert.equal((await names(`select upper(| from ${PEOPLE}`))[0], 'name');
      assert.equal((await names(`select * from ${PEOPLE} where born > |`))[0], 'born');
    });

    it('and conditions on columns of one name', async () => {
      const [first] = await labels(`select * from ${PEOPLE} p join ${TOWNS} t on |`);
      assert.equal(first, 'p.id = t.id');
    });

    it('with types', async () => {
      assert.equal((await item(`select | from ${PEOPLE} p`, 'born')).detail, 'DATE, p');
    });
  });

  describe('offers relations', () => {
    it('of the statement, the document and the session, and files', async () => {
      const made = 'create table made (a integer);\nwith a as (select 1), b as (select 2) select * from |';
      const found = await labels(made);
      assert.deepEqual(found.slice(0, 3), ['a', 'b', 'made']);
      assert(found.includes("'data/people.csv'") && found.includes('read_csv'));
      assert(!found.includes('lower') && !found.includes('where'));
    });

    it('by files whose names are typed', async () => {
      assert.equal(await taken('select * from peo|', "'data/people.csv'"), "select * from 'data/people.csv'");
    });
  });

  describe('offers files', () => {
    it('beside the document, those with data first', async () => {
      assert.deepEqual(await labels("select * from '|"), [
        'data/',
        'deep/',
        'plugins/',
        '**/*.csv',
        '**/*.json',
      ]);
      assert.deepEqual(await labels("select * from 'data/|'"), [
        'more.csv',
        'people.csv',
        'towns.json',
        'years/',
        '**/*.parquet',
        '*.csv',
        'notes.md',
      ]);
      assert.equal(await taken("select * from 'data/peo|'", 'people.csv'), "select * from 'data/people.csv'");
    });
    it('in functions that read, and nowhere else', async () => {
      assert.equal((await labels("from read_csv('data/|"))[0], 'more.csv');
      assert.equal((await labels('from read_csv(|'))[0], "'data/more.csv'");
      assert.equal((await labels("from read_csv(['data/people.csv', 'data/|"))[0], 'more.csv');
      assert.deepEqual(await labels("select * from t where x = 'data/|'"), []);
      assert.equal((await labels("copy t to 'data/|'"))[0], 'more.csv');
    });
    it('by patterns', async () => {
      assert.equal(await taken("from 'data/*|'", '*.csv'), "from 'data/*.csv'");
      assert.deepEqual((await labels("from '*/peo|'")).slice(0, 1), ['people.csv']);
    });
    it('from the folder of the document', async () => {
      server.open('deep/d.sql', 'sql', "select * from '");
      const { items } = await server.at<CompletionList>('completion', 'deep/d.sql', "select * from '|");
      assert.ok(items.some(({ label }) => label === 'people.csv'));
      server.close('deep/d.sql');
    });
  });

  describe('offers functions', () => {
    it('of plugins first, then common ones', async () => {
      const found = await labels('select |');
      const at = (label: string) => found.indexOf(label);
      assert(at('slug') >= 0 && at('slug') < at('count') && at('count') >= 0 && at('count') < at('case'));
      assert.equal((await list('select |')).isIncomplete, true);
      assert(found.length <= 200);
    });
    it('rare ones when they are typed', async () => {
      assert.ok((await labels('select jaro_w|')).includes('jaro_winkler_similarity'));
      assert.ok(
        (await labels('select lda|')).every((label) => label !== '__internal_compress_integral_ubigint'),
      );
    });
    it('with signature, and documentation when it is asked for', async () => {
      const slug = await item('select sl|', 'slug');
      assert.equal(slug.detail, 'slug(s VARCHAR) -> VARCHAR');
      const { documentation } = await server.rpc.sendRequest<CompletionItem>('completionItem/resolve', slug);
      assert.match(String(documentation), /^Lower-case words joined by hyphens\.\n\nFrom the plugin text\./);
      const lower = await item('select low|', 'lower');
      const resolved = await server.rpc.sendRequest<CompletionItem>('completionItem/resolve', lower);
      assert.match(String(resolved.documentation), /lower case/i);
    });
    it('with parentheses, unless they are there', async () => {
      assert.equal(await taken('select low|', 'lower'), 'select lower($0)');
      assert.equal(await taken("select low|('x')", 'lower'), "select lower('x')");
      assert.equal(await taken('select row_n|', 'row_number'), 'select row_number()$0');
    });
    it('that fit the clause', async () => {
      assert.ok((await labels('select su|')).includes('sum'));
      assert.ok((await labels('select unn|')).includes('unnest'));
      assert.ok(!(await labels('select * from t where su|')).includes('sum'));
      assert.ok((await labels(`select name.upp| from ${PEOPLE}`)).includes('upper'));
    });
    it('of the document', async () => {
      assert.ok((await labels('create macro twice(x) as 2 * x;\nselect tw|')).includes('twice'));
    });
    it('by what they take by name', async () => {
      assert.equal(await taken("from read_csv('x.csv', head|", 'header'), "from read_csv('x.csv', header = ");
      assert.deepEqual(
        (await labels("from read_csv('x.csv', header = |")).slice(0, 2),
        ['false', 'true'].sort().reverse(),
      );
      const after = await labels("from read_csv('x.csv', header = true, |");
      assert.ok(!after.includes('header') && after.includes('delim'));
    });
  });

  describe('offers keywords', () => {
    for (const [marked, some, none] of KEYWORD_CASES) {
      it(marked, async () => {
        const found = await labels(marked);
        assert.deepEqual(
          some.filter((label) => !found.includes(label)),
          [],
          `missing in ${found.slice(0, 40)}`,
        );
        assert.deepEqual(
          none.filter((label) => found.includes(label)),
          [],
          'too much',
        );
      });
    }

    it('in the case of the text', async () => {
      assert.ok((await labels(`SELECT * FROM ${PEOPLE} |`)).includes('WHERE'));
      assert.ok((await labels(`SELECT * FROM ${PEOPLE} wh|`)).includes('where'));
      assert.ok((await labels(`select * from ${PEOPLE} WH|`)).includes('WHERE'));
    });
  });

  describe('offers what else the engine knows', () => {
    it('types', async () => {
      assert.deepEqual((await labels('select 1::|')).slice(0, 2), ['varchar', 'integer']);
      assert.ok((await labels('select cast(1 as huge|')).includes('hugeint'));
      assert.ok((await labels('create table t (a dou|')).includes('double'));
      assert.deepEqual((await labels("create type mood as enum ('fine');\nselect 'fine'::|")).slice(0, 1), [
        'mood',
      ]);
    });
    it('settings with their values', async () => {
      const order = await item('set preserve|', 'preserve_insertion_order');
      assert.equal(order.detail, 'true (BOOLEAN)');
      assert.notEqual(order.documentation, undefined);
      assert.deepEqual((await labels('set preserve_insertion_order = |')).sort(), ['false', 'true']);
      assert.ok((await labels('reset thr|')).includes('threads'));
      assert.ok((await labels('pragma database_l|')).includes('database_list'));
    });
    it('parameters of the document', async () => {
      assert.deepEqual(await labels('select $first, $second;\nselect $|'), ['$first', '$second']);
    });
    it('parts of dates', async () => {
      assert.equal((await labels("select date_trunc('mo|"))[0], 'month');
    });
    it('shapes of statements', async () => {
      assert.match(await taken('|', 'with … as (…)'), /^with \$\{1:name\} as \(/);
    });
  });

  it('offers nothing in comments, numbers and new names', async () => {
    for (const marked of [
      'select 1 -- note |',
      '-- note |\nselect 1',
      '/* | */ select 1',
      'select 1;\n-- a |\nselect 2',
      'select 12|',
      'select 1 as |',
    ]) {
      assert.deepEqual(await labels(marked), [], marked);
    }
  });

  it('takes up the tables of a run, in their schemas', async () => {
    const host = await server.host();
    const { session } = await host.request('sql/open', {
      folder: server.folder,
      allow: [],
      namespace: server.folder,
      key: sessionKeyFor('window', server.folder),
    });
    const sql = `create schema s; create table s.inner_one (a int, "B c" int); create view top as select 1 as one;
      attach ':memory:' as other; create table other.far (z int);
      create temp table scratch (n int); create temp view glance as select 1 as one;
      create temp macro thrice(x, times := 3) as x * times; create temp macro some_rows(n) as table from range(n)`;
    await host.request('sql/run', { session, sql });
    host.dispose();
    await eventually('the new tables', async () =>
      (await labels('from |')).includes('top') ? true : undefined,
    );
    const found = await labels('from |');
    assert.deepEqual(
      ['s.inner_one', 's', 'other', 'other.far'].filter((label) => !found.includes(label)),
      [],
    );
    for (const name of ['scratch', 'glance', 'some_rows'])
      assert.ok((await labels(`from ${name.slice(0, 4)}|`)).includes(name), name);
    assert.ok((await labels('select thr|')).includes('thrice'));
    assert.deepEqual(await names('select scratch.| from scratch'), ['n']);
    assert.deepEqual(await names('select r.| from some_rows(2) r'), ['range']);
    server.change('q.sql', 'select thrice(1)');
    const shown = await server.at<{ contents: { value: string } }>('hover', 'q.sql', 'select thr|ice(1)');
    assert.match(shown.contents.value, /thrice\(x, times\)/);
    assert.deepEqual(await labels('from s.|'), ['inner_one']);
    assert.deepEqual(await labels('from other.|'), ['far', 'main']);
    assert.deepEqual(await labels('from other.main.|'), ['far']);
    assert.deepEqual(await names('select inner_one.| from s.inner_one'), ['a', 'B c']);
    assert.deepEqual(await names('select top.| from top'), ['one']);
    assert.deepEqual(await names('alter table s.inner_one drop column |'), ['a', 'B c']);
  });
});
