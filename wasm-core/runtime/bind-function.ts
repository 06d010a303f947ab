import type { PluginFunction, PluginType } from '../protocol/plugins.ts';
import type { TypedValue } from '../protocol/typed-values.ts';
import { decodeResult } from './decode-result.ts';
import type { Guest } from './guest.ts';
import { maxUtf8Length, readUtf8, writeUtf8 } from './short-text.ts';
import { callFunction } from './typed-values.ts';

/** A plugin's function as a function of ours: one argument for each parameter; NULL in gives NULL out without a call. */
export type BoundFunction = (...args: readonly TypedValue[]) => TypedValue;

/**
 * Binds a function of an instance that has begun, for calling it many times in one run.
 *
 * Numbers are passed as they are, and text is written straight into guest memory; types that need more checks go the
 * way of `callFunction`. Values are those of `callFunction`, except that a DOUBLE may be any JavaScript number.
 *
 * @param fn checked against the module by `checkAbi`
 * @returns a function that throws as `callFunction` does
 */
export function bindFunction(
  guest: Guest,
  fn: PluginFunction,
  limits: { readonly maxOutputBytes: number },
): BoundFunction {
  const { returns, kind, nulls } = fn;
  const isPlain = kind === undefined && nulls === undefined && typeof guest.exports[fn.export] === 'function';
  if (!isPlain) return (...args) => viaCallFunction(guest, fn, { args, ...limits });
  const invoke = guest.function(fn.export);
  const types = fn.parameters.map(({ type }) => type);
  if ([...types, returns].every((type) => DIRECT.has(type)))
    return bindNumbers(guest, fn, { invoke, ...limits });
  const [only] = types;
  if (types.length === 1 && only === 'VARCHAR' && returns === 'VARCHAR') {
    return bindText(guest, fn, { invoke, ...limits });
  }
  return (...args) => viaCallFunction(guest, fn, { args, ...limits });
}

/** Types whose values are numbers both here and there, of any size. */
const DIRECT: ReadonlySet<PluginType> = new Set<PluginType>(['INTEGER', 'DOUBLE']);

function bindNumbers(
  guest: Guest,
  fn: PluginFunction,
  options: { readonly invoke: WebAssembly.GuestFunction; readonly maxOutputBytes: number },
): BoundFunction {
  const { invoke, maxOutputBytes } = options;
  const count = fn.parameters.length;
  const isFine = fn.parameters.map(({ type }) => (type === 'INTEGER' ? isInt32 : isNumber));
  return (...args) => {
    if (args.length !== count) return viaCallFunction(guest, fn, { args, maxOutputBytes });
    for (let i = 0; i < count; i++) {
      // What is not fine is an error that the careful way tells, or a NULL.
      if (isFine[i]?.(args[i]) !== true) return viaCallFunction(guest, fn, { args, maxOutputBytes });
    }
    try {
      const result = invoke(...(args as readonly number[]));
      return typeof result === 'number' ? jsonNumber(result) : null;
    } catch (error) {
      throw guest.toError(error, fn.name);
    }
  };
}

function bindText(
  guest: Guest,
  fn: PluginFunction,
  options: { readonly invoke: WebAssembly.GuestFunction; readonly maxOutputBytes: number },
): BoundFunction {
  const { invoke, maxOutputBytes } = options;
  return (...args) => {
    const [text] = args;
    if (args.length !== 1 || typeof text !== 'string')
      return viaCallFunction(guest, fn, { args, maxOutputBytes });
    // One byte more, so that the pointer of empty text is still inside memory.
    const pointer = guest.argumentBuffer(maxUtf8Length(text) + 1);
    const byteLength = writeUtf8(text, guest.view(), pointer);
    let raw: bigint | number | undefined;
    try {
      raw = invoke(pointer, byteLength);
    } catch (error) {
      throw guest.toError(error, fn.name);
    }
    return textResult(guest, fn, { raw, maxOutputBytes });
  };
}

function textResult(
  guest: Guest,
  fn: PluginFunction,
  options: { readonly raw: unknown; readonly maxOutputBytes: number },
): TypedValue {
  const { raw, maxOutputBytes } = options;
  const view = guest.view();
  const packed = typeof raw === 'bigint' ? raw : 0n;
  const start = Number(packed & 0xffff_ffffn);
  const length = Number(packed >> 32n);
  if (length >= 0 && length <= maxOutputBytes && start + length <= view.byteLength) {
    const text = readUtf8(view, start, length);
    if (text !== undefined) return text;
  }
  // NULL, or something to complain about.
  return decodeResult(guest, fn, options);
}

/** The careful way, which checks everything and says what is wrong. */
function viaCallFunction(
  guest: Guest,
  fn: PluginFunction,
  call: { readonly args: readonly TypedValue[]; readonly maxOutputBytes: number },
): TypedValue {
  return callFunction(guest, fn, call.args, call);
}

function isInt32(value: unknown): boolean {
  return typeof value === 'number' && (value | 0) === value;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

/** As `decodeResult` gives it: what JSON has no number for is a word. */
function jsonNumber(value: number): number | string {
  return value - value === 0 ? value : String(value);
}
