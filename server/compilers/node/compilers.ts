import path from 'node:path';
import { isComponent } from '../../../wasm-core/binary/components/read-component.ts';
import type { NamedComponent } from '../../wit/check-wit.ts';
import type { WitPackage } from '../../wit/wit-package.ts';
import {
  type CompileOptions,
  type CompileOutcome,
  isToolSource,
  type PluginSource,
  type WorkerDiagnostic,
} from '../compile-types.ts';
import { finishBytes, finishComponent, finishText } from '../finish.ts';
import { ToolCompiler } from '../toolchains/node/tool-compiler.ts';
import { CompilerThread, type SourceRequest } from './compiler-thread.ts';

/** Turns plugins' sources into modules that the host takes. */
export interface Compilers {
  /**
   * Compiles a source and checks the module against the plugin ABI.
   *
   * @returns the module, or diagnostics of which at least one is an error; never rejects for a faulty source
   * @throws CoreError CANCELLED after `options.signal` was aborted
   */
  compile(source: PluginSource, options?: CompileOptions): Promise<CompileOutcome>;
  /** What is wrong with a package of WIT, and with the components beside it; offsets are in the package's text. */
  checkWit(given: WitPackage, components: readonly NamedComponent[]): Promise<readonly WorkerDiagnostic[]>;
  /** The world of a component as text; undefined for what is none. */
  componentWorld(bytes: Uint8Array): Promise<string | undefined>;
  /** Compiles these before whatever else waits. @param paths absolute paths of sources */
  compileFirst(paths: ReadonlySet<string>): void;
  dispose(): Promise<void>;
}

/**
 * Makes the compilers; their threads start with the first source of their language and stay.
 *
 * @param distFolder absolute folder that holds `wat-worker.mjs`, `assemblyscript-worker.mjs`, `javascript-worker.mjs` and `sdk`
 */
export function createCompilers(distFolder: string): Compilers {
  const threads = {
    wat: new CompilerThread('WebAssembly text', path.join(distFolder, 'wat-worker.mjs')),
    assemblyscript: new CompilerThread('AssemblyScript', path.join(distFolder, 'assemblyscript-worker.mjs')),
    javascript: new CompilerThread('JavaScript', path.join(distFolder, 'javascript-worker.mjs')),
  };
  const tools = new ToolCompiler({ sdkFolder: path.join(distFolder, 'sdk') });
  return {
    compile: async (source, options) => {
      if (source.language === 'wasm') {
        if (!isComponent(source.bytes)) return finishBytes(source);
        const request = { root: '', text: '', entry: source.path, component: source.bytes };
        return finishComponent(source, await threads.wat.compile(request));
      }
      if (isToolSource(source)) return await tools.compile(source, options);
      const { root, text } = source;
      const entry = path.relative(root, source.path).split(path.sep).join('/');
      const preset = options?.preset ?? 'debug';
      const reply = await threads[source.language].compile({ root, text, entry, preset });
      // AssemblyScript optimises by itself.
      const isPlain = source.language === 'wat' && preset === 'release' && reply.wasm !== undefined;
      if (!isPlain) return finishText(source, reply);
      const optimised = await threads.assemblyscript.compile({ root, text: '', entry, module: reply.wasm });
      return finishText(source, { ...reply, ...(optimised.wasm && { wasm: optimised.wasm }) });
    },
    checkWit: async (given, components) => {
      const request = { root: '', text: '', entry: '', wit: { package: given, components } };
      return (await threads.wat.compile(request)).diagnostics;
    },
    componentWorld: async (component) =>
      (await threads.wat.compile({ root: '', text: '', entry: '', component })).world,
    compileFirst: (paths) => {
      const isFirst = ({ root, entry }: SourceRequest): boolean => paths.has(path.join(root, entry));
      for (const thread of Object.values(threads)) thread.first(isFirst);
      tools.first((file) => paths.has(file));
    },
    dispose: async () => {
      tools.dispose();
      await Promise.all(Object.values(threads).map((thread) => thread.dispose()));
    },
  };
}
