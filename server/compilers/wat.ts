import type { WorkerDiagnostic } from './compile-types.ts';
import { fromV8, fromWabt, fromWasmTools } from './wat-errors.ts';

/** The part of wasm-tools and wabt that compiles text. */
export interface WatTools {
  /** Gives the module's bytes, not validated; throws on text that does not parse. */
  readonly parse: (text: string) => Promise<Uint8Array>;
  readonly wabt: WabtTool;
}

export interface WabtTool {
  parseWat(name: string, source: Uint8Array, features: Readonly<Record<string, boolean>>): WabtModule;
}

export interface WabtModule {
  resolveNames(): void;
  validate(): void;
  destroy(): void;
}

/** A module's bytes, or what keeps its text from being one. */
export interface WatResult {
  readonly wasm?: Uint8Array;
  readonly diagnostics: readonly WorkerDiagnostic[];
}

/**
 * Compiles WebAssembly text. wasm-tools parses it (it knows the whole language and keeps custom sections), V8 decides
 * whether the module is valid, and wabt is asked only for the places of what is not.
 */
export async function compileWat(tools: WatTools, text: string): Promise<WatResult> {
  let wasm: Uint8Array;
  try {
    wasm = await tools.parse(text);
  } catch (error) {
    return { diagnostics: [fromWasmTools(text, error)] };
  }
  // A copy, because the tool's bytes lie in its own memory.
  const bytes = wasm.slice();
  const refusal = await engineRefusal(bytes);
  if (refusal === undefined) return { wasm: bytes, diagnostics: [] };
  const placed = typeErrors(tools.wabt, text);
  return { diagnostics: placed.length > 0 ? placed : [fromV8(text, refusal)] };
}

async function engineRefusal(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  try {
    await WebAssembly.compile(bytes);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** wabt's view of a text that wasm-tools parsed. It reads past the end of pooled buffers, so it gets exact bytes. */
function typeErrors(wabt: WabtTool, text: string): WorkerDiagnostic[] {
  let module: WabtModule | undefined;
  try {
    module = wabt.parseWat('plugin.wat', new TextEncoder().encode(text), FEATURES);
    module.resolveNames();
    module.validate();
    return [];
  } catch (error) {
    return fromWabt(text, error);
  } finally {
    module?.destroy();
  }
}

const FEATURES = {
  annotations: true,
  bulk_memory: true,
  exceptions: true,
  extended_const: true,
  multi_value: true,
  mutable_globals: true,
  reference_types: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  tail_call: true,
} as const;
