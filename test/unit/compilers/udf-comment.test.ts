import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findDeclaration } from '../../../server/compilers/places.ts';
import { readUdfComments } from '../../../server/compilers/udf-comment.ts';
import { belongsTo, sourceLanguage, withoutMembers } from '../../../wasm-core/protocol/plugins.ts';

describe('the comments @udf of languages like C', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['line comments', '// Twice.\n// @udf f(x BIGINT) -> BIGINT\nint f;', 'Twice.'],
    ['documentation of Rust and Zig', '/// Twice\n/// it.\n/// @udf f(x BIGINT) -> BIGINT\n', 'Twice it.'],
    ['documentation of a module', '//! @udf f(x BIGINT) -> BIGINT\n//! Twice.\n', 'Twice.'],
    ['a block on one line', '/* @udf f(x BIGINT) -> BIGINT */ int f;', ''],
    ['a block with stars', '/**\n * Twice.\n * @udf f(x BIGINT) -> BIGINT\n */\nint f;', 'Twice.'],
    [
      'a block without stars, and CR LF',
      '/*\r\n  Twice.\r\n  @udf f(x BIGINT) -> BIGINT\r\n*/\r\n',
      'Twice.',
    ],
    ['a directive of Go below', '// @udf f(x BIGINT) -> BIGINT\n//\n//go:wasmexport f\nfunc f() {}', ''],
  ];
  for (const [what, text, doc] of cases) {
    it(`are read in ${what}`, () => {
      const { functions, places, diagnostics } = readUdfComments(text, 'c');
      assert.deepEqual(diagnostics, []);
      assert.deepEqual(
        functions.map((fn) => [fn.name, fn.parameters[0]?.type, fn.returns, fn.doc]),
        [['f', 'BIGINT', 'BIGINT', doc]],
      );
      const [place] = places;
      assert.equal(text.slice(place?.start, place?.end), '@udf f(x BIGINT) -> BIGINT');
      assert.equal(sourceLanguage('p.c', text), 'c');
    });
  }

  it('are none in code, and behind it', () => {
    for (const text of ['int f; // @udf f(x BIGINT) -> BIGINT', '#define UDF "@udf f(x BIGINT) -> BIGINT"']) {
      assert.deepEqual(readUdfComments(text, 'c').functions, []);
      assert.equal(sourceLanguage('p.c', text), undefined);
    }
  });

  it('have places inside any text', () => {
    const piece = fc.constantFrom(
      '//',
      '/*',
      '*/',
      '*',
      '@udf ',
      'f(x BIGINT) -> BIGINT',
      '\n',
      '\r\n',
      ' ',
      '"',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const { places, diagnostics } = readUdfComments(text, 'c');
        for (const { start, end } of [...places, ...diagnostics]) {
          assert.ok(text.slice(start, end).startsWith('@udf'));
        }
      }),
    );
  });
});

describe('a declaration in C', () => {
  it('has a type before its name', () => {
    const text =
      '// twice(x)\n#define y twice(1)\nint z(void) {\n  return twice(2);\n}\nstatic char *twice (int x) { return 0; }\n';
    assert.deepEqual(findDeclaration('c', text, ['twice'])?.start, { line: 5, character: 13 });
    assert.equal(findDeclaration('c', 'int y = 2*twice;', ['twice']), undefined);
  });

  it('is looked for in time that grows with the text alone', () => {
    const text = `/${'*'.repeat(200_000)} ${'a '.repeat(200_000)}`;
    assert.equal(findDeclaration('c', text, ['twice']), undefined);
  }).timeout(5_000);
});

describe('the files of a project', () => {
  it('are parts of it, and no plugins of their own', () => {
    const files = [
      '/p/geo/Cargo.toml',
      '/p/geo/src/lib.rs',
      '/p/geo/notes.ts',
      '/p/geo.rs',
      '/p/a/compile_flags.txt',
      '/p/a/b.cc',
    ];
    assert.deepEqual(withoutMembers(files), [files[0], files[2], files[3], files[4]]);
    assert.equal(belongsTo('/p/geo/sub/Cargo.toml', '/p/geo/Cargo.toml'), true);
    assert.equal(belongsTo('/p/geology/src/lib.rs', '/p/geo/Cargo.toml'), false);
  });

  it('make a plugin of a crate that is a cdylib, and of others in folders named plugins', () => {
    assert.equal(sourceLanguage('/p/Cargo.toml', '[lib]\ncrate-type = ["cdylib"]'), 'rust');
    assert.equal(sourceLanguage('/p/Cargo.toml', '[package]'), undefined);
    assert.equal(sourceLanguage('/p/go.mod', 'module p'), undefined);
    assert.equal(sourceLanguage('/p/plugins/x/go.mod', 'module p'), 'go');
    assert.equal(sourceLanguage('/p/plugins/x/main.go', '// @udf f() -> BIGINT'), undefined);
  });
});
