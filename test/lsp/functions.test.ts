import assert from 'node:assert/strict';
import type { CodeLens, Hover } from 'vscode-languageserver';
import type { SourceFunctionsResult } from '../../wasm-core/protocol/lsp.ts';
import { eventually } from '../support/eventually.ts';
import { LanguageServerFixture } from '../support/language-server.ts';

const RATIO = `;; Divides.
;; @udf ratio(a INTEGER, b INTEGER) -> INTEGER
(module
  (func $ratio (export "ratio") (param $a i32) (param $b i32) (result i32)
    (i32.div_s (local.get $a) (local.get $b))))
`;
const TEXT = `/**
 * Upper-cases a text.
 * @udf
 */
export function shout(s: string): string {
  return s.toUpperCase();
}

/** @udf */
export function whisper(s: string): string {
  return s.toLowerCase();
}
`;

describe('functions in the sources of plugins', function () {
  this.timeout(120_000);
  let server: LanguageServerFixture;
  const refreshed: string[] = [];
  before(async () => {
    server = await LanguageServerFixture.start(
      {
        'plugins/ratio.wat': RATIO,
        'plugins/text.ts': TEXT,
        'a.sql': 'select ratio(4, 2);\nselect ratio(1, 1) + ratio(2, 2);\n',
        'b.sql': "-- ratio in a comment\nselect 'ratio(1, 2)' as ratio;\n",
      },
      { capabilities: { workspace: { codeLens: { refreshSupport: true } } } },
    );
    server.rpc.onRequest('workspace/codeLens/refresh', () => {
      refreshed.push('lenses');
      return null;
    });
    for (const name of ['plugins/ratio.wat', 'plugins/text.ts']) {
      await server.plugin(name, (s) => s.state === 'loaded');
    }
    server.open('plugins/ratio.wat', 'wat', RATIO);
    server.open('plugins/text.ts', 'typescript', TEXT);
  });
  after(() => server.dispose());

  const lensesOf = (name: string) =>
    server.request<CodeLens[]>('codeLens', { textDocument: { uri: server.uri(name) } });
  const hoverAt = (name: string, line: number, character: number) =>
    server.request<Hover | null>('hover', {
      textDocument: { uri: server.uri(name) },
      position: { line, character },
    });
  const textOf = (hover: Hover | null) => (hover?.contents as { value: string } | undefined)?.value ?? '';

  it('have lenses that carry the function', async () => {
    const lenses = await lensesOf('plugins/text.ts');
    const titles = lenses.map(({ range, command }) => `${range.start.line} ${command?.title}`);
    assert.deepEqual(titles, [
      '4 $(play) Run with…',
      '4 Test',
      '4 Benchmark',
      '4 Profile',
      '9 $(play) Run with…',
      '9 Test',
      '9 Benchmark',
      '9 Profile',
    ]);
    const target = lenses[4]?.command?.arguments?.[0];
    assert.equal(target.uri, server.uri('plugins/text.ts'));
    assert.deepEqual([target.module, target.function.name], ['text', 'whisper']);
  });

  it('keep their lenses while the source does not compile, and move them when it does again', async () => {
    server.change('plugins/ratio.wat', RATIO.replace('(module', '(modul'));
    await server.diagnostics('plugins/ratio.wat', (d) => d.length > 0);
    assert.equal((await lensesOf('plugins/ratio.wat'))[0]?.range.start.line, 3);
    const before = refreshed.length;
    server.change('plugins/ratio.wat', `;; one more line\n${RATIO}`);
    await server.diagnostics('plugins/ratio.wat', (d) => d.length === 0);
    await eventually('lenses are asked for again', () => (refreshed.length > before ? true : undefined));
    assert.equal((await lensesOf('plugins/ratio.wat'))[0]?.range.start.line, 4);
    server.change('plugins/ratio.wat', RATIO);
    await eventually('and again', () => (refreshed.length > before + 1 ? true : undefined));
  });

  it('are told by their lines', async () => {
    const ask = (uri: string) => server.rpc.sendRequest<SourceFunctionsResult>('quern/functions', { uri });
    const { functions } = await ask(server.uri('plugins/text.ts'));
    assert.deepEqual(
      functions.map(({ function: fn, line }) => [fn.name, line]),
      [
        ['shout', 4],
        ['whisper', 9],
      ],
    );
    assert.deepEqual(await ask(server.uri('a.sql')), { functions: [] });
  });

  it('show their signature, size and calls in SQL when one hovers over their names', async () => {
    const text = textOf(await hoverAt('plugins/ratio.wat', 3, 26));
    assert.match(text, /^```sql\nratio\(a INTEGER, b INTEGER\) -> INTEGER\n```\n\nDivides\\?\./);
    assert.match(text, /\n\n\d+ bytes of code in a module of \d+ bytes\.\n\n/);
    const link = `${server.uri('a.sql')}#L`;
    assert.ok(text.includes(`Called 3 times in SQL: [a.sql:1](${link}1), [a.sql:2](${link}2)`), text);
    assert.match(textOf(await hoverAt('plugins/ratio.wat', 3, 10)), /ratio\(a INTEGER/, 'its $name, too');
    assert.match(
      textOf(await hoverAt('plugins/ratio.wat', 4, 8)),
      /^```wat\ni32\.div_s/,
      'an instruction is none of them',
    );
    assert.match(textOf(await hoverAt('plugins/text.ts', 9, 18)), /No SQL file of the workspace calls it\./);
  });
});

describe('functions in the sources of plugins in Restricted Mode', () => {
  it('have no lenses and no hover', async () => {
    const server = await LanguageServerFixture.start(
      { 'plugins/ratio.wat': RATIO },
      { initializationOptions: { trusted: false } },
    );
    try {
      server.open('plugins/ratio.wat', 'wat', RATIO);
      const textDocument = { uri: server.uri('plugins/ratio.wat') };
      assert.deepEqual(await server.request('codeLens', { textDocument }), []);
      assert.equal(
        await server.request('hover', { textDocument, position: { line: 3, character: 26 } }),
        null,
      );
    } finally {
      await server.dispose();
    }
  });
});
