import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Compiled } from '../../../wasm-core/host/cli/compile.ts';
import { type CompileCache, createCompileCache } from '../../../wasm-core/host/cli/compile-cache.ts';

describe('the cache of compiled sources', () => {
  let folder: string;
  let cache: CompileCache;
  const file = (name: string): string => path.join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'qc-'));
    for (const name of ['p.c', 'own.h', 'clang']) writeFileSync(file(name), name);
    cache = createCompileCache(file('cache'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function compiled(given: Partial<Compiled> = {}): Compiled {
    const base = { path: file('p.c'), name: 'p', wasm: 'AGFzbQ==', diagnostics: [], functions: [] };
    return { ...base, inputs: [file('own.h'), file('p.quern.json')], tool: file('clang'), ...given };
  }

  it('has what was put in while nothing changes', () => {
    assert.equal(cache.get(file('p.c')), undefined);
    cache.put(file('p.c'), compiled());
    assert.deepEqual(cache.get(file('p.c')), compiled());
    assert.deepEqual(createCompileCache(file('cache')).get(file('p.c')), compiled());
  });

  const changes: readonly (readonly [string, () => void])[] = [
    ['the source', () => writeFileSync(file('p.c'), 'other')],
    ['a file that it includes', () => writeFileSync(file('own.h'), 'other')],
    ['a file that was looked for in vain', () => writeFileSync(file('p.quern.json'), '{}')],
    ['the compiler', () => utimesSync(file('clang'), 1, 1)],
  ];
  for (const [what, change] of changes) {
    it(`has it no more when ${what} changes`, () => {
      cache.put(file('p.c'), compiled());
      change();
      assert.equal(cache.get(file('p.c')), undefined);
    });
  }

  it('does not have what was compiled in another way', () => {
    cache.put(file('p.c'), compiled());
    assert.equal(createCompileCache(file('cache'), 'release').get(file('p.c')), undefined);
  });

  it('keeps neither failures nor what is made of unknown files', () => {
    cache.put(file('p.c'), compiled({ wasm: null }));
    cache.put(file('p.c'), compiled({ inputs: null }));
    assert.equal(cache.get(file('p.c')), undefined);
  });

  it('keeps for a source the text that it had when it was asked for', () => {
    assert.equal(cache.get(file('p.c')), undefined);
    writeFileSync(file('p.c'), 'edited meanwhile');
    cache.put(file('p.c'), compiled());
    assert.equal(cache.get(file('p.c')), undefined);
  });
});
