import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Location, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LanguageServerFixture } from '../support/language-server.ts';
import { withoutMark } from '../support/marked-text.ts';
import { projectRoot, readProjectFile } from '../support/project.ts';

const C_SOURCE = readProjectFile('test/fixtures/sdk/c/example.c');
const SIDECAR = readProjectFile('examples/plugins/c/radix.quern.json');
const bytes = (name: string) => readFileSync(path.join(projectRoot(), name));

const FILES = {
  // A sidecar wins over what the module says of itself.
  'plugins/radix.wasm': bytes('examples/plugins/c/radix.wasm'),
  'plugins/radix.quern.json': SIDECAR,
  'plugins/native/text.wasm': bytes('test/fixtures/sdk/c/example.wasm'),
  // Were it a file .c, that would be compiled in place of the module.
  'plugins/native/text.h': C_SOURCE,
  'plugins/alone/kinds.wasm': bytes('test/fixtures/sdk/c/kinds.wasm'),
  'other.sql': "select base58_encode('a'::blob), c_echo('a', 2);\n",
};

describe('functions of modules from other compilers', function () {
  this.timeout(60_000);
  let lsp: LanguageServerFixture;

  before(async () => {
    lsp = await LanguageServerFixture.start(FILES);
    for (const name of ['radix', 'native/text', 'alone/kinds'])
      await lsp.plugin(`plugins/${name}.wasm`, (s) => s.state === 'loaded');
    lsp.open('q.sql', 'sql', '');
  });
  after(() => lsp.dispose());

  /** The files that a rename changes, as they are then. */
  async function renamed(marked: string, newName: string): Promise<Record<string, string>> {
    const text = withoutMark(marked);
    lsp.change('q.sql', text);
    const { changes = {} } = await lsp.at<WorkspaceEdit>('rename', 'q.sql', marked, { newName });
    const before: Record<string, unknown> = { ...FILES, 'q.sql': text };
    return Object.fromEntries(
      Object.entries(changes).map(([uri, edits]) => {
        const name = Object.keys(before).find((file) => lsp.uri(file) === uri) ?? uri;
        const document = TextDocument.create('', '', 1, String(before[name]));
        return [name, TextDocument.applyEdits(document, edits)];
      }),
    );
  }

  it('are renamed in the manifest beside the module, which then gives the new name', async () => {
    const changed = await renamed("select base58_en|code('x'::blob)", 'to_base58');
    const sidecar = SIDECAR.replace(
      '"name": "base58_encode"',
      '"name": "to_base58", "export": "base58_encode"',
    );
    assert.deepEqual(changed, {
      'plugins/radix.quern.json': sidecar,
      'other.sql': FILES['other.sql'].replace('base58_encode', 'to_base58'),
      'q.sql': "select to_base58('x'::blob)",
    });
    lsp.write('plugins/radix.quern.json', sidecar);
    void lsp.rpc.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: lsp.uri('plugins/radix.quern.json'), type: 2 }],
    });
    const state = await lsp.plugin('plugins/radix.wasm', ({ functions }) =>
      functions.some(({ name }) => name === 'to_base58'),
    );
    assert.equal(state.state, 'loaded', state.message);
    assert.ok(!state.functions.some(({ name }) => name === 'base58_encode'));
  });

  it('are renamed in the manifest of a source in C, to be compiled again', async () => {
    assert.deepEqual(await renamed("select c_ec|ho('x', 1)", 'repeated'), {
      'plugins/native/text.h': C_SOURCE.replace('"name": "c_echo"', '"name": "repeated", "export": "c_echo"'),
      'other.sql': FILES['other.sql'].replace('c_echo', 'repeated'),
      'q.sql': "select repeated('x', 1)",
    });
  });

  it('are refused another name where no manifest is found', async () => {
    lsp.change('q.sql', 'select c_even(2)');
    const asked = lsp.at('rename', 'q.sql', 'select c_ev|en(2)', { newName: 'is_even' });
    await assert.rejects(asked, /no manifest beside it names/);
  });

  it('lead to the manifest that names them', async () => {
    const marked = "select c_ec|ho('x', 1)";
    lsp.change('q.sql', withoutMark(marked));
    const place = await lsp.at<Location>('definition', 'q.sql', marked);
    assert.equal(place.uri, lsp.uri('plugins/native/text.h'));
    const line = C_SOURCE.split('\n')[place.range.start.line] ?? '';
    assert.equal(line.slice(place.range.start.character, place.range.end.character), 'c_echo');
    const context = { includeDeclaration: true };
    const found = await lsp.at<Location[]>('references', 'q.sql', marked, { context });
    assert.deepEqual(
      found.map(({ uri }) => uri).sort(),
      ['other.sql', 'plugins/native/text.h', 'q.sql'].map((name) => lsp.uri(name)).sort(),
    );
  });
});
