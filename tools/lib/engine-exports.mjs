// The engine's WebAssembly files as dist/ has them: linked by name, so that of 93,000 exported names those stay that a
// module or a script asks for. Emscripten's linker makes several objects for each name at each start of an engine.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

export const EXTENSIONS = ['icu', 'json', 'parquet'];
const EXPORT_SECTION = 7;

/**
 * Writes `duckdb-eh.wasm`, and the extensions to `duckdb-extensions/`.
 *
 * @param root absolute folder of the project
 */
export function writeEngineFiles(root) {
  const require = createRequire(import.meta.url);
  const files = [
    ['duckdb-eh.wasm', readFileSync(require.resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'))],
  ];
  for (const name of EXTENSIONS) {
    const file = `${name}.duckdb_extension.wasm`;
    const packed = readFileSync(path.join(root, 'wasm-core/sql/duckdb/extensions', `${file}.br`));
    files.push([`duckdb-extensions/${file}`, brotliDecompressSync(packed)]);
  }
  const wanted = new Set(files.flatMap(([, bytes]) => importedNames(bytes)));
  mkdirSync(path.join(root, 'dist/duckdb-extensions'), { recursive: true });
  for (const [file, bytes] of files) {
    writeFileSync(
      path.join(root, 'dist', file),
      withExports(bytes, (name) => isKept(name, wanted)),
    );
  }
}

/** Scripts ask for names of C, and for the file systems of duckdb-wasm; those of C++ are asked for by modules. */
function isKept(name, wanted) {
  // What takes or gives an i64 is there a second time, as it was before it was made legal.
  const plain = name.startsWith('orig$') ? name.slice(5) : name;
  return !plain.startsWith('_Z') || wanted.has(plain) || /^_ZT?V?N6duckdb3web2io/.test(plain);
}

function importedNames(bytes) {
  return WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ name }) => name);
}

/**
 * A module without the exports that nobody wants; everything else is as it was.
 *
 * @param bytes a valid module
 */
export function withExports(bytes, isWanted) {
  const reader = { bytes, at: 8 };
  const parts = [bytes.subarray(0, 8)];
  while (reader.at < bytes.length) {
    const start = reader.at;
    const id = bytes[reader.at++];
    const end = readSize(reader) + reader.at;
    if (id === EXPORT_SECTION) {
      const entries = readExports(reader).filter(({ name }) => isWanted(name));
      const body = Buffer.concat([sizeBytes(entries.length), ...entries.map((entry) => entry.bytes)]);
      parts.push(Buffer.from([id]), sizeBytes(body.length), body);
    } else {
      parts.push(bytes.subarray(start, end));
    }
    reader.at = end;
  }
  return Buffer.concat(parts);
}

/** The entries of an export section, each with its bytes: name, kind and index. */
function readExports(reader) {
  const { bytes } = reader;
  return Array.from({ length: readSize(reader) }, () => {
    const start = reader.at;
    const length = readSize(reader);
    const name = bytes.toString('utf8', reader.at, reader.at + length);
    reader.at += length + 1;
    readSize(reader);
    return { name, bytes: bytes.subarray(start, reader.at) };
  });
}

/** An unsigned LEB128 number of up to 32 bits. */
function readSize(reader) {
  let size = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = reader.bytes[reader.at++];
    size += (byte & 127) * factor;
    if (byte < 128) return size;
  }
}

function sizeBytes(size) {
  const bytes = [];
  for (let rest = size; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
