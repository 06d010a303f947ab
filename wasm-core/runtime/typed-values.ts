import { CoreError } from '../protocol/errors.ts';
import type { CallValue, TypedValue } from '../protocol/methods.ts';
import type { PluginFunction } from '../protocol/plugins.ts';
import { decodeResult } from './decode-result.ts';
import { type EncodedArgument, encodeArgument } from './encode-argument.ts';
import type { Guest } from './guest.ts';
import { isRaw, type RawFunction } from './raw-function.ts';

/**
 * Calls a function with typed arguments. A NULL argument gives NULL without a call; an export as it is takes none.
 *
 * @param fn checked against the module by `checkAbi`, or made from the export by `rawFunction`
 * @param args one for each parameter
 * @param limits `maxOutputBytes` for a VARCHAR or BLOB result
 * @throws CoreError ARGUMENT_INVALID, RESULT_INVALID, TRAP, MEMORY_LIMIT, MEMORY_BOUNDS, OUTPUT_LIMIT
 */
export function callFunction(
  guest: Guest,
  fn: PluginFunction,
  args: readonly TypedValue[],
  limits: { readonly maxOutputBytes: number },
): CallValue {
  const encoded = encodeArguments(fn, args);
  const nullAt = encoded.findIndex((a) => a.form === 'null');
  if (nullAt >= 0 && isRaw(fn)) throw nullArgument(fn, nullAt);
  if (nullAt >= 0) return null;
  const core = toCore(guest, encoded);
  let raw: unknown;
  try {
    raw = guest.function(fn.export)(...core);
  } catch (error) {
    throw guest.toError(error, fn.name);
  }
  if (isRaw(fn) && fn.results.length !== 1) return decodeSeveral(guest, fn, raw);
  return decodeResult(guest, fn, { raw, maxOutputBytes: limits.maxOutputBytes });
}

/** What an export without a result gives, or with several, which arrive as an array. */
function decodeSeveral(guest: Guest, fn: RawFunction, raw: unknown): CallValue {
  if (!Array.isArray(raw)) return null;
  return fn.results.map((returns, index) =>
    decodeResult(guest, { ...fn, returns }, { raw: raw[index] as unknown, maxOutputBytes: 0 }),
  );
}

function nullArgument(fn: RawFunction, index: number): CoreError {
  const { name = '', type = '' } = fn.parameters[index] ?? {};
  const message = `${fn.name} is an export that no manifest declares, so its argument ${name} cannot be NULL: give a value of type ${type}.`;
  return new CoreError('ARGUMENT_INVALID', message, { function: fn.name, parameter: name });
}

function encodeArguments(fn: PluginFunction, args: readonly TypedValue[]): EncodedArgument[] {
  if (args.length !== fn.parameters.length) {
    const list = fn.parameters.map((p) => `${p.name} ${p.type}`).join(', ');
    const message = `${fn.name}(${list}) takes ${fn.parameters.length} arguments, and ${args.length} were given.`;
    throw new CoreError('ARGUMENT_INVALID', message, { function: fn.name });
  }
  return fn.parameters.map((parameter, index) => encodeArgument(args[index] ?? null, parameter));
}

/** WebAssembly arguments, with bytes put side by side into the argument buffer. */
function toCore(guest: Guest, encoded: readonly EncodedArgument[]): (number | bigint)[] {
  const byteLength = encoded.reduce((sum, a) => sum + (a.form === 'bytes' ? a.bytes.byteLength : 0), 0);
  const takesBytes = encoded.some((a) => a.form === 'bytes');
  // One byte more, so that the pointer of an empty last argument is still inside memory.
  let pointer = takesBytes ? guest.argumentBuffer(byteLength + 1) : 0;
  const view = guest.view();
  return encoded.flatMap((argument): (number | bigint)[] => {
    if (argument.form === 'null') return [];
    if (argument.form === 'scalar') return [argument.value];
    const start = pointer;
    view.set(argument.bytes, start);
    pointer += argument.bytes.byteLength;
    return [start, argument.bytes.byteLength];
  });
}
