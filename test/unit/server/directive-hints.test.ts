import assert from 'node:assert/strict';
import { DiagnosticSeverity } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type DirectiveSources, directiveHints } from '../../../server/sql/directives/directive-hints.ts';
import { splitStatements } from '../../../wasm-core/protocol/statements.ts';

describe('hints at directives', () => {
  const diagnostics = (document: TextDocument, more: Partial<DirectiveSources> = {}) =>
    directiveHints(document, {
      statements: splitStatements(document.getText()),
      columns: () => undefined,
      level: ({ level }) => level,
      ...more,
    });
  const hints = (text: string) => {
    const document = TextDocument.create('file:///q.sql', 'sql', 1, text);
    return diagnostics(document).map(({ range, severity, message }) => [
      document.getText(range),
      severity,
      message,
    ]);
  };
  const COLUMNS = [
    { name: 'month', type: 'DATE' },
    { name: 'net sales', type: 'DOUBLE' },
    { name: 'region', type: 'VARCHAR' },
  ];
  /** The code, the marked text and the candidates of each, for a statement of these columns. */
  const marked = (directive: string, more: Partial<DirectiveSources> = {}) => {
    const document = TextDocument.create('file:///q.sql', 'sql', 1, `${directive}\nselect 1`);
    return diagnostics(document, { columns: () => COLUMNS, ...more }).map(({ code, range, data }) => [
      code,
      document.getText(range),
      ...((data as { readonly candidates?: readonly string[] } | undefined)?.candidates ?? []),
    ]);
  };

  it('mark the word of a chart that is not known, with what may be meant', () => {
    const check = (text: string, ...expected: readonly string[]) =>
      assert.deepEqual(marked(text), expected.length === 0 ? [] : [expected]);
    check('-- @chart bars x=month', 'chart-directive', 'bars', 'bar');
    check('-- @chart pie x=month', 'chart-directive', 'pie');
    check('-- @chart bar x=month colour=region', 'chart-directive', 'colour');
    check('  -- @chart bar x=month serie=region', 'chart-directive', 'serie', 'series');
    check('-- @chart bar x=month agg=summ', 'chart-directive', 'summ', 'sum');
    check('-- @chart bar x=month bucket=monthly', 'chart-directive', 'monthly', 'month');
    check('-- @chart bar x=month bins=0', 'chart-directive', 'bins=0');
    check('-- @chart bar month', 'chart-directive', 'month');
    check('-- @chart x=month', 'chart-directive', 'x=month');
    check('-- @chart bar y="net', 'chart-directive', 'y="net');
    check('-- @chart bar x=mnth y="net sales"', 'chart-column', 'mnth', 'month');
    check('-- @chart bar x=month y="net sale"', 'chart-column', '"net sale"', '"net sales"');
    check('-- @chart bar x=month y="net sales",region', 'chart-column', 'region');
    check('-- @chart scatter x=month', 'chart-column', 'scatter x=month');
    check('-- @chart bar x=MONTH y="Net Sales" series=region');
    check('-- @chart');
  });

  it('say nothing of columns that are not known, and nothing that is switched off', () => {
    assert.deepEqual(marked('-- @chart bar x=mnth', { columns: () => undefined }), []);
    assert.deepEqual(marked('-- @chart bar x=mnth', { columns: () => [] }), []);
    assert.deepEqual(marked('-- @chart bar x=mnth', { level: () => 'off' }), []);
  });

  it('mark the word of a benchmark that is not known', () => {
    const check = (text: string, ...expected: readonly string[]) =>
      assert.deepEqual(marked(text), [expected]);
    check('-- @bench "top ten" grop=a', 'bench-directive', 'grop', 'group');
    check('-- @bench x runs=0 time=5', 'bench-directive', 'runs=0');
    check('-- @bench one two', 'bench-directive', 'two');
    check('-- @bench "open', 'bench-directive', '"open');
    check('-- @bnch x', 'unknown-directive', '-- @bnch x', 'bench');
  });

  it('stand at those that do not exist, and name those that do', () => {
    const found = hints('select 1;\n-- @lmit 5\nselect 2');
    const message =
      'There is no directive @lmit; there are -- name: TEXT, -- @limit ROWS, -- @db PATH, -- @bench NAME, -- @chart KIND.';
    assert.deepEqual(found, [['-- @lmit 5', DiagnosticSeverity.Hint, message]]);
  });

  it('leave alone those that do, and what is no directive', () => {
    assert.deepEqual(hints('-- @limit x\n-- @db a\n-- mail me@lmit.de\n/* @lmit */ select 1 -- @lmit'), []);
  });
});
