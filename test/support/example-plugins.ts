import path from 'node:path';
import { createCompilers } from '../../server/compilers/node/compilers.ts';
import { readPluginSource } from '../../server/compilers/node/read-source.ts';
import { compileModule } from '../../wasm-core/runtime/compile-module.ts';
import type { SessionPlugin } from '../../wasm-core/sql/engine.ts';
import { distFolder } from './dist.ts';
import { projectRoot } from './project.ts';

/** The folder of the example plugins, absolute. */
export function examplePluginsFolder(): string {
  return path.join(projectRoot(), 'examples/plugins');
}

/**
 * Compiles example plugins with the real compilers, for a session of SQL.
 *
 * @param files from the folder of the plugins
 * @throws Error with the diagnostics of the first file that has any that are no hints
 */
export function compileExamples(files: readonly string[]): Promise<SessionPlugin[]> {
  return compilePlugins(examplePluginsFolder(), files);
}

/** The same for plugins of another folder. @param folder absolute */
export async function compilePlugins(folder: string, files: readonly string[]): Promise<SessionPlugin[]> {
  const compilers = createCompilers(distFolder());
  const plugins: SessionPlugin[] = [];
  try {
    for (const file of files) {
      const source = readPluginSource(path.join(folder, file), folder);
      if (source === undefined) throw new Error(`${file} is no plugin`);
      const { wasm, diagnostics, functions, name } = await compilers.compile(source);
      // What may be meant so is another test's.
      const faults = diagnostics.filter(({ isLint }) => isLint !== true);
      if (wasm === undefined || faults.length > 0) {
        throw new Error(`${file}: ${JSON.stringify(faults)}`);
      }
      plugins.push({
        compiled: await compileModule({ bytes: wasm, digest: await digestOf(wasm), name }),
        functions,
      });
    }
  } finally {
    compilers.dispose();
  }
  return plugins;
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex');
}
