import { importMemory } from '../binary/import-memory.ts';
import { readModule } from '../binary/reader.ts';
import { CoreError } from '../protocol/errors.ts';
import type { CompiledModule } from './compiled-module.ts';

/**
 * Makes a module ready for instances: rewrites it to take its memory from us and has V8 compile it.
 *
 * @param options.bytes the original file; not kept
 * @param options.digest sha-256 of `bytes`, 64 hex characters
 * @param options.name for messages
 * @throws CoreError FORMAT_WASM with V8's reason and `{offset}`, FORMAT_UNSUPPORTED
 */
export async function compileModule(options: {
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly name: string;
}): Promise<CompiledModule> {
  const { digest, name } = options;
  const read = readModule(options.bytes);
  const { bytes, memory } = importMemory(options.bytes, read);
  const module = await compile(options.bytes, bytes);
  return {
    digest,
    name,
    module,
    ...(memory && { memory }),
    imports: read.imports.map((i) => ({ module: i.module, name: i.name, kind: i.kind })),
    exports: read.exports,
  };
}

async function compile(original: Uint8Array, rewritten: Uint8Array): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(rewritten);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    throw formatError(original === rewritten ? error : await errorOf(original, error));
  }
}

/** V8 names a byte of what it was given, and the user has the original; so the original is asked for its fault. */
async function errorOf(original: Uint8Array, rewrittenError: Error): Promise<Error> {
  try {
    await WebAssembly.compile(original);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return error;
  }
  throw new Error(`the rewriter made an invalid module of a valid one: ${rewrittenError.message}`);
}

function formatError(error: Error): CoreError {
  const text = error.message.replace(/^WebAssembly\.\w+\(\): /, '').replace(/ @\+\d+$/, '');
  const offset = /@\+(\d+)$/.exec(error.message)?.[1];
  const place = offset === undefined ? '' : ` (at byte ${offset})`;
  const details = offset === undefined ? {} : { offset: Number(offset) };
  return new CoreError(
    'FORMAT_WASM',
    `The file is not a valid WebAssembly module: ${text}${place}.`,
    details,
  );
}
