// Compresses the built extensions and writes their checksums: node pack.mjs BUILD_FOLDER TARGET_FOLDER
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  console.error('usage: node pack.mjs BUILD_FOLDER TARGET_FOLDER');
  process.exit(2);
}
mkdirSync(to, { recursive: true });
const sums = [];
for (const name of ['icu', 'json', 'parquet']) {
  const file = `${name}.duckdb_extension.wasm`;
  const bytes = readFileSync(path.join(from, file));
  const packed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(path.join(to, `${file}.br`), packed);
  sums.push(`${sha256(bytes)}  ${file}`, `${sha256(packed)}  ${file}.br`);
}
writeFileSync(path.join(to, 'SHA256SUMS'), `${sums.join('\n')}\n`);

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
