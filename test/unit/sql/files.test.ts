import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { FileGate } from '../../../wasm-core/sql/duckdb/node/file-gate.ts';
import { globPaths } from '../../../wasm-core/sql/duckdb/node/glob.ts';

describe('paths', () => {
  let base: string;
  before(() => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), 'quern-paths-')));
    for (const folder of ['in/deep/er', 'in.sibling', 'out'])
      mkdirSync(path.join(base, folder), { recursive: true });
    for (const file of [
      'in/a.csv',
      'in/b.csv',
      'in/b.tsv',
      'in/.hidden.csv',
      'in/deep/a.csv',
      'in/deep/er/c.csv',
      'out/o.csv',
      'in.sibling/s.csv',
      'in/a[1].csv',
    ]) {
      writeFileSync(path.join(base, file), '');
    }
    symlinkSync(path.join(base, 'out'), path.join(base, 'in/link'));
    symlinkSync(path.join(base, 'out/o.csv'), path.join(base, 'in/o.csv'));
    symlinkSync('a.csv', path.join(base, 'in/inner.csv'));
  });
  after(() => rmSync(base, { recursive: true, force: true }));

  const glob = (pattern: string) =>
    globPaths(path.join(base, pattern)).map((found) => path.relative(base, found));

  it('match a star within one name', () => {
    assert.deepEqual(glob('in/*.tsv'), ['in/b.tsv']);
    assert.deepEqual(glob('*/a.csv'), ['in/a.csv']);
  });
  it('match two stars at any depth, links not followed', () => {
    assert.deepEqual(glob('in/**/c.csv'), ['in/deep/er/c.csv']);
    assert.deepEqual(glob('in/deep/**'), ['in/deep/a.csv', 'in/deep/er/c.csv']);
    assert.ok(!glob('in/**/o.csv').includes('in/link/o.csv'));
  });
  it('match classes and single characters', () => {
    assert.deepEqual(glob('in/[ab].csv'), ['in/a.csv', 'in/b.csv']);
    assert.deepEqual(glob('in/[!a].csv'), ['in/b.csv', 'in/o.csv']);
    assert.deepEqual(glob('in/?.tsv'), ['in/b.tsv']);
    assert.deepEqual(glob('in/[z-a].csv'), []);
  });
  it('without wildcards are themselves, or nothing', () => {
    assert.deepEqual(glob('in/a.csv'), ['in/a.csv']);
    assert.deepEqual(glob('in/a.csv/b'), []);
    assert.deepEqual(glob('none/*.csv'), []);
  });

  const admits = (folder: string, file: string) =>
    new FileGate([path.join(base, folder)]).admit(path.join(base, file));
  const denies = (folder: string, file: string) =>
    assert.throws(() => admits(folder, file), { kind: 'PATH_DENIED' }, `${file} in ${folder}`);

  it('are admitted inside the folder, existing or not', () => {
    for (const file of [
      'in',
      'in/a.csv',
      'in/new.csv',
      'in/new/deep.csv',
      'in/inner.csv',
      'in/deep/../a.csv',
    ])
      admits('in', file);
  });
  it('are refused outside, beside, above, and behind links', () => {
    for (const file of [
      'out/o.csv',
      'in.sibling/s.csv',
      'in/../out/o.csv',
      'in/link/o.csv',
      'in/o.csv',
      'in/link/new.csv',
      '',
    ])
      denies('in', file);
  });
  it('never leave the folder, however they are written', () => {
    const part = fc.constantFrom('..', '.', 'link', 'deep', 'er', 'a.csv', 'new', '', 'in', 'out');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        let real: string;
        try {
          real = new FileGate([path.join(base, 'in')]).admit(`${base}/in/${parts.join('/')}`);
        } catch {
          return;
        }
        assert.ok(real === path.join(base, 'in') || real.startsWith(`${base}/in/`), real);
      }),
    );
  });
});
