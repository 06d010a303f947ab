import { readModule } from '../binary/reader.ts';
import { rewriteModule } from '../binary/rewrite.ts';
import { CoreError } from '../protocol/errors.ts';
import type { CompiledModule } from './compiled-module.ts';

/**
 * Makes a module ready for instances: rewrites it to take its memory from us and to count its fuel, and has V8 compile
 * it.
 *
 * @param options.bytes the original file; not kept
 * @param options.digest sha-256 of `bytes`, 64 hex characters
 * @param options.name for messages
 * @param options.metered false for a module that may run without being counted, at full speed
 * @param options.profiled true for a metered module that also tells what it executes, at several times the cost
 * @throws CoreError FORMAT_WASM with V8's reason and `{offset}`, FORMAT_UNSUPPORTED, MEMORY_LIMIT
 */
export async function compileModule(options: {
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly name: string;
  readonly metered?: boolean;
  readonly profiled?: boolean;
}): Promise<CompiledModule> {
  const { bytes, digest, name, metered = true, profiled = false } = options;
  const read = readModule(bytes);
  // Only a valid module is rewritten: what is added to it must never be what makes it valid.
  if (!WebAssembly.validate(bytes)) throw await formatErrorOf(bytes);
  const rewritten = rewriteModule(read, { metered, profiled });
  const { memory, hasStart, resettable, offsets, inlines, profile } = rewritten;
  return {
    digest,
    name,
    module: await compile(rewritten.bytes),
    metered,
    ...(memory && { memory }),
    imports: read.imports.map((i) => ({ module: i.module, name: i.name, kind: i.kind })),
    exports: read.exports,
    functionCount: read.functions.length,
    hasStart,
    resettable,
    offsets,
    inlines,
    ...(profile && { profile }),
  };
}

async function compile(rewritten: Uint8Array): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(rewritten);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new Error(`the rewriter made an invalid module of a valid one: ${text}`);
  }
}

/** What V8 says of a module that it does not take. */
async function formatErrorOf(bytes: Uint8Array): Promise<Error> {
  try {
    await WebAssembly.compile(bytes);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return formatError(error);
    throw error;
  }
  return new Error('a module that does not validate was compiled');
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
