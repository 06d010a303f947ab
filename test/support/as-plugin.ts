import assert from 'node:assert/strict';
import type { CompileOutcome } from '../../server/compilers/compile-types.ts';
import { createCompilers } from '../../server/compilers/node/compilers.ts';
import { readManifest } from '../../wasm-core/binary/manifest.ts';
import { readModule } from '../../wasm-core/binary/reader.ts';
import type { PluginManifest } from '../../wasm-core/protocol/plugins.ts';
import { type BatchPlugin, batchPlugin } from './batch-plugin.ts';
import { distFolder } from './dist.ts';

/** A plugin of AssemblyScript source, compiled with the SDK, in an instance of its own. */
export interface AsPlugin extends BatchPlugin {
  readonly manifest: PluginManifest;
}

/** What the SDK says of a source: messages of its diagnostics with the text under each. */
export async function problemsOf(text: string): Promise<[under: string, message: string][]> {
  const { diagnostics } = await compile(text);
  const lines = text.split('\n');
  return diagnostics.map(({ range: { start, end }, message }) => [
    (lines[start.line] ?? '').slice(start.character, end.line === start.line ? end.character : undefined),
    message,
  ]);
}

/** Compiles a source, checks it as the host does, and makes an instance. */
export async function asPlugin(text: string): Promise<AsPlugin> {
  const { wasm, diagnostics } = await compile(text);
  assert.deepEqual(diagnostics, []);
  assert(wasm !== undefined);
  const manifest = readManifest(readModule(wasm));
  assert(manifest !== undefined);
  return { manifest, ...batchPlugin(wasm) };
}

/** By the editor's own thread, since the compiler is a module of a kind that tests cannot load. */
async function compile(text: string): Promise<CompileOutcome> {
  const compilers = createCompilers(distFolder());
  try {
    return await compilers.compile({ language: 'assemblyscript', path: '/w/plugin.ts', root: '/w', text });
  } finally {
    await compilers.dispose();
  }
}
