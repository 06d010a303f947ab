import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HostHome } from '../support/host-process.ts';
import type { RawClient } from '../support/raw-client.ts';
import { assemble, ECHO_WAT, LOOP_WAT, REVERSE_WAT, UPPER_WAT } from '../support/wat.ts';

interface Answer {
  readonly result?: { readonly output: unknown; readonly usage: Readonly<Record<string, unknown>> };
  readonly error?: { readonly message: string; readonly data: { readonly kind: string } };
}

/**
 * The commonest request has a way of its own through the host. These tests send each request twice, once as that way
 * takes it and once with its members in another order, and hold the answers against each other.
 */
describe('host: the hot path', () => {
  const home = new HostHome();
  let client: RawClient;
  let nextId = 1000;
  before(async () => {
    await home.start();
    client = await home.raw({ hello: true });
    const failing = LOOP_WAT.replace('(loop $again (br $again))', '');
    const modules = { upper: UPPER_WAT, reverse: REVERSE_WAT, echo: ECHO_WAT, loop: LOOP_WAT, failing };
    for (const [name, wat] of Object.entries(modules)) {
      const base64 = Buffer.from(await assemble(wat)).toString('base64');
      assert.ok((await client.request('module/load', { bytes: { base64 }, name })).result);
    }
  });
  after(() => home.dispose());

  async function send(params: string): Promise<Answer> {
    const id = nextId++;
    client.send(`{"jsonrpc":"2.0","id":${id},"method":"module/execute","params":${params}}\n`);
    const { result, error } = (await client.answer(id)) as Answer;
    return { ...(result && { result }), ...(error && { error }) };
  }

  async function bothWays(module: string, utf8: string): Promise<Answer> {
    const hot = await send(JSON.stringify({ module, input: { utf8 } }));
    const plain = await send(JSON.stringify({ input: { utf8 }, module }));
    assert.deepEqual(withoutTime(hot), withoutTime(plain));
    return hot;
  }

  it('gives what the way of all requests gives, for any text', async () => {
    const text = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ maxLength: 30, unit: 'binary' }));
    const check = async (module: string, utf8: string): Promise<void> => {
      // Half a surrogate pair has no UTF-8 and is refused before it gets here.
      if (/\p{Surrogate}/u.test(utf8)) return;
      await bothWays(module, utf8);
    };
    await fc.assert(fc.asyncProperty(fc.constantFrom('upper', 'reverse', 'echo'), text, check), {
      numRuns: 300,
    });
  });

  it('tells its fuel, the same each time', async () => {
    const answers = [];
    for (let i = 0; i < 50; i++) answers.push(await bothWays('upper', 'hello'));
    const fuel = new Set(answers.map(({ result }) => result?.usage.fuel));
    assert.equal(fuel.size, 1);
    assert.ok(Number([...fuel][0]) > 50);
    assert.deepEqual(answers[0]?.result?.output, { utf8: 'HELLO' });
  });

  it('tells what is wrong as the way of all requests does', async () => {
    assert.equal((await bothWays('failing', 'x')).error?.data.kind, 'TRAP');
    assert.equal((await bothWays('nothing', 'x')).error?.data.kind, 'MODULE_UNKNOWN');
    assert.equal((await bothWays('upper', 'x'.repeat(100_000))).error, undefined);
  });

  it('follows a label that moves, and forgets one that goes', async () => {
    assert.deepEqual((await bothWays('echo', 'abc')).result?.output, { utf8: 'abc' });
    const base64 = Buffer.from(await assemble(UPPER_WAT)).toString('base64');
    await client.request('module/load', { bytes: { base64 }, name: 'echo' });
    assert.deepEqual((await bothWays('echo', 'abc')).result?.output, { utf8: 'ABC' });
    await client.request('module/unload', { module: 'echo' });
    assert.equal((await bothWays('echo', 'abc')).error?.data.kind, 'MODULE_UNKNOWN');
  });

  it('answers hundreds of one write, long runs among them, each by its id', async () => {
    const ids = Array.from({ length: 600 }, () => nextId++);
    const limits = '"limits":{"timeoutMs":300}';
    const lines = ids.map((id, i) =>
      i % 200 === 0
        ? `{"jsonrpc":"2.0","id":${id},"method":"module/execute","params":{"module":"loop","input":{"utf8":""},${limits}}}`
        : `{"jsonrpc":"2.0","id":${id},"method":"module/execute","params":{"module":"upper","input":{"utf8":"n${id}"}}}`,
    );
    client.send(`${lines.join('\n')}\n`);
    for (const [i, id] of ids.entries()) {
      const answer = (await client.answer(id)) as Answer;
      if (i % 200 === 0) assert.equal(answer.error?.data.kind, 'DEADLINE_EXCEEDED');
      else assert.deepEqual(answer.result?.output, { utf8: `N${id}` });
    }
  });
});

/** An answer without what differs from run to run. */
function withoutTime({ result, error }: Answer): unknown {
  if (result === undefined) return { kind: error?.data.kind, message: error?.message };
  const { micros: _, ...usage } = result.usage;
  return { ...result, usage };
}
