import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { EMPTY_CATALOG, type SqlKnowledge } from '../../../server/sql/knowledge.ts';
import { hoverSql } from '../../../server/sql/navigation/hover.ts';
import type { SqlPlace } from '../../../server/sql/navigation/place.ts';
import { helpWithSignature } from '../../../server/sql/navigation/signature-help.ts';
import { DocumentSyntaxes } from '../../../server/sql/syntax/document-syntax.ts';
import { sqlFunction } from '../../support/wat.ts';

const one = sqlFunction('f', ['BIGINT'], 'BIGINT');
const rest = {
  ...sqlFunction('f', ['DATE'], 'BIGINT'),
  parameters: [
    { name: 'a', type: 'DATE' },
    { name: 'xs', type: 'VARCHAR', variadic: true as const },
  ],
};
const KNOWLEDGE: SqlKnowledge = {
  catalog: async () => EMPTY_CATALOG,
  columns: async () => [],
  summary: async () => ({ columns: [] }),
  functions: async () => [one, rest].map((fn) => ({ fn, module: 'm' })),
  files: async () => [],
};

function placeAt(text: string, offset: number): SqlPlace {
  const document = TextDocument.create('file:///q.sql', 'sql', 1, text);
  return { document, offset, statements: new DocumentSyntaxes().of(document), knowledge: KNOWLEDGE };
}

const NO_WORKSPACE = {
  all: async () => [],
  others: async () => [],
  fileOf: () => undefined,
  sizeOf: () => undefined,
  tableEntry: () => undefined,
  textOf: () => undefined,
  headOf: () => undefined,
  beside: async () => [],
};

describe('several plugin functions of one name', () => {
  it('are all in a hover', async () => {
    const text = JSON.stringify(await hoverSql(placeAt('select f(1)', 7), NO_WORKSPACE));
    assert.match(text, /f\(p1 BIGINT\) -> BIGINT.*f\(a DATE, xs VARCHAR\.\.\.\) -> BIGINT/);
  });

  it('are all in signature help, the first that has the argument being typed in front', async () => {
    const at = async (text: string) => {
      const place = placeAt(text, text.length);
      return helpWithSignature(place, new DocumentSyntaxes().at(place.document, text.length));
    };
    const first = await at('select f(1');
    assert.deepEqual([first?.signatures.length, first?.activeSignature, first?.activeParameter], [2, 0, 0]);
    const fourth = await at("select f(d, 'a', 'b', ");
    assert.deepEqual([fourth?.activeSignature, fourth?.activeParameter], [1, 1]);
  });
});
