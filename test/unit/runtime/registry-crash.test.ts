import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRegistryStore } from '../../../wasm-core/runtime/node/registry-store.ts';
import { Registry } from '../../../wasm-core/runtime/registry.ts';

const LOADER = path.join(__dirname, 'registry-loader.entry.cjs');
const ROUNDS = 20;

/** Starts a loader, kills it with SIGKILL somewhere in its loads, and gives the last load that it had reported. */
async function loadAndKill(home: string, first: number): Promise<number> {
  const child = spawn(process.execPath, [LOADER, home, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const loads = 3 + Math.floor(Math.random() * 6);
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    output += text;
    const lines = output.split('\n').length - 1;
    if (lines === loads) setTimeout(() => child.kill('SIGKILL'), Math.random() * 10);
  });
  const [, signal] = await once(child, 'close');
  assert.equal(signal, 'SIGKILL');
  const reported = output.split('\n').slice(0, -1).map(Number);
  return reported.at(-1) ?? first - 1;
}

describe('the registry after kill -9', () => {
  it(`has every module whose load was reported, ${ROUNDS} kills in a row, and nothing torn`, async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'qk-'));
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    try {
      const expected = new Set<number>();
      let next = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const last = await loadAndKill(home, next);
        for (let i = next; i <= last; i++) expected.add(i);
        next = last + 2;
        const registry = await Registry.open({ store: createRegistryStore({ home, warn }), warn });
        const names = new Set(registry.list().map((r) => r.info.name));
        for (const i of expected)
          assert.ok(names.has(i % 3 === 0 ? 'moving' : `m${i}`), `m${i} in round ${round}`);
        for (const record of registry.list().slice(-3)) await registry.compiled(record);
      }
      assert.deepEqual(warnings, []);
      const left = await readdir(path.join(home, 'modules'));
      assert.deepEqual(
        left.filter((name) => name.startsWith('.tmp-')),
        [],
      );
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});
