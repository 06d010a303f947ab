import { walkInstructions } from '../../wasm-core/binary/read-instructions.ts';
import { readModule } from '../../wasm-core/binary/reader.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { faultsOfWat, type WatFault } from '../wat/faults.ts';
import type { WorkerDiagnostic, WorkerRequest } from './compile-types.ts';
import { fromWabt, fromWasmTools } from './wat-errors.ts';
import { embedWatLines } from './wat-lines.ts';
import { typeErrorsOfV8 } from './wat-type-errors.ts';

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
export async function compileWat(
  tools: WatTools,
  { text, entry }: Pick<WorkerRequest, 'text' | 'entry'>,
): Promise<WatResult> {
  let wasm: Uint8Array;
  try {
    wasm = await tools.parse(text);
  } catch (error) {
    const faults = faultsOfWat(text).map(toError);
    return { diagnostics: faults.length > 0 ? faults : [fromWasmTools(text, error)] };
  }
  // A copy, because the tool's bytes lie in its own memory.
  const bytes = wasm.slice();
  const refusal = await engineRefusal(bytes);
  if (refusal === undefined) return { wasm: withLines(bytes, text, entry), diagnostics: [] };
  // What Quern does not read is told by its name; an engine that does not know it either only sees a wrong byte.
  if (isUnsupported(bytes)) return { wasm: bytes, diagnostics: [] };
  return { diagnostics: await refusalErrors(tools.wabt, { text, bytes, refusal }) };
}

function isUnsupported(bytes: Uint8Array): boolean {
  try {
    const module = readModule(bytes);
    for (const body of module.bodies) walkInstructions(module, body, () => {});
    return false;
  } catch (error) {
    return error instanceof CoreError && error.kind === 'FORMAT_UNSUPPORTED';
  }
}

/** Why V8 refuses a module whose text parses: numbers of nothing, and errors in types. */
async function refusalErrors(
  wabt: WabtTool,
  {
    text,
    bytes,
    refusal,
  }: { readonly text: string; readonly bytes: Uint8Array<ArrayBuffer>; readonly refusal: unknown },
): Promise<WorkerDiagnostic[]> {
  const faults = faultsOfWat(text).map(toError);
  const ofWabt = typeErrors(wabt, text) ?? [];
  const types = ofWabt.length > 0 ? ofWabt : await typeErrorsOfV8(text, bytes, refusal);
  const isTold = ({ start, end }: WorkerDiagnostic) => faults.some((f) => f.start < end && start < f.end);
  return [...faults, ...types.filter((error) => !isTold(error))];
}

function toError(fault: WatFault): WorkerDiagnostic {
  return { severity: 'error', ...fault };
}

/** What Quern does not read, the check of the module tells. */
function withLines(bytes: Uint8Array, text: string, file: string): Uint8Array {
  try {
    return embedWatLines(bytes, { text, file });
  } catch (error) {
    if (error instanceof CoreError) return bytes;
    throw error;
  }
}

async function engineRefusal(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  try {
    await WebAssembly.compile(bytes);
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * wabt's view of a text that wasm-tools parsed; nothing where wabt does not know the language that it is in. It reads
 * past the end of pooled buffers, so it gets exact bytes.
 */
function typeErrors(wabt: WabtTool, text: string): WorkerDiagnostic[] | undefined {
  let module: WabtModule | undefined;
  try {
    module = wabt.parseWat('plugin.wat', new TextEncoder().encode(text), FEATURES);
  } catch {
    return undefined;
  }
  try {
    module.resolveNames();
    module.validate();
    return [];
  } catch (error) {
    return fromWabt(text, error);
  } finally {
    module.destroy();
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
