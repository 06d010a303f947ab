import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { projectRoot } from '../support/project.ts';

const folder = path.join(projectRoot(), 'wasm-core/sql/duckdb/extensions');
const NAMES = ['icu', 'json', 'parquet'] as const;

describe('the DuckDB extensions', () => {
  const sums = readSums();

  it('are three, each with its packed and unpacked checksum', () => {
    const files = NAMES.map((name) => `${name}.duckdb_extension.wasm`);
    assert.deepEqual([...sums.keys()].sort(), files.flatMap((f) => [f, `${f}.br`]).sort());
    const present = readdirSync(folder).filter((f) => f.endsWith('.br'));
    assert.deepEqual(
      present.sort(),
      files.map((f) => `${f}.br`),
    );
  });

  for (const name of NAMES) {
    const file = `${name}.duckdb_extension.wasm`;

    it(`${name} is what its checksums say`, () => {
      const packed = readFileSync(path.join(folder, `${file}.br`));
      assert.equal(sha256(packed), sums.get(`${file}.br`));
      assert.equal(sha256(brotliDecompressSync(packed)), sums.get(file));
    });

    it(`${name} is a module for DuckDB v1.4.3 on wasm_eh`, () => {
      const bytes = new Uint8Array(brotliDecompressSync(readFileSync(path.join(folder, `${file}.br`))));
      const sections = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), 'duckdb_signature');
      const section = sections[0];
      assert.ok(section !== undefined && sections.length === 1, 'one duckdb_signature section');
      const metadata = Buffer.from(section);
      assert.ok(metadata.equals(bytes.subarray(-metadata.length)), 'the section is the last one');
      assert.deepEqual(fields(metadata), ['', '', '', 'CPP', 'v1.4.3', 'v1.4.3', 'wasm_eh', '4']);
    });
  }
});

/** File name to sha-256. */
function readSums(): Map<string, string> {
  const lines = readFileSync(path.join(folder, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const [sum, name] = line.split('  ');
      assert.ok(sum !== undefined && name !== undefined, `"${line}" is not "sum  name"`);
      return [name, sum];
    }),
  );
}

/** The eight fields of 32 bytes before the 256 bytes of the (empty) signature. */
function fields(metadata: Buffer): string[] {
  const start = metadata.length - 256 - 8 * 32;
  return Array.from({ length: 8 }, (_, i) =>
    metadata
      .subarray(start + i * 32, start + i * 32 + 32)
      .toString('latin1')
      .replace(/\0+$/, ''),
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
