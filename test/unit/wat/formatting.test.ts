import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { formatTypedWat, formatWat } from '../../../server/wat/formatting/format-wat.ts';
import { tokenizeWat } from '../../../server/wat/syntax/tokens.ts';
import { modulesOf } from '../../support/wast.ts';
import { ECHO_WAT } from '../../support/wat.ts';

const indentation = { tabSize: 2, insertSpaces: true };

function format(text: string, part?: { readonly start: number; readonly end: number }): string {
  const document = TextDocument.create('file:///a.wat', 'wat', 1, text);
  return TextDocument.applyEdits(document, formatWat(document, { indentation, ...(part && { part }) }));
}

/** The text after `ch` was typed before the mark. */
function typed(marked: string, ch: string): string {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const document = TextDocument.create('file:///a.wat', 'wat', 1, text);
  return TextDocument.applyEdits(document, formatTypedWat(document, { offset, ch, indentation }));
}

/** All of a text but its space. */
function content(text: string): string[] {
  const { tokens, comments } = tokenizeWat(text);
  const parts = [...tokens, ...comments].sort((a, b) => a.start - b.start);
  return parts.map(({ start, end }) => text.slice(start, end));
}

function holds(text: string): void {
  const formatted = format(text);
  assert.deepEqual(content(formatted), content(text), text);
  assert.equal(format(formatted), formatted, text);
}

describe('formatting WebAssembly text', () => {
  const cases: [string, string, string][] = [
    ['indents forms', '(module\n(func\n(nop)\n)\n)', '(module\n  (func\n    (nop)\n  )\n)'],
    [
      'indents flat blocks',
      '(module\n(func\nblock $a\nif\nnop\nelse\nnop\nend\nend\nnop))',
      '(module\n  (func\n    block $a\n      if\n        nop\n      else\n        nop\n      end\n    end\n    nop))',
    ],
    [
      'indents once for what begins in one line',
      '(module (func (block $a (loop $b\nnop)))\n(func))',
      '(module (func (block $a (loop $b\n  nop)))\n  (func))',
    ],
    [
      'puts one space between words',
      '( module  (func(param i32   i64 ) )\t)',
      '(module (func (param i32 i64)))',
    ],
    ['keeps one empty line', '(module\n\n\n\n  (func)\n\n\n)\n\n\n', '(module\n\n  (func)\n\n)\n'],
    ['takes space from the ends of lines', '  (module  \n  (func)\t\n)  ', '(module\n  (func)\n)'],
    [
      'keeps comments where they are',
      '(module   ;; a\n;;   b\n(func (; c ;)   (nop))    ;; d\n)',
      '(module   ;; a\n  ;;   b\n  (func (; c ;) (nop))    ;; d\n)',
    ],
    [
      'keeps what stands in comments',
      '(module\n(; a\n   b ;)\n(func))',
      '(module\n  (; a\n   b ;)\n  (func))',
    ],
    ['keeps the ends of lines', '(module\r\n(func))\r\n', '(module\r\n  (func))\r\n'],
    ['makes no comment and no annotation', '(@x ( ;) ( @a))', '(@x ( ;) ( @a))'],
    ['leaves alone what is not closed', '(module (;\n(func)', '(module (;\n(func)'],
    ['needs no valid text', ')\n)(\nelse\nend', ')\n) (\n  else\n  end'],
  ];
  for (const [name, text, expected] of cases) {
    it(name, () => {
      assert.equal(format(text), expected);
      holds(text);
    });
  }

  it('leaves lines outside of a range as they are, and indents by them', () => {
    const text = '(module\n    (func\n(nop)\n  (nop)))';
    const start = text.indexOf('(nop)');
    assert.equal(format(text, { start, end: start + 2 }), '(module\n    (func\n      (nop)\n  (nop)))');
  });

  it('indents a line as it begins, and the one before when it is done', () => {
    assert.equal(typed('(module\n(func\n|', '\n'), '(module\n  (func\n    ');
    assert.equal(typed('(func\n  block\nnop\n|\n)', '\n'), '(func\n  block\n    nop\n    \n)');
    assert.equal(typed('(func\n  block\n    end\n|)', '\n'), '(func\n  block\n  end\n)');
    assert.equal(typed('(module\n  (func\n    )|', ')'), '(module\n  (func\n  )');
    assert.equal(typed('(module\n(func\n (nop)|', ')'), '(module\n(func\n (nop)');
    assert.equal(typed('(module\n(; a\n|\n;))', '\n'), '(module\n(; a\n\n;))');
  });

  it('changes nothing but space, whatever the text', () => {
    const piece = fc.constantFrom(
      ...[
        '(',
        ')',
        '(@a',
        ' ',
        '\n',
        '\t',
        '\r\n',
        'block',
        'end',
        'else',
        'if',
        'loop',
        '(; c ;)',
        ';; c\n',
      ],
      ...['i32.add', '$a', '"s"', '1', ';', '@', ',', '$"b"', '(;', ';)', '"', 'try', 'delegate'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => holds(pieces.join(''))),
      { numRuns: 3_000 },
    );
  });

  it('lets no depth make a text much longer', () => {
    for (const block of ['(block\n', 'block\n']) {
      const text = `(func ${block.repeat(50_000)}`;
      const formatted = format(text);
      assert.ok(formatted.length < text.length * 50, `${formatted.length}`);
      assert.equal(format(formatted), formatted);
    }
  });

  it('answers at any position, for what was typed', () => {
    fc.assert(
      fc.property(fc.nat(ECHO_WAT.length), fc.constantFrom('\n', ')'), (at, ch) => {
        const marked = `${ECHO_WAT.slice(0, at)}${ch}|${ECHO_WAT.slice(at)}`;
        assert.deepEqual(content(typed(marked, ch)), content(marked.replace('|', '')));
      }),
      { numRuns: 500 },
    );
  });

  const folder = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'wasm-testsuite');
  if (existsSync(folder)) {
    it('changes nothing but space in the WebAssembly test suite', () => {
      let count = 0;
      for (const file of readdirSync(folder, { recursive: true }).map(String)) {
        if (!file.endsWith('.wast')) continue;
        for (const module of modulesOf(readFileSync(path.join(folder, file), 'utf8'))) {
          if (module.form !== 'text') continue;
          count++;
          holds(module.wat);
        }
      }
      assert.ok(count > 4_000, `${count} modules`);
    });
  }
});
