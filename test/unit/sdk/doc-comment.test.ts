import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sourceLanguage } from '../../../wasm-core/protocol/plugins.ts';
import { docCommentBefore } from '../../../wasm-core/sdk/assemblyscript/doc-comment.ts';

/** The mark, the documentation and the options of a comment; undefined where a file with it is no plugin. */
function read(comment: string): string | undefined {
  const text = `${comment}\nexport function f(): i32 { return 1; }\n`;
  const found = docCommentBefore(text, text.indexOf('export'));
  const isPlugin = sourceLanguage('f.ts', text) !== undefined;
  assert.equal(isPlugin, found.mark !== undefined, comment);
  return found.mark && `${found.mark}|${found.doc}|${text.slice(found.start, found.end).trim()}`;
}

describe('the mark in a doc comment', () => {
  it('stands on a line of its own', () => {
    assert.equal(read('/** @udf */'), 'udf||');
    assert.equal(
      read('/**\n * Twice\n * a number.\n * @udf name: twice\n */'),
      'udf|Twice a number.|name: twice',
    );
    assert.equal(
      read('/**\n * Sums.\n * @aggregate\n * @param x a number\n */')?.slice(0, 15),
      'aggregate|Sums.',
    );
  });

  it('or behind the text of a comment of one line', () => {
    assert.equal(read('/** Twice a  number. @udf */'), 'udf|Twice a number.|');
    assert.equal(read('/** Twice. @udf*/'), 'udf|Twice.|');
    assert.equal(
      read('/** Rows. @table name: rows, deterministic: false */'),
      'table|Rows.|name: rows, deterministic: false',
    );
  });

  it('is none where it is only spoken of', () => {
    assert.equal(read('/** The @udf decorator marks a function. */'), undefined);
    assert.equal(read('/** Write @udf. */'), undefined);
    assert.equal(read('/** Mail me@udf */'), undefined);
    assert.equal(read('/**\n * One may end a line with @udf\n */'), undefined);
    assert.equal(read('/* Twice. @udf */'), undefined);
    assert.equal(read('// Twice. @udf'), undefined);
    assert.equal(read('/** Twice. */ const mark = " @udf */";'), undefined);
  });

  it('is found by the compiler and by whoever looks for plugins alike', () => {
    const part = fc.constantFrom(
      ' ',
      '@udf',
      'text',
      '\n',
      '\n * ',
      'name: x',
      '@',
      '{',
      '@table',
      '@param',
      ' *',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => void read(`/**${parts.join('')} */`)),
      {
        numRuns: 1_000,
        examples: [[[' ', '@table', 'name: x', '\n']], [[' ', 'text', ' ', '@udf', ' ', 'name: x', '\n']]],
      },
    );
  });

  it('costs no more in a text of comments that do not end', () => {
    assert.equal(sourceLanguage('f.ts', '/** '.repeat(200_000)), undefined);
  });
});
