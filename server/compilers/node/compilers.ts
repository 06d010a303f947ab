import path from 'node:path';
import type { CompileOutcome, PluginSource } from '../compile-types.ts';
import { finishBytes, finishText } from '../finish.ts';
import { CompilerThread } from './compiler-thread.ts';

/** Turns plugins' sources into modules that the host takes. */
export interface Compilers {
  /**
   * Compiles a source and checks the module against the plugin ABI.
   *
   * @returns the module, or diagnostics of which at least one is an error; never rejects for a faulty source
   */
  compile(source: PluginSource): Promise<CompileOutcome>;
  dispose(): Promise<void>;
}

/**
 * Makes the compilers; their threads start with the first source of their language and stay.
 *
 * @param distFolder absolute folder that holds `wat-worker.mjs` and `assemblyscript-worker.mjs`
 */
export function createCompilers(distFolder: string): Compilers {
  const threads = {
    wat: new CompilerThread('WebAssembly text', path.join(distFolder, 'wat-worker.mjs')),
    assemblyscript: new CompilerThread('AssemblyScript', path.join(distFolder, 'assemblyscript-worker.mjs')),
  };
  return {
    compile: async (source) => {
      if (source.language === 'wasm') return finishBytes(source);
      const { root, text } = source;
      const entry = path.relative(root, source.path).split(path.sep).join('/');
      const reply = await threads[source.language].compile({ root, text, entry });
      return finishText(source, reply);
    },
    dispose: async () => {
      await Promise.all([threads.wat.dispose(), threads.assemblyscript.dispose()]);
    },
  };
}
