// Appends the custom section by which DuckDB knows an extension: node append-metadata.mjs IN.wasm OUT.wasm
//
// Eight fields of 32 bytes, the last first (three unused ones, ABI, the extension's version, DuckDB's version, platform,
// the magic "4"), and 256 bytes for a signature, which stays empty: the engine is opened with unsigned extensions allowed.
// Source: `ParseExtensionMetaData` in src/main/extension/extension_load.cpp of DuckDB 1.4.3.
import { readFileSync, writeFileSync } from 'node:fs';

const VERSION = 'v1.4.3';
const PLATFORM = 'wasm_eh';

const [input, output] = process.argv.slice(2);
if (input === undefined || output === undefined) {
  console.error('usage: node append-metadata.mjs IN.wasm OUT.wasm');
  process.exit(2);
}
const fields = ['', '', '', 'CPP', VERSION, VERSION, PLATFORM, '4'].map(field);
const name = Buffer.from('duckdb_signature');
// DuckDB 1.4 looks for these very bytes, so the inner length (512) has its fixed two-byte form too.
const payload = Buffer.concat([Buffer.from([name.length]), name, leb(512), ...fields, Buffer.alloc(256)]);
const module = Buffer.concat([readFileSync(input), Buffer.from([0]), leb(payload.length), payload]);
if (!WebAssembly.validate(module)) throw new Error(`${input} is not a valid module.`);
writeFileSync(output, module);

function field(text) {
  const bytes = Buffer.alloc(32);
  bytes.write(text);
  return bytes;
}

/** A number of 8 to 14 bits as WebAssembly writes it. */
function leb(value) {
  return Buffer.from([(value & 0x7f) | 0x80, value >> 7]);
}
