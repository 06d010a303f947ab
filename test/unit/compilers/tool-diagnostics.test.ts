import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CompileDiagnostic } from '../../../server/compilers/compile-types.ts';
import { readClangText } from '../../../server/compilers/toolchains/clang-text.ts';
import { readGoText } from '../../../server/compilers/toolchains/go-text.ts';
import { readCargoModules, readRustcJson } from '../../../server/compilers/toolchains/rustc-json.ts';
import {
  placeDiagnostics,
  type ToolDiagnostic,
} from '../../../server/compilers/toolchains/tool-diagnostic.ts';
import { readProjectFile } from '../../support/project.ts';

/* What tools said of sources in test/fixtures/toolchains, as they wrote it. */

const folder = 'test/fixtures/toolchains';
const recorded = (name: string): string => readProjectFile(`${folder}/${name}`);

/** The code, the text under the range and the message of each. */
function shown(found: readonly ToolDiagnostic[], sources: Readonly<Record<string, string>>): string[][] {
  const [main = ''] = Object.keys(sources);
  const name = (file: string): string => file.replace(/^(?:\.\/|.*\/(?=src\/))/, '');
  return placeDiagnostics(found, {
    main,
    fileOf: (file) => (name(file) in sources ? name(file) : undefined),
    textOf: (file) => sources[file],
  }).map((one) => [one.code, under(one, sources[one.file ?? main] ?? ''), one.message]);
}

function under({ range: { start, end } }: Pick<CompileDiagnostic, 'range'>, text: string): string {
  const lines = text.split('\n').slice(start.line, end.line + 1);
  const last = lines.length - 1;
  return lines
    .map((line, i) => line.slice(i === 0 ? start.character : 0, i === last ? end.character : undefined))
    .join('\n');
}

describe('what clang says', () => {
  const text = recorded('bad.c');

  it('stands at the words and the expressions of the source, whose columns are bytes', () => {
    assert.deepEqual(shown(readClangText(recorded('bad.c.out'), 'clang'), { 'bad.c': text }), [
      [
        'clang',
        'é * "ü"',
        "invalid operands to binary expression ('int64_t' (aka 'long long') and 'char[3]')",
      ],
      ['clang', 'foo', "use of undeclared identifier 'foo'; did you mean 'for'?"],
      ['clang', 'foo', 'expected expression'],
      [
        'clang/-Wliteral-conversion',
        'y = 1.5',
        "implicit conversion from 'double' to 'int' changes value from 1.5 to 1",
      ],
      ['clang', ' ', "expected ';' after return statement"],
    ]);
  });

  it('has its notes as related places, or in the message where a place is not the plugin’s', () => {
    const [first] = placeDiagnostics(readClangText(recorded('redefined.c.out'), 'clang'), {
      main: '/p/redefined.c',
      fileOf: (file) => `/p/${file}`,
      textOf: () => recorded('redefined.c'),
    });
    assert(first !== undefined);
    assert.deepEqual(
      first.related?.map((note) => [note.file, under(note, recorded('redefined.c')), note.message]),
      [['/p/redefined.c', 'twice', 'previous definition is here']],
    );
  });

  it('of a header that is not the plugin’s stands where that was included', () => {
    const output = "In file included from a.c:2:\n/sdk/quern.h:7:3: error: unknown type name 'foo'\n";
    const source = '// a\n#include "quern.h"\n';
    assert.deepEqual(shown(readClangText(output, 'clang'), { 'a.c': source }), [
      ['clang', '#include "quern.h"', "/sdk/quern.h:7: unknown type name 'foo'"],
    ]);
  });

  it('of a symbol that is nowhere defined is the linker’s', () => {
    assert.deepEqual(readClangText(recorded('link.c.out'), 'clang'), [
      { severity: 'error', message: 'undefined symbol: undefd', code: 'clang/link', notes: [] },
    ]);
  });
});

describe('what rustc and cargo say', () => {
  const text = recorded('bad.rs');

  it('stands at the words of the source, whose columns are characters', () => {
    const found = shown(readRustcJson(recorded('bad.rs.out')), { 'bad.rs': text });
    assert.deepEqual(
      found.map(([code, place]) => [code, place]),
      [
        ['rustc/E0425', 'nope'],
        ['rustc/E0277', '+'],
      ],
    );
    assert.match(found[1]?.[2] ?? '', /^cannot add `&str` to `i64`\nno implementation/);
  });

  it('has labels of other places as related ones', () => {
    const [first] = placeDiagnostics(readRustcJson(recorded('borrow.rs.out')), {
      main: '/p/borrow.rs',
      fileOf: () => '/p/borrow.rs',
      textOf: () => recorded('borrow.rs'),
    });
    assert(first !== undefined);
    assert.equal(first.code, 'rustc/E0499');
    assert.equal(under(first, recorded('borrow.rs')), '&mut *x');
    assert.deepEqual(
      first.related?.map((note) => [under(note, recorded('borrow.rs')), note.message]),
      [
        ['&mut *x', 'first mutable borrow occurs here'],
        ['a.push(1)', 'first borrow later used here'],
      ],
    );
  });

  it('comes from cargo in lines around it, with the modules', () => {
    const output = recorded('cargo.out');
    const found = readRustcJson(output);
    assert.deepEqual(
      found.map(({ code, at }) => [code, at?.file]),
      [['rustc/unused_variables', 'src/lib.rs']],
    );
    assert.deepEqual(readCargoModules(output), ['/out/wasm32-unknown-unknown/debug/geo.wasm']);
  });
});

describe('what go and zig say', () => {
  it('stands at the words of the source', () => {
    assert.deepEqual(shown(readGoText(recorded('bad.go.out')), { 'main.go': recorded('main.go') }), [
      ['go', 'nope', 'undefined: nope'],
    ]);
    assert.deepEqual(
      shown(readClangText(recorded('bad.zig.out'), 'zig'), { 'bad.zig': recorded('bad.zig') }),
      [['zig', 'nope', "use of undeclared identifier 'nope'"]],
    );
  });

  it('has the lines behind it as a part of it', () => {
    const output =
      '# p\n./a.go:3:9: cannot use f\n\thave (string)\n\twant ()\ngo: updates to go.mod needed\n';
    assert.deepEqual(
      readGoText(output).map(({ message, notes }) => [message, ...notes.map((note) => note.message)]),
      [['cannot use f', 'have (string)', 'want ()'], ['updates to go.mod needed']],
    );
  });
});

describe('what a tool says, whatever it is', () => {
  it('is read and placed inside the source', () => {
    const piece = fc.constantFrom(
      'a.c',
      ':',
      '1',
      '99',
      ' ',
      'error',
      'note',
      '{1:2-1:9}',
      '\n',
      'x',
      '😀',
      'In file included from ',
    );
    const noise = fc
      .array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 40 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(noise, fc.string({ unit: 'binary', maxLength: 60 }), (output, source) => {
        const lines = source.split(/\r\n|\r|\n/);
        for (const read of [readGoText, readRustcJson, (text: string) => readClangText(text, 'clang')]) {
          const placed = placeDiagnostics(read(output), {
            main: 'a.c',
            fileOf: (f) => f,
            textOf: () => source,
          });
          for (const { range } of placed) {
            assert.ok(range.start.line < lines.length && range.end.line < lines.length);
            assert.ok(range.end.character <= (lines[range.end.line] ?? '').length);
          }
        }
      }),
    );
  });
});
