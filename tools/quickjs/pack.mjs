// Compresses the built module and writes its checksums: node pack.mjs MODULE TARGET_FOLDER
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [module, to] = process.argv.slice(2);
if (module === undefined || to === undefined) {
  console.error('usage: node pack.mjs MODULE TARGET_FOLDER');
  process.exit(2);
}
mkdirSync(to, { recursive: true });
const bytes = readFileSync(module);
const packed = brotliCompressSync(bytes, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
});
writeFileSync(path.join(to, 'quickjs-plugin.wasm.br'), packed);
writeFileSync(
  path.join(to, 'SHA256SUMS'),
  `${sha256(bytes)}  quickjs-plugin.wasm\n${sha256(packed)}  quickjs-plugin.wasm.br\n`,
);

function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}
