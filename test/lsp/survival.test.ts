import assert from 'node:assert/strict';
import type { CodeLens } from 'vscode-languageserver';
import { LanguageServerFixture } from '../support/language-server.ts';

const TWICE = `(module
  ;; @udf twice(x BIGINT) -> BIGINT
  (func (export "twice") (param $x i64) (result i64) (i64.add (local.get $x) (local.get $x))))
`;

describe('the language server lives on', () => {
  it('when the host is killed: it starts another and checks again', async () => {
    const server = await LanguageServerFixture.start({ 'plugins/twice.wat': TWICE });
    try {
      await server.plugin('plugins/twice.wat', (s) => s.state === 'loaded');
      server.open('q.sql', 'sql', 'select twice(nothing)');
      await server.diagnostics('q.sql', (d) => d.length === 1);
      for (let round = 0; round < 2; round++) {
        const host = await server.host();
        const states = server.hostStates.length;
        process.kill(host.pid, 'SIGKILL');
        host.dispose();
        await server.until(() => (server.hostStates.length >= states + 2 ? true : undefined), 'another host');
        assert.deepEqual(server.hostStates.slice(states, states + 2), [false, true]);
        server.change('q.sql', `select twice(${round})`);
        await server.diagnostics('q.sql', (d) => d.length === 0);
        server.change('q.sql', `select twice(missing_${round})`);
        await server.diagnostics('q.sql', (d) => d[0]?.message.includes(`missing_${round}`) === true);
      }
    } finally {
      await server.dispose();
    }
  });

  it('through thousands of random edits', async () => {
    const server = await LanguageServerFixture.start({
      'plugins/twice.wat': TWICE,
      'data.csv': 'a,b\n1,2\n',
    });
    const random = generator(42);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const texts = new Map<string, string>([
      ['q.sql', "select a, twice(b) from 'data.csv' d join (select 1 as one) o on d.a = o.one;\nselect 2;"],
      ['plugins/twice.wat', TWICE],
      ['plugins/text.ts', '/** @udf */\nexport function f(s: string): string { return s; }\n'],
    ]);
    const languages: Record<string, string> = { sql: 'sql', wat: 'wat', ts: 'typescript' };
    try {
      for (const [name, text] of texts)
        server.open(name, languages[name.split('.').at(-1) ?? ''] ?? '', text);
      for (let i = 0; i < 4_000; i++) {
        const name = pick([...texts.keys()]);
        const text = mutate(texts.get(name) ?? '', random, pick);
        texts.set(name, text);
        server.change(name, text);
        if (i % 10 === 0)
          await ask(server, pick(['completion', 'hover', 'signatureHelp', 'definition']), random, texts);
        if (i % 500 === 0) server.save(name, text);
      }
      server.change('q.sql', 'select 1;');
      const textDocument = { uri: server.uri('q.sql') };
      assert.equal((await server.request<CodeLens[]>('codeLens', { textDocument })).length, 3);
      await server.diagnostics('q.sql', (d) => d.length === 0);
      assert.equal(server.server.exitCode, null);
      assert.deepEqual(
        server.logged.filter((line) => / at .*\.(js|ts):\d/.test(line)),
        [],
      );
    } finally {
      await server.dispose();
    }
  });
});

async function ask(
  server: LanguageServerFixture,
  method: string,
  random: () => number,
  texts: Map<string, string>,
): Promise<void> {
  const text = texts.get('q.sql') ?? '';
  const at = Math.floor(random() * (text.length + 1));
  await server.at(method, 'q.sql', `${text.slice(0, at)}|${text.slice(at)}`.replace(/\|(?=.*\|)/s, ' '));
}

const PIECES = [
  ...`select from where ( ) " ' ; -- /* */ $$ , . * $x (; ;) ;; @udf 😀 é \\ \u0000 with a as join on`.split(
    ' ',
  ),
  '\n',
  '\r\n',
  ' ',
];

function mutate(text: string, random: () => number, pick: <T>(list: readonly T[]) => T): string {
  const at = Math.floor(random() * (text.length + 1));
  const length = Math.floor(random() * 12);
  if (text.length > 2_000) return text.slice(0, 500);
  return random() < 0.5
    ? text.slice(0, at) + pick(PIECES) + text.slice(at)
    : text.slice(0, at) + text.slice(at + length);
}

/** A small seeded generator, so that a failure can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 4_294_967_296;
  };
}
