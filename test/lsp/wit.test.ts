import assert from 'node:assert/strict';
import { buildComponent, COMPONENT_WAT, COMPONENT_WIT } from '../support/components.ts';
import { LanguageServerFixture } from '../support/language-server.ts';

describe('WIT in the editor', () => {
  let server: LanguageServerFixture;
  before(async () => {
    const component = await buildComponent(COMPONENT_WAT, COMPONENT_WIT);
    server = await LanguageServerFixture.start({
      'kit/strings.wasm': component,
      'kit/none.wasm': new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
      'many/types.wit': 'package demo:many;\ninterface types { record point { x: f64, y: f64 } }\n',
      'many/deps/units/units.wit':
        'package demo:units@0.1.0;\ninterface length { type metre = f64; }\nworld none {}\n',
    });
  });
  after(() => server.dispose());

  const CASES: readonly (readonly [what: string, text: string, marked: string, message: RegExp])[] = [
    ['a word that may not stand there', 'world w {\n  expor f: func();\n}\n', 'expor', /expected/i],
    [
      'a type that is not there',
      'package a:b;\nworld w {\n  export f: func(a: nope) -> s32;\n}\n',
      'nope',
      /`nope` does not exist/,
    ],
    ['an interface that ends too early', 'package a:b;\ninterface i {\n  f: func(\n', '(', /expected/i],
  ];
  for (const [index, [what, text, marked, message]] of CASES.entries()) {
    it(`underlines ${what}`, async () => {
      const name = `case-${index}/plugin.wit`;
      server.open(name, 'wit', text);
      const [found] = await server.diagnostics(name, (all) => all.length === 1);
      assert.match(found?.message ?? '', message);
      const lines = text.split('\n');
      const { start, end } = found?.range ?? assert.fail('no diagnostic');
      assert.equal(lines[start.line]?.slice(start.character, end.character), marked);
    });
  }

  it('has nothing to say of a package of several files that uses another', async () => {
    const text = `package demo:many;
world plugin {
  use types.{point};
  import demo:units/length@0.1.0;
  export far: func(a: point, b: point) -> f64;
}
`;
    server.open('many/world.wit', 'wit', `${text}oops\n`);
    await server.diagnostics('many/world.wit', (all) => all.length === 1);
    server.change('many/world.wit', text);
    await server.diagnostics('many/world.wit', (all) => all.length === 0);
  });

  it('tells where the component beside it is not as its world says', async () => {
    server.open('kit/strings.wit', 'wit', COMPONENT_WIT.replace('times: u8', 'times: u16'));
    const [found] = await server.diagnostics('kit/strings.wit', (all) => all.length === 1);
    assert.match(
      found?.message ?? '',
      /exports shout: func\(text: string, times: u16\) -> string; strings\.wasm exports shout: func\(text: string, times: u8\)/,
    );
    server.change('kit/strings.wit', COMPONENT_WIT);
    await server.diagnostics('kit/strings.wit', (all) => all.length === 0);
  });

  it('tells the world of a component, and none of a module', async () => {
    const { world } = await worldOf('kit/strings.wasm');
    assert.match(world ?? '', /export shout: func\(text: string, times: u8\) -> string;/);
    assert.deepEqual(await worldOf('kit/none.wasm'), {});
  });

  function worldOf(name: string): Promise<{ readonly world?: string }> {
    return server.rpc.sendRequest('quern/world', { uri: server.uri(name) });
  }
});
