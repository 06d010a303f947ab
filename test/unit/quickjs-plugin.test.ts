import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { projectRoot } from '../support/project.ts';

const folder = path.join(projectRoot(), 'server/compilers/javascript');
const packed = readFileSync(path.join(folder, 'quickjs-plugin.wasm.br'));
const bytes = new Uint8Array(brotliDecompressSync(packed));

describe('the module that plugins in JavaScript are made on', () => {
  it('is what its checksums say', () => {
    const lines = [`${sha256(bytes)}  quickjs-plugin.wasm`, `${sha256(packed)}  quickjs-plugin.wasm.br`];
    assert.equal(readFileSync(path.join(folder, 'SHA256SUMS'), 'utf8'), `${lines.join('\n')}\n`);
  });

  it('asks for nothing but the log and a way to say why it stops', () => {
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(
      ({ module, name }) => `${module}.${name}`,
    );
    assert.deepEqual(imports, ['env.abort', 'host.log_at']);
  });
});

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
