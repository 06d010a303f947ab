import assert from 'node:assert/strict';
import { LSP_VISIBLE } from '../../wasm-core/protocol/lsp.ts';
import { LanguageServerFixture } from '../support/language-server.ts';

describe('a long file', function () {
  this.timeout(150_000);
  let lsp: LanguageServerFixture;
  before(async () => {
    lsp = await LanguageServerFixture.start();
    // The engine has to run, or its start decides what is published first.
    lsp.open('small.sql', 'sql', 'select nope');
    const started = () => lsp.diagnostics('small.sql', (found) => found.length === 1);
    await started().catch(started).catch(started);
  });
  after(() => lsp.dispose());

  /** Of 400 lines with a fault in each those that are published first; all are in the end. */
  async function firstFaults(name: string): Promise<number[]> {
    const text = Array.from({ length: 400 }, (_, i) => `select ${name.slice(0, 1)}_${i};`).join('\n');
    lsp.open(name, 'sql', text);
    const first = await lsp.diagnostics(name, (found) => found.length > 0);
    await lsp.diagnostics(name, (found) => found.length === 400);
    return first.map(({ range }) => range.start.line);
  }

  it('is checked from the top', async () => {
    const lines = await firstFaults('a.sql');
    assert.ok(
      lines.every((line) => line < 20),
      lines.join(),
    );
  });

  it('is checked where it is on the screen first', async () => {
    const uri = lsp.uri('b.sql');
    const documents = [
      { uri, lines: [{ first: 200, last: 204 }] },
      { uri, lines: [{ first: 390, last: 399 }] },
    ];
    await lsp.rpc.sendNotification(LSP_VISIBLE, { documents });
    const lines = await firstFaults('b.sql');
    assert.ok(
      lines.every((line) => (line >= 200 && line <= 204) || line >= 390),
      lines.join(),
    );
  });

  it('is checked whatever a client says of its screen', async () => {
    const wrong = [
      null,
      { documents: 7 },
      {
        documents: [null, { uri: lsp.uri('c.sql'), lines: [null, { first: 'a' }, { first: -5, last: 1e9 }] }],
      },
    ];
    for (const told of wrong) await lsp.rpc.sendNotification(LSP_VISIBLE, told);
    assert.ok((await firstFaults('c.sql')).length > 0);
  });
});
