import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  DocumentSymbol,
  Hover,
  Location,
  SignatureHelp,
} from 'vscode-languageserver';
import { RUN_STATEMENT_COMMAND, type RunTarget, sessionKeyFor } from '../../wasm-core/protocol/lsp.ts';
import { LanguageServerFixture } from '../support/language-server.ts';

const TEXT_PLUGIN = `/**
 * Lower-case words joined by hyphens.
 * @udf
 */
export function slug(s: string): string {
  return s.toLowerCase();
}
`;
const PEOPLE = 'id,name,born\n1,Ada,1815-12-10\n2,Alan,1912-06-23\n';

describe('SQL in the language server', () => {
  let server: LanguageServerFixture;
  before(async () => {
    server = await LanguageServerFixture.start(
      {
        'plugins/text.ts': TEXT_PLUGIN,
        'data/people.csv': PEOPLE,
        'deep/people.csv': 'other\nx\n',
        'data/towns.json': '[{"town": "Ulm", "order": 1}]',
      },
      { initializationOptions: { sessionKey: 'window', trusted: true } },
    );
    await server.plugin('plugins/text.ts', (s) => s.state === 'loaded');
    server.open('q.sql', 'sql', '');
  });
  after(() => server.dispose());

  /** The labels that completion offers at `|`. */
  async function complete(marked: string): Promise<string[]> {
    return (await items(marked)).map((item) => item.label);
  }
  async function items(marked: string): Promise<CompletionItem[]> {
    server.change('q.sql', marked.replace('|', ''));
    const found = await server.at<CompletionItem[]>('completion', 'q.sql', marked);
    return found.sort((a, b) => (a.sortText ?? '').localeCompare(b.sortText ?? ''));
  }
  async function hover(marked: string): Promise<string | undefined> {
    server.change('q.sql', marked.replace('|', ''));
    const found = await server.at<Hover | null>('hover', 'q.sql', marked);
    return found === null ? undefined : (found.contents as { value: string }).value;
  }

  describe('lenses', () => {
    it('stand above each statement and carry what a click needs', async () => {
      const text = "-- first\nselect ';';\n\n/* two */ select 2";
      const version = server.change('q.sql', text);
      const lenses = await server.request<CodeLens[]>('codeLens', {
        textDocument: { uri: server.uri('q.sql') },
      });
      assert.deepEqual(
        lenses.map((l) => l.command?.title),
        ['$(play) Run', '$(play) Run'],
      );
      assert.deepEqual(
        lenses.map((l) => l.range.start),
        [
          { line: 1, character: 0 },
          { line: 3, character: 10 },
        ],
      );
      assert.equal(lenses[1]?.command?.command, RUN_STATEMENT_COMMAND);
      const target = lenses[1]?.command?.arguments?.[0] as RunTarget;
      assert.deepEqual(target, { uri: server.uri('q.sql'), version, start: 32, end: 40, statementIndex: 1 });
    });
  });

  describe('diagnostics', () => {
    /** What is under the squiggles of a text, with the codes. */
    async function squiggles(text: string, count = 1): Promise<string[]> {
      server.change('q.sql', text);
      const found = await server.diagnostics('q.sql', (d) => d.length === count);
      const lines = text.split('\n');
      return found.map(({ range, code }) => {
        const line = lines[range.start.line] ?? '';
        return `${code} ${line.slice(range.start.character, range.end.character)}`;
      });
    }

    it('stand at the very word', async () => {
      assert.deepEqual(await squiggles("select id, nme\nfrom 'data/people.csv'"), ['SQL_BIND nme']);
      assert.deepEqual(await squiggles('select 1;\nselec 2;'), ['SQL_PARSE selec']);
      assert.deepEqual(await squiggles("select 'é😀', slugg('x')"), ['SQL_BIND slugg']);
    });

    it('are told of each statement on its own', async () => {
      const text = "select a;\nselect name from 'data/people.csv';\nselect * from nowhere;";
      assert.deepEqual(await squiggles(text, 2), ['SQL_BIND a', 'SQL_BIND nowhere']);
    });

    it('go when the text is right', async () => {
      assert.deepEqual(
        await squiggles("select slug(name) from 'data/people.csv' where born < '1900-01-01'", 0),
        [],
      );
    });

    it('find files from the folder of the document', async () => {
      server.open('deep/d.sql', 'sql', "select other from 'people.csv'");
      assert.deepEqual(await server.diagnostics('deep/d.sql'), []);
      server.change('deep/d.sql', "select name from 'people.csv'");
      const [error] = await server.diagnostics('deep/d.sql', (d) => d.length > 0);
      assert.deepEqual(error?.range.start, { line: 0, character: 7 });
      server.close('deep/d.sql');
      assert.deepEqual(await server.diagnostics('deep/d.sql', (d) => d.length === 0), []);
    });

    it('tell a missing file', async () => {
      assert.deepEqual(await squiggles("select * from 'data/nobody.csv'"), [
        "FILE_NOT_FOUND 'data/nobody.csv'",
      ]);
    });

    it('know the functions of a plugin as soon as it is saved', async () => {
      const text = "select shout('x')";
      assert.deepEqual(await squiggles(text), ['SQL_BIND shout']);
      server.open('plugins/text.ts', 'typescript', TEXT_PLUGIN);
      const more = `${TEXT_PLUGIN}\n/** @udf */\nexport function shout(s: string): string { return s; }\n`;
      server.change('plugins/text.ts', more);
      server.save('plugins/text.ts', more);
      await server.diagnostics('q.sql', (d) => d.length === 0);
    });

    it('offer what the engine thinks was meant', async () => {
      server.change('q.sql', "select nmae from 'data/people.csv'");
      const diagnostics = await server.diagnostics('q.sql', (d) => d.length > 0);
      const actions = await server.request<CodeAction[]>('codeAction', {
        textDocument: { uri: server.uri('q.sql') },
        range: diagnostics[0]?.range,
        context: { diagnostics },
      });
      assert.equal(actions[0]?.title, 'Change to name');
      assert.deepEqual(actions[0]?.edit?.changes?.[server.uri('q.sql')], [
        { range: diagnostics[0]?.range, newText: 'name' },
      ]);
    });

    it('see the tables that a run of the same window made', async () => {
      server.change('q.sql', 'select * from made_by_run');
      await server.diagnostics('q.sql', (d) => d.length === 1);
      const host = await server.host();
      const { session } = await host.request('sql/open', {
        folder: server.folder,
        allow: [],
        namespace: server.folder,
        key: sessionKeyFor('window', server.folder),
      });
      await host.request('sql/run', { session, sql: 'create table made_by_run as select 1 as one' });
      server.change('q.sql', 'select one from made_by_run');
      await server.diagnostics('q.sql', (d) => d.length === 0);
      await sleep(1_100);
      assert.deepEqual((await complete('select | from made_by_run')).slice(0, 2), ['one', 'made_by_run']);
      host.dispose();
    });
  });

  describe('completion', () => {
    it('offers the columns in scope first, then plugin functions', async () => {
      const labels = await complete("select | from 'data/people.csv'");
      assert.deepEqual(labels.slice(0, 3), ['id', 'name', 'born']);
      const plugin = labels.indexOf('slug');
      assert(
        plugin > 0 && plugin < labels.indexOf('lower') && labels.indexOf('lower') < labels.indexOf('select'),
      );
    });

    it('works while the statement does not parse', async () => {
      const marked = "select id, from 'data/people.csv' p where na| and";
      assert.deepEqual((await complete(marked)).slice(0, 3), ['id', 'name', 'born']);
      assert.deepEqual((await complete("select name\nfrom 'data/people.csv'\nwhere |")).slice(0, 3), [
        'id',
        'name',
        'born',
      ]);
    });

    it('offers the columns of an alias behind its dot', async () => {
      const from = "from 'data/people.csv' p join 'data/towns.json' as t on true";
      assert.deepEqual(await complete(`select p.| ${from}`), ['id', 'name', 'born']);
      assert.deepEqual(await complete(`select t.to| ${from}`), ['town', 'order']);
      assert.deepEqual(await complete(`select x.| ${from}`), []);
    });

    it('quotes a column that is a keyword', async () => {
      const [, order] = await items("select t.| from 'data/towns.json' t");
      assert.equal(order?.insertText, '"order"');
      assert.equal(order?.label, 'order');
    });

    it('knows subqueries and common tables', async () => {
      assert.deepEqual(await complete("select s.| from (select id + 1 as next from 'data/people.csv') s"), [
        'next',
      ]);
      const cte = "with a as (select id as one from 'data/people.csv'), b as (select one, 2 as two from a)";
      assert.deepEqual(await complete(`${cte} select b.| from b`), ['one', 'two']);
      assert.deepEqual((await complete(`${cte} select * from |`)).slice(0, 2), ['a', 'b']);
      const inner = "select (select | from 'data/towns.json' t) from 'data/people.csv' p";
      assert.deepEqual((await complete(inner)).slice(0, 2).sort(), ['id', 'town']);
    });

    it('offers files inside a string', async () => {
      assert.deepEqual(await complete("select * from 'data/|'"), ['people.csv', 'towns.json']);
      assert.deepEqual(await complete("select * from '|"), ['data/', 'deep/', 'plugins/']);
    });

    it('shows signature and documentation', async () => {
      const slug = (await items('select sl|')).find((item) => item.label === 'slug');
      assert.equal(slug?.detail, 'slug(s VARCHAR) -> VARCHAR');
      assert.match(String(slug?.documentation), /^Lower-case words joined by hyphens\./);
    });

    it('offers nothing in a comment', async () => {
      assert.deepEqual(await complete('select 1 -- note |'), []);
      assert.deepEqual(await complete('/* | */ select 1'), []);
    });
  });

  describe('hover', () => {
    it('shows a plugin function with its documentation and source', async () => {
      const text = await hover("select sl|ug('x')");
      assert.match(text ?? '', /```sql\nslug\(s VARCHAR\) -> VARCHAR\n```/);
      assert.match(text ?? '', /Lower-case words joined by hyphens/);
      assert.match(text ?? '', /\[text\.ts\]\(file:.*text\.ts#L5\)/);
    });

    it("shows the engine's functions", async () => {
      assert.match((await hover("select low|er('x')")) ?? '', /lower\(VARCHAR\) -> VARCHAR/i);
    });

    it('shows the type of a column', async () => {
      assert.match((await hover("select p.bo|rn from 'data/people.csv' p")) ?? '', /born DATE -- of p/);
      assert.match((await hover("select i|d from 'data/people.csv'")) ?? '', /id BIGINT/);
    });

    it('is silent about what it does not know', async () => {
      assert.equal(await hover('select 12|3'), undefined);
      assert.equal(await hover("select no_such_fun|ction('x')"), undefined);
    });
  });

  it('helps with signatures', async () => {
    const marked = "select slug(lower('a, b'), |";
    server.change('q.sql', marked.replace('|', ''));
    const help = await server.at<SignatureHelp>('signatureHelp', 'q.sql', marked);
    assert.equal(help.signatures[0]?.label, 'slug(s VARCHAR) -> VARCHAR');
    assert.equal(help.activeParameter, 1);
    server.change('q.sql', 'select round(1.5, ');
    const round = await server.at<SignatureHelp>('signatureHelp', 'q.sql', 'select round(1.5, |');
    const active = round.signatures[round.activeSignature ?? 0];
    assert.match(active?.label ?? '', /^round\(\w+.*, INTEGER\)/);
    assert.equal(active?.parameters?.length, 2);
  });

  it('goes from a call to the source of the plugin', async () => {
    server.change('q.sql', "select slug('x')");
    const location = await server.at<Location>('definition', 'q.sql', "select sl|ug('x')");
    assert.equal(location.uri, server.uri('plugins/text.ts'));
    assert.deepEqual(location.range, { start: { line: 4, character: 16 }, end: { line: 4, character: 20 } });
  });

  it('outlines statements', async () => {
    server.change('q.sql', "select  lower('a'), -- one\n 1;\n\ncreate table t (a int)");
    const symbols = await server.request<DocumentSymbol[]>('documentSymbol', {
      textDocument: { uri: server.uri('q.sql') },
    });
    assert.deepEqual(
      symbols.map((s) => s.name),
      ["select lower('a'), 1", 'create table t (a int)'],
    );
  });
});

describe('a language server without its own client', () => {
  it('serves documents before there is a workspace folder', async () => {
    const files = { 'plugins/text.ts': TEXT_PLUGIN, 'people.csv': PEOPLE };
    const server = await LanguageServerFixture.start(files, { withoutFolder: true });
    try {
      server.open('q.sql', 'sql', "select slug(nam) from 'people.csv'");
      const [error] = await server.diagnostics('q.sql', (d) => d[0]?.message.includes('nam') === true);
      assert.deepEqual(error?.range.start, { line: 0, character: 12 });
      server.change('q.sql', "select slug(name) from 'people.csv'");
      await server.diagnostics('q.sql', (d) => d.length === 0);
    } finally {
      await server.dispose();
    }
  });
});
