import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { manifestEdits, manifestOf } from '../../../server/sql/navigation/plugin-manifest.ts';
import { readProjectFile } from '../../support/project.ts';

/** A manifest after its function `f` was renamed to `g`. */
function renamed(text: string): string {
  const edits = manifestEdits({ uri: 'file:///m.quern.json', text }, { old: 'f', name: 'g' });
  return TextDocument.applyEdits(TextDocument.create('', '', 1, text), edits);
}

describe('renaming in a manifest', () => {
  it('changes the names of functions alone, and keeps what the module exports', () => {
    const member = fc.constantFrom('doc', 'returns', 'determinism', 'f');
    const value = fc.oneof(fc.string(), fc.constantFrom('f', '"name": "f"', '}]', '{'), fc.integer());
    const parameter = fc.record(
      { name: fc.constantFrom('f', 'x'), type: fc.constant('DATE') },
      { noNullPrototype: true },
    );
    const fn = fc.record(
      {
        name: fc.constantFrom('f', 'h', 'ff'),
        export: fc.constantFrom('e', 'f'),
        parameters: fc.array(parameter, { maxLength: 2 }),
        more: fc.dictionary(member, value, { maxKeys: 3, noNullPrototype: true }),
      },
      { requiredKeys: ['name'], noNullPrototype: true },
    );
    const manifest = fc.record(
      {
        name: fc.constant('f'),
        functions: fc.array(fn, { maxLength: 4 }),
        other: fc.constant([{ name: 'f' }]),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(manifest, fc.constantFrom(0, 2), (given, indent) => {
        const functions = given.functions.map((each) =>
          each.name === 'f' ? { ...each, name: 'g', export: each.export ?? 'f' } : each,
        );
        assert.deepEqual(JSON.parse(renamed(JSON.stringify(given, null, indent))), { ...given, functions });
      }),
    );
  });

  it('finds the manifests that macros of C and Rust hold, and nothing around them', () => {
    const c = 'QUERN_MANIFEST({"functions": [{"name": "f"}]})\nint f() { return "f"; }\n';
    assert.equal(renamed(c), c.replace('"name": "f"', '"name": "g", "export": "f"'));
    const rust = 'quern_manifest!(\n  r#"{"functions": [{"name": "f"}]}"#\n);\nfn f() {}\n';
    assert.equal(renamed(rust), rust.replace('"name": "f"', '"name": "g", "export": "f"'));
    assert.equal(renamed('int f() { return 1; }'), 'int f() { return 1; }');
  });

  it('finds the manifest of a source that is compiled itself', async () => {
    const text = readProjectFile('test/fixtures/sdk/rust/example.rs');
    const workspace = { textOf: () => text, beside: async () => [] };
    const manifest = await manifestOf('file:///plugins/example.rs', 'rust_echo', workspace);
    assert.ok(manifest);
    const [edit] = manifestEdits(manifest, { old: 'rust_echo', name: 'again' });
    assert.equal(edit?.newText, 'again');
    assert.equal(await manifestOf('file:///plugins/example.rs', 'rust_other', workspace), undefined);
  });

  it('leaves any text alone that is none', () => {
    fc.assert(fc.property(fc.string(), (text) => assert.equal(renamed(`{${text}`), `{${text}`)));
  });
});
