import assert from 'node:assert/strict';
import { renameInSource } from '../../../server/sql/navigation/plugin-source.ts';

/** The text with the function `twice` called `double_of`, or why it cannot be. */
function renamed(text: string): string {
  const found = renameInSource(text, {
    language: 'native',
    old: 'twice',
    name: 'double_of',
    declarations: [],
  });
  if (typeof found === 'string') return found;
  return [...found]
    .reverse()
    .reduce((all, { start, end, newText }) => all.slice(0, start) + newText + all.slice(end), text);
}

describe('renaming a function that a @udf comment declares', () => {
  const sources = {
    C: '// @udf twice(x BIGINT) -> BIGINT\nlong long twice(long long x) { return 2 * x; }\n',
    'C with an export name':
      '// @udf twice(x BIGINT) -> BIGINT\n__attribute__((export_name("twice"))) long long f(long long x) { return 2 * x; }\n',
    Rust: '/// @udf twice(x BIGINT) -> BIGINT\n#[no_mangle]\npub extern "C" fn twice(x: i64) -> i64 { x * 2 }\n',
    Go: '// @udf twice(x BIGINT) -> BIGINT\n//\n//go:wasmexport twice\nfunc f(x int64) int64 { return x * 2 }\n',
    Zig: '/// @udf twice(x BIGINT) -> BIGINT\nexport fn twice(x: i64) i64 {\n    return x * 2;\n}\n',
  };
  for (const [language, text] of Object.entries(sources)) {
    it(`changes the comment and the export of ${language}`, () => {
      assert.equal(renamed(text), text.replaceAll('twice', 'double_of'));
    });
  }

  it('is refused where the source does not show what the name means', () => {
    assert.match(renamed(`${sources.C}int (*pointer)(long long) = &twice;\n`), /for more than the function/);
    assert.match(renamed(`${sources.C}int double_of;\n`), /uses the name double_of already/);
    assert.match(renamed('// @udf twice(x BIGINT) -> BIGINT\nEXPORTED\n'), /does not show where twice/);
  });
});
