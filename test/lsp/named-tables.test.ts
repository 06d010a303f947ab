import assert from 'node:assert/strict';
import type { CompletionList, Hover, Location } from 'vscode-languageserver';
import { LanguageServerFixture } from '../support/language-server.ts';

const FILE = `{
  "tables": {
    "movies": {
      "path": "data/movies.csv", "options": { "delim": ";" }, "columns": { "code": "VARCHAR" },
      "description": "Films, by code."
    },
    "with space": { "path": "data/movies.csv" }
  }
}
`;
const FAULTY = `{
  "tables": {
    "a": { "path": "data/movies.csv", "options": { "delimx": ";" } },
    "b": { "path": "data/movies.csv", "columns": { "code": "INTEGR" } },
    "c": { "path": "data/notes.md" },
    "d": { "path": "data/movies.csv", "options": { "delim": ";" }, "columns": { "title": "VARCHAR" } },
    "e": { "path": "data/gone.csv" }
  }
}
`;

describe('tables of quern.json in the language server', () => {
  let server: LanguageServerFixture;
  before(async () => {
    server = await LanguageServerFixture.start({
      'quern.json': FILE,
      'data/movies.csv': 'title;code\nHeat;007\n',
      'data/notes.md': 'none',
    });
    server.open('q.sql', 'sql', 'select 1;');
    await server.diagnostics('q.sql');
  });
  after(() => server.dispose());

  const change = (marked: string) => server.change('q.sql', marked.replace('|', ''));

  it('are completed as relations, with their description, and quoted where they must be', async () => {
    const marked = 'select * from |';
    change(marked);
    const { items } = await server.at<CompletionList>('completion', 'q.sql', marked);
    const found = items.filter(({ detail }) => detail === 'table of quern.json');
    assert.deepEqual(
      found.map(({ label, textEdit, documentation }) => [label, textEdit?.newText, documentation]),
      [
        ['movies', 'movies', 'Films, by code.'],
        ['with space', '"with space"', undefined],
      ],
    );
    const written = 'insert into |';
    change(written);
    const offered = await server.at<CompletionList>('completion', 'q.sql', written);
    assert(!offered.items.some(({ label }) => label === 'movies'));
  });

  it('have their columns completed', async () => {
    const marked = 'select m.| from movies m';
    change(marked);
    const { items } = await server.at<CompletionList>('completion', 'q.sql', marked);
    const columns = items.filter(({ label }) => /^(title|code)$/.test(label));
    assert.deepEqual(columns.map(({ label, detail }) => `${label} ${detail}`).sort(), [
      'code VARCHAR, m',
      'title VARCHAR, m',
    ]);
  });

  it('are shown on hover with their columns, their description and their files', async () => {
    const marked = 'select * from mov|ies';
    change(marked);
    const hover = await server.at<Hover>('hover', 'q.sql', marked);
    const text = (hover.contents as { readonly value: string }).value;
    assert.match(text, /movies\n {2}title VARCHAR\n {2}code VARCHAR/);
    assert.match(text, /Films, by code\./);
    assert.match(text, /From quern\.json: .*data\/movies\.csv\./);
  });

  it('are defined by their entry', async () => {
    const marked = 'select * from "WITH sp|ace"';
    change(marked);
    const place = await server.at<Location>('definition', 'q.sql', marked);
    assert.deepEqual(place, {
      uri: server.uri('quern.json'),
      range: { start: { line: 6, character: 4 }, end: { line: 6, character: 16 } },
    });
  });

  it('are known to the checks, which follow a change of the file', async () => {
    change('select code, title from movies; select nope from movies; from films;');
    const found = await server.diagnostics('q.sql', (d) => d.length === 2);
    assert.deepEqual(
      found.map(({ message }) => /"(\w+)"|name (\w+)/.exec(message)?.slice(1).find(Boolean)),
      ['nope', 'films'],
    );
    server.write('quern.json', FILE.replace('"with space"', '"films"'));
    const changes = [{ uri: server.uri('quern.json'), type: 2 }];
    void server.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes });
    await server.diagnostics('q.sql', (d) => d.length === 1);
  });

  it('are checked in quern.json itself, at the member that is wrong', async () => {
    server.open('quern.json', 'json', FAULTY);
    const found = await server.diagnostics('quern.json', (d) => d.length >= 4);
    const lines = FAULTY.split('\n');
    assert.deepEqual(
      found.map(({ code, range: { start, end } }) => [
        code,
        (lines[start.line] ?? '').slice(start.character, end.character),
      ]),
      [
        ['workspace-reference', '"data/gone.csv"'],
        ['workspace-table', '";"'],
        ['workspace-table', '"INTEGR"'],
        ['workspace-table', '"data/notes.md"'],
      ],
    );
  });
});
