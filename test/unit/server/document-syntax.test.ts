import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { DocumentSyntaxes } from '../../../server/sql/syntax/document-syntax.ts';

function at(marked: string): [number, string] {
  const document = TextDocument.create('file:///q.sql', 'sql', 1, marked.replace('|', ''));
  const { start, text } = new DocumentSyntaxes().at(document, marked.indexOf('|'));
  return [start, text];
}

/** What the heap holds that something refers to. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

describe('the statement at a position', () => {
  it('is the one that it is in or behind, with the space that is being typed', () => {
    assert.deepEqual(at('select |1; select 2'), [0, 'select 1']);
    assert.deepEqual(at('select 1; select 2|'), [10, 'select 2']);
    assert.deepEqual(at('select 1; select \n|'), [10, 'select \n']);
  });

  it('is an empty one behind a semicolon and before the first', () => {
    assert.deepEqual(at('select 1; | '), [10, '']);
    assert.deepEqual(at('select 1;|'), [9, '']);
    assert.deepEqual(at('| select 1'), [0, '']);
    assert.deepEqual(at('|'), [0, '']);
    assert.deepEqual(at('select 1 -- ;\n|'), [0, 'select 1 -- ;\n']);
  });

  it('keeps what an edit leaves alone', () => {
    const syntaxes = new DocumentSyntaxes();
    const before = TextDocument.create('file:///q.sql', 'sql', 1, 'select 1; select 2');
    const [, second] = syntaxes.of(before);
    const after = TextDocument.update(before, [{ text: 'select 1 + 1; select 2' }], 2);
    const [first, same] = syntaxes.of(after);
    assert.equal(first?.text, 'select 1 + 1');
    assert.equal(same?.start, 14);
    assert.equal(same?.syntax, second?.syntax);
  });

  it('keeps what was read of a long text through its edits', () => {
    const syntaxes = new DocumentSyntaxes();
    const texts = Array.from({ length: 1_000 }, (_, index) => `select ${index}`);
    const document = TextDocument.create('file:///q.sql', 'sql', 1, texts.join(';\n'));
    const before = syntaxes.of(document).map(({ syntax }) => syntax);
    TextDocument.update(document, [{ text: ['select -1', ...texts].join(';\n') }], 2);
    const after = syntaxes.of(document).slice(1);
    assert.ok(after.every(({ syntax }, index) => syntax === before[index]));
  });

  it('keeps no version of a long text for the statements that were typed in it', () => {
    const syntaxes = new DocumentSyntaxes();
    const text = `select 1;\n${'-- a comment that is as long as comments are\n'.repeat(5_000)}select some_column`;
    const document = TextDocument.create('file:///q.sql', 'sql', 1, text);
    const before = usedBytes();
    for (let version = 2; version < 150; version++) {
      const end = document.positionAt(document.getText().length);
      TextDocument.update(document, [{ range: { start: end, end }, text: 'x' }], version);
      assert.match(syntaxes.at(document, document.getText().length).syntax.text, /^select some_columnx+$/);
    }
    const versions = (usedBytes() - before) / text.length;
    assert.ok(versions < 30, `memory for ${versions.toFixed(1)} versions`);
  });
});
