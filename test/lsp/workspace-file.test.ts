import assert from 'node:assert/strict';
import type { CodeAction } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LanguageServerFixture } from '../support/language-server.ts';

const TWICE = `;; @udf twice(x BIGINT) -> BIGINT
(module (func (export "twice") (param i64) (result i64) (i64.add (local.get 0) (local.get 0))))
`;
const FILE = `{
  "plugins": ["plugins", "udf/*.wat"],
  "limits": { "timeoutMs": 0 },
  "capabilities": { "twice": ["log"], "thrice": ["state"], "*": ["network"] },
  "functions": { "twice": { "fuel": 5 }, "half": { "fuel": 5 } },
  "tables": { "t": { "path": "gone.csv" }, "u": { "path": "data/*.csv" } },
  "chains": { "c": "gone.chain.json", "d": ["twice", "nobody"] },
  "limit": {}
}
`;

/** Each diagnostic: its code, and the text that it stands under. */
function told(
  diagnostics: readonly {
    code?: unknown;
    range: { start: { line: number; character: number }; end: { line: number; character: number } };
  }[],
) {
  const lines = FILE.split('\n');
  return diagnostics.map(({ code, range: { start, end } }) => [
    code,
    (lines[start.line] ?? '').slice(start.character, end.character),
  ]);
}

const FAULTS = [
  ['workspace-file', '"limit"'],
  ['workspace-file', '0'],
  ['workspace-file', '"network"'],
];
const REFERENCES = [
  ['workspace-reference', '"thrice"'],
  ['workspace-reference', '"half"'],
  ['workspace-reference', '"udf/*.wat"'],
  ['workspace-reference', '"gone.csv"'],
  ['workspace-reference', '"gone.chain.json"'],
  ['workspace-reference', '"d"'],
];

describe('quern.json in the language server', () => {
  async function withServer(options: object, use: (server: LanguageServerFixture) => Promise<void>) {
    const server = await LanguageServerFixture.start(
      { 'plugins/twice.wat': TWICE, 'quern.json': '{}' },
      { initializationOptions: options },
    );
    try {
      await server.plugin('plugins/twice.wat', (s) => s.state === 'loaded');
      await use(server);
    } finally {
      await server.dispose();
    }
  }

  it('tells what is at fault, and what is not there, at its place', async () => {
    await withServer({}, async (server) => {
      server.open('quern.json', 'json', FILE);
      const found = await server.diagnostics('quern.json', (d) => d.length > 0);
      assert.deepEqual(told(found), [...FAULTS, ...REFERENCES]);
      server.change('quern.json', '{ "capabilities": ');
      const [broken] = await server.diagnostics('quern.json', (d) => d.length === 1);
      assert.match(broken?.message ?? '', /is not JSON/);
      server.change('quern.json', '{ "capabilities": { "twice": ["log"] } }');
      await server.diagnostics('quern.json', (d) => d.length === 0);
    });
  });

  it('is given the grant that a plugin lacks, on lines of its own', async () => {
    await withServer({}, async (server) => {
      const clock = TWICE.replace('(module ', '(module (import "host" "now_ms" (func (result f64)))\n');
      server.open('plugins/twice.wat', 'wat', clock);
      const isLacking = ({ code }: { readonly code?: unknown }) => code === 'import-not-granted';
      const all = await server.diagnostics('plugins/twice.wat', (d) => d.some(isLacking));
      const diagnostics = all.filter(isLacking);
      const uri = server.uri('quern.json');
      const mended = async (text: string) => {
        server.write('quern.json', text);
        const [action] = await server.request<CodeAction[]>('codeAction', {
          textDocument: { uri: server.uri('plugins/twice.wat') },
          range: diagnostics[0]?.range,
          context: { diagnostics },
        });
        if (action !== undefined) assert.equal(action.title, 'Grant clock to twice in quern.json');
        const edits = action?.edit?.changes?.[uri];
        return edits && TextDocument.applyEdits(TextDocument.create(uri, 'json', 1, text), edits);
      };
      const cases: readonly [before: string, after: unknown][] = [
        ['{}', { capabilities: { twice: ['clock'] } }],
        ['{"capabilities": {"twice": ["state"]}}', { capabilities: { twice: ['state', 'clock'] } }],
      ];
      for (const [before, after] of cases) {
        assert.deepEqual(JSON.parse((await mended(before)) ?? ''), after, before);
      }
      const formatted = await mended('{\n  "limits": { "fuel": 7 }\n}\n');
      assert.match(formatted ?? '', /\n {2}"capabilities": \{\n {4}"twice": /);
      assert.equal(await mended('{ "capab'), undefined);
    });
  });

  it('leaves to the editor what its schema tells', async () => {
    await withServer(
      { validatesJson: true, diagnostics: { 'workspace-reference': 'error' } },
      async (server) => {
        server.open('quern.json', 'json', FILE);
        const found = await server.diagnostics('quern.json', (d) => d.length > 0);
        assert.deepEqual(told(found), REFERENCES);
        assert.deepEqual([...new Set(found.map(({ severity }) => severity))], [1]);
      },
    );
  });
});
