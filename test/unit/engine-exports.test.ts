import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { distFolder } from '../support/dist.ts';
import { projectRoot } from '../support/project.ts';

const EXTENSIONS = ['icu', 'json', 'parquet'];

interface EngineFile {
  readonly name: string;
  readonly original: Buffer<ArrayBuffer>;
  readonly built: Buffer<ArrayBuffer>;
}

describe("the engine's files in dist/", () => {
  const require = createRequire(path.join(projectRoot(), 'package.json'));
  const files: EngineFile[] = [];
  before(() => {
    const engine = require.resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm');
    files.push(engineFile('duckdb-eh.wasm', readFileSync(engine)));
    for (const extension of EXTENSIONS) {
      const file = `${extension}.duckdb_extension.wasm`;
      const packed = path.join(projectRoot(), 'wasm-core/sql/duckdb/extensions', `${file}.br`);
      files.push(
        engineFile(`duckdb-extensions/${file}`, Buffer.from(brotliDecompressSync(readFileSync(packed)))),
      );
    }
  });

  it('are the ones that were built for it, but for names that they export', () => {
    for (const { name, original, built } of files) {
      const [before, after] = [sectionsOf(original), sectionsOf(built)];
      assert.deepEqual([...after.keys()], [...before.keys()], name);
      for (const [section, bytes] of before) {
        if (section !== 'export') assert.ok(after.get(section)?.equals(bytes), `${name}: ${section}`);
      }
      const exported = new Set(exportsOf(original));
      assert.deepEqual(
        exportsOf(built).filter((entry) => !exported.has(entry)),
        [],
      );
    }
  });

  it('export all that one of them takes from another', () => {
    const taken = new Set(
      files.flatMap(({ original }) => WebAssembly.Module.imports(moduleOf(original)).map(({ name }) => name)),
    );
    for (const { name, original, built } of files) {
      const left = new Set(exportsOf(built));
      const lost = exportsOf(original).filter((entry) => !left.has(entry));
      assert.ok(lost.length > 0, `${name} lost nothing`);
      const missed = lost.filter((entry) => taken.has(entry.split(' ')[1]?.replace(/^orig\$/, '') ?? ''));
      assert.deepEqual(missed, [], name);
    }
  });

  it('export all of the C API, and each name that scripts of the engine call', () => {
    const { original, built } = files[0] ?? assert.fail();
    const left = new Set(exportsOf(built));
    const api = exportsOf(original).filter((entry) => entry.startsWith('function duckdb_'));
    assert.equal(api.length, 504);
    const script = readFileSync(require.resolve('@duckdb/duckdb-wasm/blocking'), 'utf8');
    const called = [...script.matchAll(/wasmExports\.([\w$]+)/g)].map(([, name]) => `function ${name}`);
    assert.ok(called.length > 50);
    const exported = new Set(exportsOf(original));
    for (const entry of [...api, ...called.filter((name) => exported.has(name))])
      assert.ok(left.has(entry), entry);
  });
});

function engineFile(name: string, original: Buffer<ArrayBuffer>): EngineFile {
  return { name, original, built: readFileSync(path.join(distFolder(), name)) };
}

function moduleOf(bytes: Buffer<ArrayBuffer>): WebAssembly.Module {
  return new WebAssembly.Module(bytes);
}

/** Kinds and names. */
function exportsOf(bytes: Buffer<ArrayBuffer>): string[] {
  return WebAssembly.Module.exports(moduleOf(bytes)).map(({ kind, name }) => `${kind} ${name}`);
}

/** The sections by number, custom ones by where they stand; the exports as `export`. */
function sectionsOf(bytes: Buffer): Map<string, Buffer> {
  const sections = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const id = bytes.readUInt8(at++);
    let size = 0;
    for (let factor = 1, more = true; more; factor *= 128) {
      const byte = bytes.readUInt8(at++);
      size += (byte & 127) * factor;
      more = byte > 127;
    }
    sections.set(id === 7 ? 'export' : `${sections.size}: ${id}`, bytes.subarray(at, at + size));
    at += size;
  }
  return sections;
}
