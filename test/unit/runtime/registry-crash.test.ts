import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRegistryStore } from '../../../wasm-core/runtime/node/registry-store.ts';
import { Registry } from '../../../wasm-core/runtime/registry.ts';
import { assemble, ECHO_WAT } from '../../support/wat.ts';

const LOADER = path.join(__dirname, 'registry-loader.entry.cjs');
const ROUNDS = 200;
/** Then a new home, so that the last rounds do not read hundreds of modules over and over. */
const ROUNDS_OF_A_HOME = 25;

/** Starts a loader, kills it with SIGKILL somewhere in its loads, and gives the last load that it had reported. */
async function loadAndKill(home: string, first: number): Promise<number> {
  const child = spawn(process.execPath, [LOADER, home, String(first), path.join(home, 'plain.wasm')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const loads = 3 + Math.floor(Math.random() * 6);
  let isTold = false;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    output += text;
    const lines = output.split('\n').length - 1;
    if (isTold || lines < loads) return;
    isTold = true;
    setTimeout(() => child.kill('SIGKILL'), Math.random() * 10);
  });
  const [, signal] = await once(child, 'close');
  assert.equal(signal, 'SIGKILL');
  const reported = output.split('\n').slice(0, -1).map(Number);
  return reported.at(-1) ?? first - 1;
}

/** Some rounds in one home; after each of them everything that was reported must be there. */
async function crashOverAndOver(rounds: number, parent: string): Promise<void> {
  const home = await mkdtemp(path.join(parent, 'qk-'));
  const plain = await assemble(ECHO_WAT.replace('1)', '1) (data (i32.const 0) "????")'));
  await writeFile(path.join(home, 'plain.wasm'), plain);
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  try {
    const expected = new Set<number>();
    let next = 0;
    for (let round = 0; round < rounds; round++) {
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
}

describe('the registry after kill -9', function () {
  this.timeout(300_000);

  it(`has every module whose load was reported, ${ROUNDS} kills in a row, and nothing torn`, async () => {
    // A kill loses nothing that the system was given, so after the first home memory is as good as a disk, and quicker.
    const parents = [tmpdir(), existsSync('/dev/shm') ? '/dev/shm' : tmpdir()];
    for (let done = 0; done < ROUNDS; done += ROUNDS_OF_A_HOME) {
      await crashOverAndOver(ROUNDS_OF_A_HOME, parents[done === 0 ? 0 : 1] ?? tmpdir());
    }
  });
});
