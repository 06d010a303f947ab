import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FunctionCode } from '../../../../wasm-core/binary/inspect/function-code.ts';
import { Identifiers } from '../../../../wasm-core/binary/inspect/identifiers.ts';
import { readOutline } from '../../../../wasm-core/binary/inspect/read-outline.ts';
import { contentOf, textOf } from '../../../support/inspect.ts';
import { projectRoot, readProjectFile } from '../../../support/project.ts';
import { assembleAny } from '../../../support/wasm-tools.ts';
import { modulesOf, type WastModule } from '../../../support/wast.ts';
import { assemble } from '../../../support/wat.ts';

/** The specification's own test suite, when the machine has it. */
const suite = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'wasm-testsuite');

/** A module of a script as bytes, and whether wasm-tools wrote them; undefined for text that is not meant to be any. */
async function bytesOf(module: WastModule): Promise<{ bytes: Uint8Array; isCanonical: boolean } | undefined> {
  if (module.form === 'binary') return { bytes: module.bytes, isCanonical: false };
  const text = module.wat.replace(/^\(module\s+definition\b/, '(module');
  try {
    return { bytes: await assembleAny(text), isCanonical: true };
  } catch {
    // Folded exceptions of the legacy proposal are what wabt alone knows.
    const bytes = await assemble(text).catch(() => undefined);
    return bytes && { bytes, isCanonical: false };
  }
}

/**
 * Prints a module, assembles the text, and compares. What an assembler wrote must come back byte for byte; bytes that a
 * script gives may be longer than they need to be, and what is made of them must have the same text.
 */
async function checkRoundTrip(bytes: Uint8Array, isCanonical: boolean): Promise<'same' | 'refused'> {
  const isValid = WebAssembly.validate(bytes as BufferSource);
  const { problems } = readOutline(bytes);
  const text = textOf(bytes);
  const isWhole = problems.length === 0 && !text.includes(';; The file is not');
  assert.ok(isWhole || (!isCanonical && !isValid), `it is not read: ${problems[0]?.message ?? text}`);
  if (!isWhole) return 'refused';
  const again = await assembleAny(text).catch((error: unknown) => error);
  if (!(again instanceof Uint8Array)) {
    assert.ok(!isCanonical && !isValid, `the text is not assembled: ${again}\n${text}`);
    return 'refused';
  }
  if (isCanonical) assert.deepEqual(contentOf(again), contentOf(bytes));
  else if (isValid) assert.equal(plainText(again), plainText(bytes));
  return 'same';
}

/** The text without what says the same in another way, and without places of custom sections. */
function plainText(bytes: Uint8Array): string {
  return textOf(bytes)
    .replaceAll(' (memory 0) (offset', ' (offset')
    .replaceAll(' (table 0) (offset', ' (offset')
    .replace(/ {2}\(@custom .*\n/g, '');
}

async function checkScript(name: string, script: string): Promise<{ same: number; refused: number }> {
  const counts = { same: 0, refused: 0 };
  for (const module of modulesOf(script)) {
    const found = await bytesOf(module);
    if (found === undefined) continue;
    try {
      counts[await checkRoundTrip(found.bytes, found.isCanonical)]++;
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return counts;
}

describe('the text of a module', () => {
  it('is assembled to the same module', async () => {
    const counts = await checkScript('semantics', readProjectFile('test/fixtures/wast/semantics.wast'));
    assert.ok(counts.same > 0 && counts.refused === 0, JSON.stringify(counts));
  });

  if (existsSync(suite)) {
    it('is assembled to the same module, for all of the specification’s test suite', async () => {
      const counts = { same: 0, refused: 0 };
      for (const file of readdirSync(suite, { recursive: true }).map(String)) {
        if (!file.endsWith('.wast')) continue;
        const { same, refused } = await checkScript(file, readFileSync(path.join(suite, file), 'utf8'));
        counts.same += same;
        counts.refused += refused;
      }
      assert.ok(counts.same > 6000, JSON.stringify(counts));
    }).timeout(180_000);
  }
});

/** A file of an installed package. */
function packaged(name: string): string {
  return path.join(projectRoot(), 'node_modules', name);
}

/** Modules of packages: from C, C++ and Rust, with and without names, exceptions, threads. */
const REAL_MODULES = [
  '@duckdb/duckdb-wasm/dist/duckdb-mvp.wasm',
  '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm',
  '@duckdb/duckdb-wasm/dist/duckdb-coi.wasm',
  'pyodide/pyodide.asm.wasm',
  '@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm',
  'vscode-oniguruma/release/onig.wasm',
  'playwright-core/lib/webp_codec.wasm',
  '@bytecodealliance/jco-transpile/vendor/wasm-tools.core.wasm',
  '@bytecodealliance/jco-transpile/vendor/js-component-bindgen-component.core.wasm',
  '@bytecodealliance/jco-transpile/vendor/js-component-bindgen-component.core2.wasm',
];

describe('a module of a package', () => {
  for (const file of REAL_MODULES) {
    it(`is read to the end: ${path.basename(file)}`, () => {
      const outline = readOutline(readFileSync(packaged(file)));
      assert.deepEqual(outline.problems, []);
      const identifiers = new Identifiers(outline);
      const { importedCount, count } = outline.functions;
      for (let index = importedCount; index < count; index++) {
        const { problem } = new FunctionCode(outline, identifiers, index);
        assert.equal(problem, undefined, `function ${index}`);
      }
    });
  }

  for (const name of ['onig.wasm', 'js-component-bindgen-component.core2.wasm']) {
    it(`has a text that is assembled to the same module: ${name}`, async () => {
      const bytes = readFileSync(packaged(REAL_MODULES.find((file) => file.endsWith(name)) ?? ''));
      assert.deepEqual(contentOf(await assembleAny(textOf(bytes))), contentOf(bytes));
    });
  }
});
