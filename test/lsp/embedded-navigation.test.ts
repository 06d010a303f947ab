// biome-ignore-all lint/suspicious/noTemplateCurlyInString: holes of templates are what it is about
import assert from 'node:assert/strict';
import type {
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  Range,
  SelectionRange,
  SemanticTokens,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { LSP_STATEMENTS, type StatementsResult } from '../../wasm-core/protocol/lsp.ts';
import { LanguageServerFixture } from '../support/language-server.ts';

const MARKDOWN = `# Days

\`\`\`sql
-- name: first days
with early as (
  select day from 'days.csv'
)
select day from early;
\`\`\`

select nothing;

\`\`\`sql
create temp table kept as select 1 as one;
select one from kept;
\`\`\`
`;
const PROGRAM = "const a = sql`select day from 'days.csv' where day = ${id}`;\nsql`select 2`;\n";

describe('moving through SQL inside other documents', function () {
  this.timeout(60_000);
  let lsp: LanguageServerFixture;

  before(async () => {
    lsp = await LanguageServerFixture.start({ 'days.csv': 'day,amount\n1,2\n' });
    lsp.open('a.md', 'markdown', MARKDOWN);
    lsp.open('a.ts', 'typescript', PROGRAM);
  });
  after(() => lsp.dispose());

  function ofDocument<T>(method: string, name: string, more: object = {}): Promise<T> {
    return lsp.request<T>(method, { textDocument: { uri: lsp.uri(name) }, ...more });
  }

  it('lists its statements, and nothing of the prose', async () => {
    const symbols = await ofDocument<DocumentSymbol[]>('documentSymbol', 'a.md');
    assert.deepEqual(
      symbols.map(({ name, range }) => [name, range.start.line]),
      [
        ['first days', 4],
        ['create temp table kept as select 1 as one', 13],
        ['select one from kept', 14],
      ],
    );
    assert.deepEqual(
      symbols[0]?.children?.map(({ name }) => name),
      ['early'],
    );
    const names = (await ofDocument<DocumentSymbol[]>('documentSymbol', 'a.ts')).map(({ name }) => name);
    assert.equal(names.length, 2);
    assert.equal(names[1], 'select 2');
  });

  it('folds, selects and links', async () => {
    const folds = await ofDocument<FoldingRange[]>('foldingRange', 'a.md');
    assert.deepEqual(
      folds.map(({ startLine, endLine }) => [startLine, endLine]),
      [[4, 7]],
    );
    const links = await ofDocument<DocumentLink[]>('documentLink', 'a.md');
    assert.deepEqual(
      links.map(({ target }) => target),
      [lsp.uri('days.csv')],
    );
    const at = (line: number, character: number) =>
      ofDocument<SelectionRange[]>('selectionRange', 'a.md', { positions: [{ line, character }] });
    assert.equal(textAt(MARKDOWN, (await at(7, 8))[0]?.range), 'day');
    assert.deepEqual(await at(10, 3), []);
  });

  it('colours names in Markdown, and leaves the colours of programs to their own language', async () => {
    const { data } = await ofDocument<SemanticTokens>('semanticTokens/full', 'a.md');
    assert.ok(data.length > 0);
    assert.equal(data[0], MARKDOWN.split('\n').indexOf('with early as ('));
    assert.equal(await ofDocument('semanticTokens/full', 'a.ts'), null);
    const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
    assert.equal(await ofDocument('semanticTokens/range', 'a.ts', { range }), null);
  });

  it('finds definitions and references across the blocks of a document', async () => {
    const marked = MARKDOWN.replace('one from kept', 'one from k|ept');
    const definition = await lsp.at<Location | null>('definition', 'a.md', marked);
    assert.equal(textAt(MARKDOWN, definition?.range), 'kept');
    assert.equal(definition?.range.start.line, 13);
    const context = { includeDeclaration: true };
    const found = await lsp.at<Location[]>('references', 'a.md', marked, { context });
    assert.deepEqual(
      found.map(({ range }) => range.start.line),
      [13, 14],
    );
  });

  it('renames in the document around it', async () => {
    const marked = MARKDOWN.replace('from early', 'from ear|ly');
    const edit = await lsp.at<WorkspaceEdit>('rename', 'a.md', marked, { newName: 'soon' });
    assert.deepEqual(
      edit.changes?.[lsp.uri('a.md')]?.map(({ range, newText }) => [textAt(MARKDOWN, range), newText]),
      [
        ['early', 'soon'],
        ['early', 'soon'],
      ],
    );
  });

  it('says nothing inside of what a program puts in', async () => {
    const marked = PROGRAM.replace('${id}', '${i|d}');
    assert.equal(await lsp.at<Hover | null>('hover', 'a.ts', marked), null);
    assert.equal(await lsp.at('prepareRename', 'a.ts', marked), null);
    assert.deepEqual(await lsp.at('completion', 'a.ts', marked), []);
  });

  it('tells which statements may run', async () => {
    const program = await lsp.rpc.sendRequest<StatementsResult>(LSP_STATEMENTS, { uri: lsp.uri('a.ts') });
    assert.equal(program.version, 1);
    assert.deepEqual(
      program.texts.map(({ statements }) => statements.map(({ isRunnable }) => isRunnable)),
      [[false], [true]],
    );
    const notes = await lsp.rpc.sendRequest<StatementsResult>(LSP_STATEMENTS, { uri: lsp.uri('a.md') });
    assert.deepEqual(
      notes.texts.map(({ parts, statements }) => [parts.length, statements.length]),
      [[2, 3]],
    );
    const none = await lsp.rpc.sendRequest<StatementsResult>(LSP_STATEMENTS, { uri: lsp.uri('none.md') });
    assert.deepEqual(none, { texts: [] });
  });
});

/** The text of a range on one line. */
function textAt(text: string, range: Range | undefined): string | undefined {
  return range && text.split('\n')[range.start.line]?.slice(range.start.character, range.end.character);
}
