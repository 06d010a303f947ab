import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connectToHost } from '../../wasm-core/connect/connect.ts';
import { WASM_TIERS } from '../../wasm-core/protocol/stats.ts';
import { HostHome } from '../support/host-process.ts';
import { assemble, UPPER_WAT } from '../support/wat.ts';

describe('host: how it compiles WebAssembly', () => {
  for (const wasmTier of WASM_TIERS) {
    it(`is told to a host that is started, and shown: ${wasmTier}`, async () => {
      const home = new HostHome();
      try {
        const { folder, socket, hostPath } = home;
        const options = { home: folder, socket, hostPath, start: true, client: 'test/1', wasmTier };
        const connection = await connectToHost(options);
        assert.equal((await connection.request('host/stats', undefined)).wasmTier, wasmTier);
        const base64 = Buffer.from(await assemble(UPPER_WAT)).toString('base64');
        await connection.request('module/load', { bytes: { base64 }, name: 'upper' });
        const params = { module: 'upper', input: { utf8: 'x' } };
        assert.deepEqual((await connection.request('module/execute', params)).output, { utf8: 'X' });
        await connection.request('host/shutdown', undefined);
        connection.dispose();
      } finally {
        await home.dispose();
      }
    });
  }

  it('is refused when it is no such thing, and the words that there are are told', async () => {
    const home = new HostHome();
    const before = process.env.QUERN_WASM_TIER;
    process.env.QUERN_WASM_TIER = 'fast';
    try {
      const host = home.spawn();
      let text = '';
      host.stderr?.on('data', (chunk) => {
        text += String(chunk);
      });
      const [code] = await once(host, 'close');
      assert.equal(code, 2);
      assert.match(text, /no tier "fast"\. There are lazy, eager, baseline, optimized/);
    } finally {
      if (before === undefined) delete process.env.QUERN_WASM_TIER;
      else process.env.QUERN_WASM_TIER = before;
      await home.dispose();
    }
  });
});
