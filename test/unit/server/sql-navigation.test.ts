import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Range, ResponseError } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { EMPTY_CATALOG, type SqlKnowledge } from '../../../server/sql/knowledge.ts';
import { findDefinition } from '../../../server/sql/navigation/definition.ts';
import { foldingRanges } from '../../../server/sql/navigation/folding.ts';
import { hoverSql } from '../../../server/sql/navigation/hover.ts';
import { resultTypeHints } from '../../../server/sql/navigation/inlay-hints.ts';
import { documentLinks } from '../../../server/sql/navigation/links.ts';
import { findHighlights, findReferences } from '../../../server/sql/navigation/occurrences.ts';
import { renameName } from '../../../server/sql/navigation/rename.ts';
import { selectionAt } from '../../../server/sql/navigation/selection.ts';
import { SemanticTokenizer } from '../../../server/sql/navigation/semantic-tokens.ts';
import { helpWithSignature } from '../../../server/sql/navigation/signature-help.ts';
import { documentSymbols } from '../../../server/sql/navigation/symbols.ts';
import { DocumentSyntaxes } from '../../../server/sql/syntax/document-syntax.ts';
import { Turns } from '../../../server/turns.ts';

const KNOWLEDGE: SqlKnowledge = {
  catalog: async () => EMPTY_CATALOG,
  columns: async (query) => (query.includes(' t') ? [{ name: 'a', type: 'INTEGER' }] : []),
  summary: async () => ({ columns: [] }),
  functions: async () => [],
  files: async () => [],
};
const WORKSPACE = {
  all: async () => [],
  others: async () => [],
  fileOf: () => 'file:///s',
  sizeOf: () => 1,
  tableEntry: () => undefined,
  textOf: () => undefined,
  headOf: () => undefined,
  beside: async () => [],
};

/** Every range that the features give for a position of a text. */
async function rangesOf(text: string, offset: number): Promise<Range[]> {
  const document = TextDocument.create('file:///q.sql', 'sql', 1, text);
  const syntaxes = new DocumentSyntaxes();
  const turns = new Turns();
  const statements = syntaxes.of(document);
  const place = { document, statements, offset, knowledge: KNOWLEDGE };
  const ranges: (Range | undefined)[] = [
    (await hoverSql(place, WORKSPACE))?.range,
    (await findDefinition(place, WORKSPACE))?.range,
    ...(await findReferences(place, { includeDeclaration: true, workspace: WORKSPACE })).map(
      ({ range }) => range,
    ),
    ...(await findHighlights(place)).map(({ range }) => range),
    ...(await foldingRanges(document, statements, { turns })).map(({ startLine, endLine }) => ({
      start: { line: startLine, character: 0 },
      end: { line: endLine, character: 0 },
    })),
    ...(await documentSymbols({ document, statements }, { turns })).flatMap(({ range, selectionRange }) => [
      range,
      selectionRange,
    ]),
    ...(await documentLinks(document, statements, { workspace: WORKSPACE, turns })).map(({ range }) => range),
    selectionAt(document, statements, offset).range,
  ];
  await helpWithSignature(place, syntaxes.at(document, offset));
  await resultTypeHints(document, statements, {
    part: { start: 0, end: text.length },
    knowledge: () => KNOWLEDGE,
  });
  const tokens = await new SemanticTokenizer(turns).tokens(document, statements, {
    plugins: new Set(),
    isCancelled: () => false,
  });
  assert.equal(tokens.data.length % 5, 0);
  try {
    const edit = await renameName(place, 'zz', WORKSPACE);
    ranges.push(...(edit?.changes?.[document.uri] ?? []).map(({ range }) => range));
  } catch (error) {
    // A refusal is an answer; anything else is a bug.
    if (!(error instanceof ResponseError)) throw error;
  }
  return ranges.filter((range) => range !== undefined);
}

describe('navigation', () => {
  it('holds for any text, and gives ranges inside of it', async () => {
    const words =
      "select from where with as ( ) , . ; [ ] :: union by name join using on group order create table view macro drop a b t f( 's' $p -> * -- /* */ \n 😀 \" 1 over window".split(
        ' ',
      );
    const text = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join(' '));
    await fc.assert(
      fc.asyncProperty(text, fc.nat(), async (sql, at) => {
        const document = TextDocument.create('', 'sql', 1, sql);
        for (const { start, end } of await rangesOf(sql, at % (sql.length + 1))) {
          assert.deepEqual(document.positionAt(document.offsetAt(start)), start);
          assert.deepEqual(document.positionAt(document.offsetAt(end)), end);
          assert.ok(document.offsetAt(start) <= document.offsetAt(end));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('holds for brackets of any depth', async () => {
    for (const open of ['(', '[', 'f(', '{']) {
      const text = `select ${open.repeat(5_000)}`;
      assert.ok((await rangesOf(text, text.length)).length > 0);
    }
  });
});
