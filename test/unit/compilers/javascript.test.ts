import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { compileJavaScript } from '../../../server/compilers/javascript/javascript.ts';
import { projectRoot } from '../../support/project.ts';

const packed = readFileSync(path.join(projectRoot(), 'server/compilers/javascript/quickjs-plugin.wasm.br'));
const bytes = new Uint8Array(brotliDecompressSync(packed));
const quickJs = { bytes, module: new WebAssembly.Module(bytes) };

describe('the compiler of JavaScript', () => {
  it('declares what the comments say, by the name in SQL or its camel case', () => {
    const { wasm, diagnostics } = compile(`
/** @udf word_count(s VARCHAR) -> INTEGER */
export function wordCount(s) { return s.split(' ').length; }
// @udf twice(x DOUBLE) -> DOUBLE
// @udf twice(x BIGINT) -> BIGINT
export const twice = (x) => x + x;`);
    assert.deepEqual(diagnostics, []);
    assert(wasm !== undefined);
    const names = WebAssembly.Module.exports(new WebAssembly.Module(wasm.slice())).map(({ name }) => name);
    assert.deepEqual(names, [
      'memory',
      'alloc',
      'free',
      'word_count__batch',
      'twice__batch',
      'twice__2__batch',
    ]);
  });

  const faults: readonly [text: string, code: string, under: string, message: RegExp][] = [
    ['let a = 1;\nlet b = ]1;', 'js/syntax', ']', /unexpected token in expression: ']'/],
    ['/* 😀é */ let = = 2;', 'js/syntax', '=', /./],
    ['// a\r// b\r\nlet = = 2;', 'js/syntax', '=', /./],
    [
      `// @udf f(${manyParameters(256)}) -> DOUBLE\nexport function f() {}`,
      'udf/comment',
      `@udf f(${manyParameters(256)}) -> DOUBLE`,
      /f has 256 parameters/,
    ],
    ['let s = "\n";', 'js/syntax', '"', /unexpected end of string/],
    ['import x from "./y.js";', 'js/syntax', '', /could not load module/],
    [
      '// @udf f(s VARCHAR) -> VARCHAR\nfunction f() {}',
      'js/export',
      '@udf f(s VARCHAR) -> VARCHAR',
      /no f;/,
    ],
    [
      '// @udf f(s DATE) -> DATE\nexport function f() {}',
      'udf/comment',
      '@udf f(s DATE) -> DATE',
      /^DATE does/,
    ],
    ['// @udf f(s X) -> X\nexport function f() {}', 'udf/comment', '@udf f(s X) -> X', /^X is no type/],
    [
      '// @udf f(s VARCHAR...) -> VARCHAR\nexport function f() {}',
      'udf/comment',
      '@udf f(s VARCHAR...) -> VARCHAR',
      /variadic/,
    ],
    ['['.repeat(100_000), 'js/syntax', '', /stack overflow/],
  ];
  for (const [text, code, under, message] of faults) {
    it(`tells ${code} at its place: ${text.slice(0, 40).replaceAll('\n', ' ')}`, () => {
      const { wasm, diagnostics } = compile(text);
      assert.equal(wasm, undefined);
      const [first] = diagnostics;
      assert(first !== undefined && diagnostics.length === 1);
      assert.equal(first.code, code);
      assert.match(first.message, message);
      if (under !== '') assert.equal(text.slice(first.start, first.end), under);
    });
  }

  it('runs nothing of the text', () => {
    const { wasm, diagnostics } = compile('// @udf f() -> DOUBLE\nexport function f() {}\nfor (;;);');
    assert.deepEqual(diagnostics, []);
    assert(wasm !== undefined);
  });

  it('answers any text with a valid module or with diagnostics inside the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '// @udf f(s VARCHAR) -> VARCHAR\n',
        'export function f(',
        ')',
        '{',
        '}',
        '`',
        '/',
        '\0',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const { wasm, diagnostics } = compile(text);
        if (wasm !== undefined) return WebAssembly.validate(wasm.slice());
        return diagnostics.every((d) => 0 <= d.start && d.start <= d.end && d.end <= text.length);
      }),
      { numRuns: 60 },
    );
  });
});

function manyParameters(count: number): string {
  return Array.from({ length: count }, (_, i) => `p${i} DOUBLE`).join(', ');
}

function compile(text: string): ReturnType<typeof compileJavaScript> {
  return compileJavaScript(quickJs, { text, entry: 'plugins/plugin.js' });
}
