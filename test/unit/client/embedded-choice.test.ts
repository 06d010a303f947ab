import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  embeddedChoice,
  embeddedStatementAt,
  isInSql,
  type Reach,
} from '../../../client/run/embedded-choice.ts';
import { embeddedText } from '../../../server/embedded/embedded-statements.ts';
import { sqlInside } from '../../../server/embedded/sql-documents.ts';
import type { EmbeddedText } from '../../../wasm-core/protocol/lsp.ts';
import { splitStatements } from '../../../wasm-core/protocol/statements.ts';

/** The SQL that the server finds in a text. */
function textsIn(text: string, languageId: string): EmbeddedText[] {
  const document = TextDocument.create('file:///a', languageId, 1, text);
  return sqlInside(document).map((sql) => embeddedText(sql, splitStatements(sql.document.getText())));
}

/** What would run, with `|` for the cursor, or two of them around a selection. */
function choose(marked: string, { languageId = 'markdown', reach = 'one' as Reach } = {}): string[] {
  const [before = '', ...more] = marked.split('|');
  const text = marked.replaceAll('|', '');
  const from = before.length;
  const to = more.length > 1 ? from + (more[0]?.length ?? 0) : from;
  return embeddedChoice(textsIn(text, languageId), { from, to }, reach).map((piece) =>
    text.slice(piece.from, piece.end).trim(),
  );
}

const NOTES =
  '# A\n-- @limit 1\n\n```sql\nselect 1;\nselect 2;\n```\nword\n\n```sql\n-- @limit 3\nselect 3\n```\n';

describe('what runs at the cursor in a document of another language', () => {
  it('is the statement that the cursor is in or behind', () => {
    assert.deepEqual(choose(NOTES.replace('select 2', 'sel|ect 2')), [';\nselect 2']);
    assert.deepEqual(choose(NOTES.replace('select 1;', 'select 1;|')), ['select 1']);
    assert.deepEqual(choose(NOTES.replace('select 1', '|select 1')), ['select 1']);
  });

  it('has the directives of its own part above it, and none of the prose', () => {
    assert.deepEqual(choose(NOTES.replace('select 3', 'select| 3')), ['-- @limit 3\nselect 3']);
    assert.deepEqual(choose(NOTES.replace('select 1', 'select| 1')), ['select 1']);
  });

  it('is with those above it all that Markdown has until there', () => {
    const marked = NOTES.replace('select 3', 'select| 3');
    assert.deepEqual(choose(marked, { reach: 'above' }), [
      'select 1',
      ';\nselect 2',
      '-- @limit 3\nselect 3',
    ]);
  });

  it('is in a program of the same string alone', () => {
    const program = 'sql`select 1`; sql`select 2; sel|ect 3`';
    const options = { languageId: 'typescript', reach: 'above' } as const;
    assert.deepEqual(choose(program, options), ['select 2', '; select 3']);
  });

  it('is every statement that a selection touches', () => {
    assert.deepEqual(choose(NOTES.replace('1;\nselect', '|1;\nsel|ect')), ['select 1', ';\nselect 2']);
  });

  it('is refused where no SQL is', () => {
    assert.throws(() => choose(NOTES.replace('word', 'wo|rd')), { kind: 'REQUEST_INVALID' });
    assert.throws(() => choose('wo|rd'), { kind: 'REQUEST_INVALID' });
  });

  it('is refused where the program puts something in', () => {
    const options = { languageId: 'typescript' };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a hole of the template
    assert.throws(() => choose('sql`select| ${x}`', options), { kind: 'REQUEST_INVALID' });
  });

  it('is what begins where a lens says', () => {
    const texts = textsIn(NOTES, 'markdown');
    const start = NOTES.indexOf('select 2');
    assert.deepEqual(
      embeddedStatementAt(texts, start, 'above')?.map((piece) => piece.start),
      [NOTES.indexOf('select 1'), start],
    );
    assert.equal(embeddedStatementAt(texts, start + 1, 'one'), undefined);
    assert.equal(isInSql(texts, start), true);
    assert.equal(isInSql(texts, 1), false);
  });
});
