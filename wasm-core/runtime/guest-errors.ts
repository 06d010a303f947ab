import { originalOffset } from '../binary/offset-map.ts';
import { CoreError } from '../protocol/errors.ts';
import type { CompiledModule } from './compiled-module.ts';

/** Thrown through a guest's frames when it calls `env.abort`; callers see it as TRAP. */
export class GuestAbort extends Error {
  readonly details: Readonly<Record<string, string | number>>;

  /** @param place what the guest gave; empty texts where its pointers name none */
  constructor(place: {
    readonly text: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
  }) {
    const { text, file, line, column } = place;
    const at = file === '' ? '' : ` at ${file}:${line}:${column}`;
    super(text === '' ? `it called abort without a message${at}` : `it called abort with "${text}"${at}`);
    this.details = { abort: text, file, line, column };
  }
}

/**
 * The error of something that a call into a guest threw.
 *
 * @returns TRAP with details `{module, function, reason, stack, frames}`; a CoreError as it is; INTERNAL for a fault of ours
 */
export function guestError(
  error: unknown,
  context: { readonly functionName: string; readonly compiled: CompiledModule },
): CoreError {
  if (error instanceof CoreError) return error;
  const reason = trapReason(error);
  const { functionName, compiled } = context;
  const moduleName = compiled.name;
  if (reason === undefined) {
    const text = error instanceof Error ? error.message : String(error);
    return new CoreError('INTERNAL', `Calling ${functionName} of ${moduleName} failed: ${text}`);
  }
  const frames = guestFrames(error, compiled);
  const stack = frames.map((frame) => frame.name);
  const [innermost] = stack;
  const isTold =
    innermost === undefined ||
    innermost === functionName ||
    innermost.endsWith(`__quern_call_${functionName}`) ||
    innermost.startsWith('function ');
  const inside = isTold ? '' : ` (in ${innermost})`;
  return new CoreError('TRAP', `${functionName} of ${moduleName} trapped: ${reason}${inside}.`, {
    module: moduleName,
    function: functionName,
    reason,
    stack,
    frames,
    ...(error instanceof GuestAbort && error.details),
  });
}

/**
 * The error of an instantiation that failed.
 *
 * @returns TRAP of the start function or a segment, IMPORT_UNKNOWN, MEMORY_LIMIT for a table that the machine refuses
 */
export function instantiationError(error: unknown, compiled: CompiledModule): CoreError {
  if (error instanceof CoreError) return error;
  const text = error instanceof Error ? error.message.replace(/^WebAssembly\.\w+\(\): /, '') : String(error);
  if (error instanceof WebAssembly.LinkError || error instanceof TypeError) {
    const message = `${compiled.name} imports something that Quern does not give: ${text}.`;
    return new CoreError('IMPORT_UNKNOWN', message, { module: compiled.name });
  }
  if (error instanceof RangeError && !isStackOverflow(error)) {
    const message = `${compiled.name} could not get what it needs to start: ${text}.`;
    return new CoreError('MEMORY_LIMIT', message, { module: compiled.name });
  }
  return guestError(error, { functionName: 'the start', compiled });
}

function trapReason(error: unknown): string | undefined {
  if (error instanceof GuestAbort) return error.message;
  if (isStackOverflow(error)) return 'its recursion is too deep';
  if (error instanceof WebAssembly.RuntimeError) {
    const text = error.message.replace(/^WebAssembly\.\w+\(\): /, '');
    return REASONS.find(([start]) => text.startsWith(start))?.[1] ?? text;
  }
  // The class is missing in older engines, and the neutral declarations leave it out.
  if (Object.prototype.toString.call(error) === '[object WebAssembly.Exception]') {
    return 'it threw an exception that nothing caught';
  }
  return undefined;
}

function isStackOverflow(error: unknown): error is RangeError {
  return error instanceof RangeError && error.message.includes('call stack');
}

/** V8's texts (src/common/message-template.h, kTrap…), by their beginnings, and what they mean. */
const REASONS: readonly (readonly [string, string])[] = [
  ['unreachable', 'it reached an unreachable instruction, as a failed assertion or a panic does'],
  ['memory access out of bounds', 'it read or wrote outside its memory'],
  ['divide by zero', 'it divided by zero'],
  ['remainder by zero', 'it took the remainder of a division by zero'],
  ['divide result unrepresentable', 'the result of a division does not fit its type'],
  ['float unrepresentable', 'it converted a float to an integer type that cannot hold it'],
  ['table index is out of bounds', 'it called through a table index that is not there'],
  ['table access out of bounds', 'it used a table entry that is not there'],
  ['null function', 'it called through a table entry that is empty or has another type'],
  ['indirect call', 'it called through a table entry that has another type'],
];

const MAX_FRAMES = 64;
const MAX_NAME_LENGTH = 120;

/** One guest function on the stack at a trap. */
export interface GuestFrame {
  /** The function's name; `function 12` for one without. */
  readonly name: string;
  /** Its index in the module. */
  readonly function: number;
  /** Position of the instruction in the original file, bytes. */
  readonly offset: number;
}

/** The guest's functions on a stack of V8's, innermost first. */
function guestFrames(error: unknown, { offsets, functionCount }: CompiledModule): GuestFrame[] {
  const text = error instanceof Error ? (error.stack ?? '') : '';
  const frames: GuestFrame[] = [];
  for (const line of text.split('\n')) {
    const place = /wasm-function\[(\d+)\]:0x([0-9a-f]+)/.exec(line);
    // Functions behind the module's own are the rewriter's.
    if (place === null || Number(place[1]) >= functionCount) continue;
    const named = /^\s*at (.+) \(wasm:/.exec(line);
    // Names come from the module, which nobody vouches for.
    const name = (named?.[1] ?? `function ${place[1]}`).replace(/\p{Cc}/gu, ' ').slice(0, MAX_NAME_LENGTH);
    const offset = originalOffset(offsets, Number.parseInt(place[2] ?? '', 16));
    frames.push({ name, function: Number(place[1]), offset });
    if (frames.length === MAX_FRAMES) break;
  }
  return frames;
}
