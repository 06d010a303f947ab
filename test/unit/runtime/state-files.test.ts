import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createStateFiles } from '../../../wasm-core/runtime/node/state-files.ts';
import { StateStore } from '../../../wasm-core/runtime/state/state-store.ts';
import { throwsKind } from '../../support/core-error.ts';

const WRITER = path.join(__dirname, 'state-writer.entry.cjs');
const KILLS = 8;

describe('the files of states', () => {
  let home: string;
  let warnings: string[];
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'qs-'));
    warnings = [];
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  /** Opens the home anew, as a restart does. */
  const open = () =>
    StateStore.open(createStateFiles({ home, warn: (message) => void warnings.push(message) }));
  const scope = (name: string, namespace = 'default') => ({ namespace, name });
  const folder = () => path.join(home, 'state');

  function set(store: StateStore, name: string, values: Readonly<Record<string, Uint8Array>>) {
    const journal = store.journal();
    for (const [key, value] of Object.entries(values)) journal.view(scope(name)).set(key, value);
    return journal.commit();
  }

  it('have everything again after a restart: any key, any bytes', async () => {
    const every = Uint8Array.from({ length: 256 }, (_, i) => i);
    const values = {
      'ä\n"€': every,
      empty: new Uint8Array(0),
      7: Uint8Array.of(7),
      large: new Uint8Array(65_536),
    };
    const before = await open();
    await set(before, 'a', values);
    await set(before, 'Grüße / ../x', { k: every });
    const after = await open();
    assert.deepEqual(Object.fromEntries(after.committed(scope('a')).entries), values);
    assert.deepEqual(after.committed(scope('Grüße / ../x')).entries.get('k'), every);
    assert.equal(after.committed(scope('a', '/other')).entries.size, 0);
    assert.equal((await readdir(folder())).length, 2);
    assert.deepEqual(warnings, []);
  });

  it('are gone with their scope', async () => {
    const store = await open();
    await set(store, 'a', { k: Uint8Array.of(1) });
    await store.drop(scope('a'));
    assert.deepEqual(await readdir(folder()), []);
    assert.equal((await open()).committed(scope('a')).entries.size, 0);
  });

  it('that are torn, changed or foreign are set aside with a warning, and the rest opens', async () => {
    const before = await open();
    for (const name of ['whole', 'torn', 'flipped', 'copied'])
      await set(before, name, { k: Uint8Array.of(1, 2) });
    const files = new Map<string, string>();
    for (const file of await readdir(folder())) {
      const { body } = JSON.parse(await readFile(path.join(folder(), file), 'utf8')) as {
        body: { name: string };
      };
      files.set(body.name, path.join(folder(), file));
    }
    const file = (name: string) => files.get(name) ?? '';
    await truncate(file('torn'), 100);
    await writeFile(file('flipped'), (await readFile(file('flipped'), 'utf8')).replace('AQI=', 'AQM='));
    await writeFile(file('copied'), await readFile(file('whole')));
    await writeFile(path.join(folder(), 'notes.txt'), 'mine');
    await writeFile(path.join(folder(), '.tmp-999999999-aa'), 'half');
    await mkdir(path.join(folder(), 'folder'));
    const after = await open();
    assert.deepEqual(after.committed(scope('whole')).entries.get('k'), Uint8Array.of(1, 2));
    for (const name of ['torn', 'flipped', 'copied']) {
      assert.equal(after.committed(scope(name)).entries.size, 0, name);
      assert.ok(
        warnings.some((w) => w.includes(file(name))),
        name,
      );
    }
    assert.equal(warnings.length, 5);
    assert.equal((await readdir(path.join(home, 'quarantine'))).length, 5);
    assert.deepEqual(await readdir(folder()), [path.basename(file('whole'))]);
    warnings = [];
    await set(after, 'torn', { k: Uint8Array.of(3) });
    assert.deepEqual((await open()).committed(scope('torn')).entries.get('k'), Uint8Array.of(3));
    assert.deepEqual(warnings, []);
  });

  it('that cannot be written fail the commit with FILE_IO', async () => {
    const store = await open();
    await rm(folder(), { recursive: true });
    await writeFile(folder(), 'a file where the folder was');
    await throwsKind('FILE_IO', /QUERN_HOME/, async () => set(store, 'a', { k: Uint8Array.of(1) }));
  });

  it(`have every commit that was reported, ${KILLS} kills with SIGKILL in a row, and nothing torn`, async () => {
    let next = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const last = await writeAndKill(next);
      const store = await open();
      for (const name of ['one', 'two']) {
        const count = Number(Buffer.from(store.committed(scope(name)).entries.get('count') ?? []).toString());
        // The commit that was under way may be there or not.
        assert.ok(count === last || count === last + 1, `${name} has ${count} of ${last} in round ${kill}`);
      }
      next = last + 2;
    }
    assert.deepEqual(warnings, []);
    assert.deepEqual(
      (await readdir(folder())).filter((name) => name.startsWith('.tmp-')),
      [],
    );
  });

  /** Starts a writer, kills it somewhere in its commits, and gives the last one that it had reported. */
  async function writeAndKill(first: number): Promise<number> {
    const child = spawn(process.execPath, [WRITER, home, String(first)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      output += text;
      if (output.split('\n').length > 4) setTimeout(() => child.kill('SIGKILL'), Math.random() * 10);
    });
    const [, signal] = await once(child, 'close');
    assert.equal(signal, 'SIGKILL');
    return Number(output.split('\n').slice(0, -1).at(-1));
  }
});
