import assert from 'node:assert/strict';
import type {
  CodeAction,
  CodeLens,
  CompletionList,
  DocumentSymbol,
  Hover,
  Location,
  SignatureHelp,
} from 'vscode-languageserver';
import { RUN_STATEMENT_COMMAND, type RunTarget, sessionKeyFor } from '../../wasm-core/protocol/lsp.ts';
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
    server.change('q.sql', marked.replace('|', ''));
    const { items } = await server.at<CompletionList>('completion', 'q.sql', marked);
    return items.map((item) => item.label);
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
        ['$(play) Run', 'Explain', 'Benchmark', '$(play) Run', 'Run Above', 'Explain', 'Benchmark'],
      );
      assert.deepEqual(
        lenses.filter((l) => l.command?.command === RUN_STATEMENT_COMMAND).map((l) => l.range.start),
        [
          { line: 1, character: 0 },
          { line: 3, character: 10 },
        ],
      );
      for (const lens of lenses.slice(3)) {
        const target = lens.command?.arguments?.[0] as RunTarget;
        assert.deepEqual(target, {
          uri: server.uri('q.sql'),
          version,
          start: 32,
          end: 40,
          statementIndex: 1,
        });
      }
    });

    it('offer to explain and to measure queries alone, and have names', async () => {
      server.change(
        'q.sql',
        '-- name: new table\ncreate table t (x int);\nwith a as (select 1) insert into t from a',
      );
      const textDocument = { uri: server.uri('q.sql') };
      const lenses = await server.request<CodeLens[]>('codeLens', { textDocument });
      assert.deepEqual(
        lenses.map((l) => l.command?.title),
        ['$(play) Run new table', '$(play) Run', 'Run Above'],
      );
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

    it('move with their statements, and follow what these depend on', async () => {
      const text = 'create table shop (id int);\nselect price from shop;\nselect nope';
      assert.deepEqual(await squiggles(text, 2), ['SQL_BIND price', 'SQL_BIND nope']);
      assert.deepEqual(await squiggles(`-- more\n\n${text}`, 2), ['SQL_BIND price', 'SQL_BIND nope']);
      assert.deepEqual(await squiggles(text.replace('id', 'price'), 1), ['SQL_BIND nope']);
    });

    it('come for all of a long file, the top first', async () => {
      const text = Array.from({ length: 150 }, (_, i) => `select nope${i};`).join('\n');
      const found = await squiggles(text, 150);
      assert.deepEqual([found[0], found[149]], ['SQL_BIND nope0', 'SQL_BIND nope149']);
    });

    it('go when a run has made what was missing, without an edit', async () => {
      server.change('q.sql', 'select * from made_later');
      await server.diagnostics('q.sql', (d) => d.length === 1);
      const host = await server.host();
      const { session } = await host.request('sql/open', {
        folder: server.folder,
        allow: [],
        namespace: server.folder,
        key: sessionKeyFor('window', server.folder),
      });
      await host.request('sql/run', { session, sql: 'create table made_later as select 1 as one' });
      await server.diagnostics('q.sql', (d) => d.length === 0);
      host.dispose();
    });

    it('follow a data file that changed', async () => {
      server.write('data/new.csv', 'a,b\n1,2\n');
      server.change('q.sql', "select c from 'data/new.csv'");
      await server.diagnostics('q.sql', (d) => d.length === 1);
      server.write('data/new.csv', 'a,c\n1,2\n');
      const changes = [{ uri: server.uri('data/new.csv'), type: 2 }];
      void server.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes });
      await server.diagnostics('q.sql', (d) => d.length === 0);
      server.remove('data/new.csv');
      void server.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes });
      await server.diagnostics('q.sql', (d) => d[0]?.code === 'FILE_NOT_FOUND');
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
      await eventually('the columns of the new table', async () =>
        (await complete('select | from made_by_run')).includes('one') ? true : undefined,
      );
      host.dispose();
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
      assert.match(
        (await hover("select p.bo|rn from 'data/people.csv' p")) ?? '',
        /born DATE\n```\n\nColumn of `'data\/people.csv'`/,
      );
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

describe('a language server that has no SQL to serve', () => {
  it('starts no host', async () => {
    const server = await LanguageServerFixture.start({ 'a.txt': '', 'data/people.csv': PEOPLE });
    try {
      // Whatever it would do at its start, it has done when it answers this.
      await server.rpc.sendRequest('quern/settled', { sql: '' });
      server.open('a.txt', 'plaintext', 'text');
      await server.rpc.sendRequest('quern/settled', { sql: '' });
      assert.deepEqual(server.hostStates, []);
      await assert.rejects(server.host());
      server.open('q.sql', 'sql', 'select nope');
      await server.diagnostics('q.sql', (d) => d.length === 1);
      assert.deepEqual(server.hostStates, [true]);
    } finally {
      await server.dispose();
    }
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
