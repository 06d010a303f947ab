import assert from 'node:assert/strict';
import { bytesOf, GIVE_NUMBER, HostileHost, processWith, SHORT } from '../support/hostile-host.ts';

const MB = 1024 * 1024;

describe('host: tables that are too large', function () {
  this.timeout(120_000);
  const host = new HostileHost();
  before(() => host.start());
  after(() => host.dispose());

  it('gives a guest that grows its table an end, and keeps its own memory', async () => {
    const before = await host.rssBytes();
    const wat = processWith(
      `(block $full (loop $more
         (br_if $full (i32.eq (i32.const -1) (table.grow $t (ref.null func) (i32.const 100000)))) (br $more)))
       (local.set $i (table.size $t)) ${GIVE_NUMBER}`,
      { extra: '(memory (export "memory") 1) (table $t 1 funcref)' },
    );
    const { output } = await host.run(wat);
    assert.ok(bytesOf(output).readUInt32LE() <= 10_000_000);
    const grown = (await host.rssBytes()) - before;
    assert.ok(grown < 400 * MB, `${grown} bytes`);
  });

  it('ends with an error when a module wants tables of a billion entries', async () => {
    const tables = Array(100).fill('(table 10000000 funcref)').join(' ');
    const wat = processWith('(i32.const 0)', { extra: `(memory (export "memory") 1) ${tables}` });
    const error = await host.run(wat, { limits: SHORT }).then(undefined, (e: unknown) => e);
    const { kind } = error as { readonly kind?: string };
    assert.match(String(kind), /^(MEMORY_LIMIT|FORMAT_UNSUPPORTED|DEADLINE_EXCEEDED)$/);
    assert.ok((await host.rssBytes()) < 1500 * MB);
  });
});
