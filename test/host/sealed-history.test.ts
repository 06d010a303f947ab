import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HistoryEntry } from '../../wasm-core/protocol/history.ts';
import { type CommandOutcome, quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';

describe('A history that is encrypted', () => {
  const home = new HostHome();
  const folder = path.join(realpathSync(home.folder), 'data');
  const keyFile = path.join(folder, 'key');
  const otherFile = path.join(folder, 'other-key');
  before(() => {
    mkdirSync(folder);
    writeFileSync(keyFile, Buffer.alloc(32, 7).toString('base64'), { mode: 0o600 });
    writeFileSync(otherFile, Buffer.alloc(32, 8).toString('base64'), { mode: 0o600 });
    writeFileSync(path.join(folder, 'days.csv'), 'day,n\nmonday,1\ntuesday,2\n');
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  const withKey = (file: string | undefined, args: readonly string[]): Promise<CommandOutcome> =>
    quern(home, [...args], { cwd: folder, env: file === undefined ? {} : { QUERN_KEY_FILE: file } });
  async function entries(file: string): Promise<HistoryEntry[]> {
    const { code, stdout, stderr } = await withKey(file, ['history', '--json']);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout).entries;
  }
  /** Everything that was written below a folder of the home. */
  function written(name: string): string {
    const base = path.join(home.folder, name);
    return readdirSync(base, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
  }

  it('is readable on the disk by nobody, and what was there before neither', async () => {
    assert.equal((await withKey(undefined, ['run', '-e', "select 'before the key'"])).code, 0);
    assert.match(written('history'), /before the key/);
    const run = await withKey(keyFile, ['run', '-e', "select day from 'days.csv'", '--cache', 'use']);
    assert.equal(run.code, 0, run.stderr);
    assert.doesNotMatch(written('history'), /before the key|days\.csv/);
    const [last, first] = await entries(keyFile);
    assert.equal(last?.sql, "select day from 'days.csv'");
    assert.equal(first?.sql, "select 'before the key'");
  });

  it('is given to nobody with another key, and loses nothing by one', async () => {
    await quern(home, ['stop']);
    const other = await withKey(otherFile, ['run', '-e', 'select 42 as answer']);
    assert.equal(other.code, 0, 'the statement runs all the same');
    assert.match(other.stdout, /42/);
    assert.match(other.stderr, /key/);
    const without = await withKey(undefined, ['history']);
    assert.match(without.stdout + without.stderr, /cannot be read without the key/);
    assert.doesNotMatch(without.stdout, /days\.csv/);
    const texts = (await entries(keyFile)).map(({ sql }) => sql);
    assert.ok(texts.includes("select day from 'days.csv'"), texts.join('; '));
  });
});
