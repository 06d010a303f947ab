import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { rewriteModule } from '../../../wasm-core/binary/rewrite.ts';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { modulesOf } from '../../support/wast.ts';
import { assemble } from '../../support/wat.ts';

/** The specification's own test suite, when the machine has it. */
const folder = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'wasm-testsuite');

/** Every module of a script as bytes; text that wabt does not know is left out. */
async function binariesOf(file: string): Promise<Uint8Array[]> {
  const binaries: Uint8Array[] = [];
  for (const module of modulesOf(readFileSync(path.join(folder, file), 'utf8'))) {
    if (module.form === 'binary') binaries.push(module.bytes);
    else
      await assemble(module.wat).then(
        (bytes) => binaries.push(bytes),
        () => undefined,
      );
  }
  return binaries;
}

/** What we make of a module beside what V8 makes of it. */
function judge(bytes: Uint8Array): 'ok' | 'unsupported' | 'malformed' {
  const valid = WebAssembly.validate(bytes as BufferSource);
  try {
    const module = readModule(bytes);
    for (const options of [{ metered: false }, { metered: true }, { metered: true, profiled: true }]) {
      const rewritten = rewriteModule(module, options).bytes;
      const stays = WebAssembly.validate(rewritten as BufferSource);
      assert.equal(stays, valid, valid ? 'the rewriter broke a valid module' : 'it made a bad module valid');
    }
    if (!valid) return 'malformed';
    const exported = WebAssembly.Module.exports(new WebAssembly.Module(bytes as BufferSource));
    assert.deepEqual(
      module.exports.map(({ name, kind }) => ({ name, kind })),
      exported.map(({ name, kind }) => ({ name, kind })),
    );
    return 'ok';
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    assert.ok(!valid || error.kind === 'FORMAT_UNSUPPORTED', `V8 takes it, we do not: ${error.message}`);
    return error.kind === 'FORMAT_UNSUPPORTED' ? 'unsupported' : 'malformed';
  }
}

if (existsSync(folder)) {
  describe('the modules of the WebAssembly test suite', () => {
    it('are read as V8 reads them, and stay valid when their memory is imported', async () => {
      const counts = { ok: 0, unsupported: 0, malformed: 0 };
      const scripts = readdirSync(folder, { recursive: true }).map(String);
      for (const file of scripts.filter((name) => name.endsWith('.wast'))) {
        for (const bytes of await binariesOf(file)) {
          try {
            counts[judge(bytes)]++;
          } catch (error) {
            throw new Error(`${file}: ${error instanceof Error ? error.message : error}`);
          }
        }
      }
      assert.ok(counts.ok > 1000, JSON.stringify(counts));
    });
  });
}
