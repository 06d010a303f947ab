import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { saysTheSame } from '../../../server/sql/navigation/format-check.ts';
import {
  type FormatStyle,
  formatStatements,
  formatTyped,
} from '../../../server/sql/navigation/formatting.ts';
import { DocumentSyntaxes } from '../../../server/sql/syntax/document-syntax.ts';
import { parseStatement } from '../../../server/sql/syntax/parse-statement.ts';
import { splitStatements } from '../../../wasm-core/protocol/statements.ts';
import { readProjectFile } from '../../support/project.ts';
import { projectFiles } from '../../support/sources.ts';

const STYLE: FormatStyle = { indentation: { tabSize: 2, insertSpaces: true }, keywordCase: 'preserve' };

async function format(
  text: string,
  style: Partial<FormatStyle> = {},
  part?: { start: number; end: number },
): Promise<string> {
  const document = TextDocument.create('file:///q.sql', 'sql', 1, text);
  const statements = new DocumentSyntaxes().of(document);
  const edits = await formatStatements(document, statements, {
    style: { ...STYLE, ...style },
    ...(part && { part }),
  });
  return TextDocument.applyEdits(document, edits);
}

function same(before: string, after: string): boolean {
  return saysTheSame(parseStatement(before), after);
}

/** What a text says: the tokens of its statements without space, comments included. */
function told(text: string): string[] {
  return splitStatements(text).map(({ start, end }) => text.slice(start, end).replace(/\s+/g, ''));
}

describe('formatting SQL', () => {
  it('lays a statement out, and leaves what is between statements as it is', async () => {
    assert.equal(
      await format('-- a\nselect a,b from t where x=1 and y in (1,2) ;\n\n\nselect 1 -- end'),
      '-- a\nselect\n  a,\n  b\nfrom\n  t\nwhere\n  x = 1\n  and y in (1, 2) ;\n\n\nselect\n  1 -- end',
    );
  });

  it("follows the editor's indentation, the setting for keywords, and the line ends of the text", async () => {
    const tabs = { indentation: { tabSize: 4, insertSpaces: false } };
    assert.equal(await format('select a from t', tabs), 'select\n\ta\nfrom\n\tt');
    assert.equal(
      await format('select a as Name from T', { keywordCase: 'upper' }),
      'SELECT\n  a AS Name\nFROM\n  T',
    );
    assert.equal(await format('select 1;\r\nselect a'), 'select\r\n  1;\r\nselect\r\n  a');
    assert.equal(await format('  select a'), '  select\n    a');
  });

  it('formats the statements that a part touches', async () => {
    assert.equal(
      await format('select 1;select 2;select 3', {}, { start: 11, end: 12 }),
      'select 1;select\n  2;select 3',
    );
  });

  it('formats the statement that a typed semicolon ends', async () => {
    const typed = async (marked: string) => {
      const offset = marked.indexOf('|');
      const document = TextDocument.create('file:///q.sql', 'sql', 1, marked.replace('|', ''));
      const statements = new DocumentSyntaxes().of(document);
      return TextDocument.applyEdits(
        document,
        await formatTyped(document, statements, { offset, style: STYLE }),
      );
    };
    assert.equal(await typed('select 1;select 2;| select 3'), 'select 1;select\n  2; select 3');
    assert.equal(await typed("select 'a;|' x"), "select 'a;' x");
    assert.equal(await typed('select 1 -- a;|'), 'select 1 -- a;');
  });

  it('has no edit where more than space would differ', async () => {
    assert.ok(same('select a->>b', 'select a ->> b'));
    assert.ok(!same('select a->>b', 'select a - >> b'));
    assert.ok(!same('select a::int', 'select a: :int'));
    assert.ok(!same("select 'a'\n'b'", "select 'a' 'b'"));
    assert.ok(!same("select x'ab'", "select x 'ab'"));
    assert.ok(!same('select 1e-5', 'select 1e - 5'));
    assert.ok(!same('select 1.5', 'select 1 .5'));
    assert.ok(same('select a=-1', 'select a = -1'));
    assert.ok(!same('select a -- b\n, c', 'select a, -- b\nc'));
    assert.ok(!same('select a -- b', 'select a'));
    assert.ok(same('select NAME from t', 'SELECT NAME from t'));
    assert.ok(!same('select a as NAME from t', 'select a as name from t'));
    for (const text of ["select 'a'\n  'b'", 'select * from (((', 'from t select )'])
      assert.deepEqual(told(await format(text)), told(text));
  });

  it('formats the examples, and what is formatted stays as it is', async () => {
    const files = projectFiles(['.sql']);
    assert.ok(files.length >= 2);
    let changed = 0;
    for (const file of files) {
      const text = readProjectFile(file);
      const once = await format(text);
      assert.deepEqual(told(once), told(text), file);
      assert.equal(await format(once), once, file);
      if (once !== text) changed++;
    }
    assert.ok(changed > 0);
  });

  it('changes nothing but space in any text', async () => {
    const words =
      "select from where with as ( ) , . [ ] { } :: -> ->> := => = - -1 1.5 1e-5 x'a' 'b' \"Q\" a b $p * -- c\n /* d */ ; union all by name join on using case when then end over order limit qualify pivot 😀 is not null in like e'\\'' $$ e $$";
    const text = fc
      .array(fc.tuple(fc.constantFrom(...words.split(' ')), fc.constantFrom('', ' ', '\n', '  ')), {
        maxLength: 40,
      })
      .map((parts) => parts.map(([word, space]) => word + space).join(''));
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom('preserve' as const, 'upper' as const),
        async (sql, keywordCase) => {
          const formatted = await format(sql, { keywordCase });
          assert.deepEqual(told(formatted.toLowerCase()), told(sql.toLowerCase()));
        },
      ),
      { numRuns: 500 },
    );
  });
});
