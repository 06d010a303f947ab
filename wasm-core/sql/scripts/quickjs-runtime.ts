import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSContext } from 'quickjs-emscripten-core';
import { CoreError } from '../../protocol/errors.ts';
import { markLargeIntegers } from './large-integers.ts';
import { PRELUDE, SCRIPT_FILE } from './quickjs-prelude.ts';
import type {
  ScriptAnswer,
  ScriptFunction,
  ScriptGuard,
  ScriptRuntime,
  ScriptSource,
} from './script-runtime.ts';

const MAX_STACK_BYTES = 256 * 1024;
const MIB = 1024 * 1024;

/**
 * A QuickJS in WebAssembly: JavaScript that has the language and nothing else. It counts no fuel; the guard ends it.
 *
 * @param wasm the bytes of the variant's `emscripten-module.wasm`
 */
export async function createQuickJsRuntime(wasm: ArrayBuffer): Promise<ScriptRuntime> {
  const { default: variant } = await import('@jitl/quickjs-wasmfile-release-sync');
  const quickJs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmBinary: wasm }));
  const open = new Set<QuickJsScript>();
  let lost = false;
  return {
    fits: () => !lost,
    load(source, { memoryMb }) {
      const runtime = quickJs.newRuntime();
      runtime.setMemoryLimit(memoryMb * MIB);
      runtime.setMaxStackSize(MAX_STACK_BYTES);
      const script = new QuickJsScript(runtime.newContext(), { source, memoryMb });
      open.add(script);
      return script;
    },
    end() {
      // What an interrupt or the end of memory left in the instance is not cleared up: the next one is new.
      for (const script of open) lost = script.dispose() || lost;
      open.clear();
    },
  };
}

class QuickJsScript implements ScriptFunction {
  readonly #context: QuickJSContext;
  readonly #source: ScriptSource;
  readonly #memoryMb: number;
  #stopped: CoreError | undefined;
  #loaded = false;
  #broken = false;

  constructor(
    context: QuickJSContext,
    options: { readonly source: ScriptSource; readonly memoryMb: number },
  ) {
    this.#context = context;
    this.#source = options.source;
    this.#memoryMb = options.memoryMb;
  }

  call(rows: string, guard: ScriptGuard): string {
    this.#stopped = undefined;
    this.#context.runtime.setInterruptHandler(() => {
      this.#stopped ??= guard.stop();
      return this.#stopped !== undefined;
    });
    try {
      return this.#load() ?? this.#invoke(markLargeIntegers(rows));
    } catch (error) {
      this.#broken = true;
      throw this.#stopped ?? error;
    } finally {
      this.#broken ||= this.#stopped !== undefined;
    }
  }

  /** @returns whether it may have left something behind */
  dispose(): boolean {
    if (this.#broken) return true;
    try {
      this.#context.dispose();
      this.#context.runtime.dispose();
      return false;
    } catch {
      return true;
    }
  }

  /** @returns the answer when it failed */
  #load(): string | undefined {
    if (this.#loaded) return undefined;
    // First, so that the script cannot change what the prelude uses.
    const prelude = this.#eval(PRELUDE, 'prelude.js');
    if (prelude !== undefined) return prelude;
    const failed = this.#eval(this.#source.code, SCRIPT_FILE);
    if (failed !== undefined) return failed;
    const name = this.#source.function;
    const bound = this.#eval(`__quern.bind(typeof ${name} === 'function' ? ${name} : undefined)`, 'bind.js');
    this.#loaded = bound === undefined;
    return bound && JSON.stringify({ error: `the code defines no function ${name}` });
  }

  #eval(code: string, file: string): string | undefined {
    const result = this.#context.evalCode(code, file, { type: 'global' });
    if (!result.error) {
      result.value.dispose();
      return undefined;
    }
    return this.#failure(result.error);
  }

  #invoke(rows: string): string {
    const context = this.#context;
    const text = context.newString(rows);
    const quern = context.getProp(context.global, '__quern');
    const call = context.getProp(quern, 'call');
    try {
      const result = context.callFunction(call, context.undefined, text);
      if (result.error) return this.#failure(result.error);
      const answer = context.getString(result.value);
      result.value.dispose();
      return answer;
    } finally {
      for (const handle of [call, quern, text]) handle.dispose();
    }
  }

  #failure(handle: Parameters<QuickJSContext['dump']>[0]): string {
    const dumped: unknown = this.#context.dump(handle);
    handle.dispose();
    const { name, message, stack } = facts(dumped);
    // An interrupt cannot be caught by the script, so it always comes here.
    if (this.#stopped !== undefined) throw this.#stopped;
    if (message === 'out of memory') {
      throw new CoreError('MEMORY_LIMIT', `The script needs more than ${this.#memoryMb} MiB of memory.`, {
        memoryMb: this.#memoryMb,
      });
    }
    const failure: ScriptAnswer = { error: `${name}: ${message}`, ...placeIn(stack) };
    return JSON.stringify(failure);
  }
}

function facts(error: unknown): { readonly name: string; readonly message: string; readonly stack: string } {
  if (typeof error !== 'object' || error === null)
    return { name: 'Error', message: String(error), stack: '' };
  const { name, message, stack } = error as { name?: unknown; message?: unknown; stack?: unknown };
  return { name: String(name ?? 'Error'), message: String(message ?? ''), stack: String(stack ?? '') };
}

function placeIn(stack: string): { readonly line?: number; readonly column?: number } {
  const [, line, column] = /script\.js:(\d+)(?::(\d+))?/.exec(stack) ?? [];
  return { ...(line && { line: Number(line) }), ...(column && { column: Number(column) }) };
}
