import type { ValueType } from '../protocol/plugins.ts';
import { ByteReader } from './byte-reader.ts';
import type { FuelIndices } from './control-functions.ts';
import { type IndexCounts, InstructionReader } from './instruction-reader.ts';
import { OP, VOID_BLOCK } from './opcodes.ts';
import { readValueType } from './read-types.ts';
import type { FunctionType } from './wasm-module.ts';

/*
 * Functions that compute on their parameters alone, touching neither memory nor anything else of their module but its
 * fuel and other functions of that kind. The code of such a function means the same in any other module, so that a loop
 * over rows can hold it in place of a call. What depends on where it stands is taken out of the code: locals, fuel, calls,
 * and the way out.
 */

/** The code of a function, apart from its module. It survives `postMessage`. */
export interface InlineBody {
  readonly type: FunctionType;
  /** What the function declares beside its parameters; each is zero when it begins. */
  readonly locals: readonly ValueType[];
  /** Instructions, without the last `end`, and what its new place has to write between them. */
  readonly pieces: readonly (Uint8Array | InlineReference | InlineCall)[];
}

/** A call of a function whose code is to stand there, too. */
export interface InlineCall {
  readonly kind: 'call';
  readonly body: InlineBody;
}

/** The code of a function whose calls are not looked up yet. */
export interface UnlinkedBody extends Omit<InlineBody, 'pieces'> {
  readonly pieces: readonly (Uint8Array | InlineReference | UnlinkedCall)[];
}

interface UnlinkedCall {
  readonly kind: 'function';
  readonly index: number;
}

/** An instruction whose index depends on the place. */
export type InlineReference =
  /** `op` on a parameter or local, by its index in the function. */
  | { readonly kind: 'local'; readonly op: number; readonly index: number }
  /** `global.get` or `global.set` of the fuel. */
  | { readonly kind: 'fuel'; readonly op: number; readonly of: 'counter' | 'reserve' }
  /** `return`, out of so many blocks of the function. */
  | { readonly kind: 'return'; readonly depth: number };

/** Longer code gains little from standing in the loop; of one function, and with those that it calls. */
const MAX_BODY_BYTES = 2048;
const MAX_LINKED_BYTES = 8192;
const MAX_CALL_DEPTH = 8;

/**
 * Looks up what the code of a function calls.
 *
 * @param index of the function
 * @param bodies what is known of functions, by index
 * @returns undefined when it calls anything that is not among these, or itself, or all of it is long
 */
export function linkInline(index: number, bodies: ReadonlyMap<number, UnlinkedBody>): InlineBody | undefined {
  let left = MAX_LINKED_BYTES;
  const link = (at: number, depth: number): InlineBody | undefined => {
    const body = bodies.get(at);
    if (body === undefined || depth > MAX_CALL_DEPTH) return undefined;
    const pieces: InlineBody['pieces'][number][] = [];
    for (const piece of body.pieces) {
      if (piece instanceof Uint8Array) left -= piece.byteLength;
      if (left < 0) return undefined;
      if (piece instanceof Uint8Array || piece.kind !== 'function') {
        pieces.push(piece);
        continue;
      }
      const callee = link(piece.index, depth + 1);
      if (callee === undefined) return undefined;
      // What a call costs is counted by its instructions; an empty function must not be free of the limit.
      left -= 8 + callee.type.parameters.length + callee.locals.length;
      pieces.push({ kind: 'call', body: callee });
    }
    return { ...body, pieces };
  };
  return link(index, 0);
}

/**
 * Takes the code of a function out of its module.
 *
 * @param body local declarations and code, as the rewriter made them: valid
 * @param options.fuel absent when the module does not count it
 * @param options.counts of the rewritten module
 * @returns undefined when the code is long, or uses anything of its module but fuel and functions
 */
export function readInline(
  body: Uint8Array,
  options: {
    readonly type: FunctionType;
    readonly fuel?: FuelIndices | undefined;
    readonly counts: Omit<IndexCounts, 'local'>;
  },
): UnlinkedBody | undefined {
  if (body.byteLength > MAX_BODY_BYTES) return undefined;
  const { type, fuel, counts } = options;
  const reader = new ByteReader(body);
  const locals = readLocals(reader);
  const code = new InstructionReader(reader, { ...counts, local: type.parameters.length + locals.length });
  const pieces = readPieces(body, code, fuel);
  return pieces && { type, locals, pieces };
}

function readPieces(
  body: Uint8Array,
  code: InstructionReader,
  fuel: FuelIndices | undefined,
): UnlinkedBody['pieces'] | undefined {
  const pieces: UnlinkedBody['pieces'][number][] = [];
  let copied = code.position;
  for (let depth = 0; ; ) {
    const op = code.next();
    if (op === OP.end && depth === 0) {
      pieces.push(body.slice(copied, code.start));
      return pieces;
    }
    if (!standsAlone(op, body[code.start + 1] ?? 0)) return undefined;
    if (op === OP.block || op === OP.loop || op === OP.if) depth++;
    if (op === OP.end) depth--;
    if (!isReference(op)) continue;
    const reference = readReference(op, { index: indexAt(body, code.start + 1), depth, fuel });
    if (reference === undefined) return undefined;
    pieces.push(body.slice(copied, code.start), reference);
    copied = code.position;
  }
}

/** Whether an instruction needs nothing of its module beside what references stand for. */
function standsAlone(op: number, next: number): boolean {
  // A block of several values names a type of the module.
  if (op === OP.block || op === OP.loop || op === OP.if) return next === VOID_BLOCK || VALUE_BLOCKS.has(next);
  if (op < OP.throw) return op !== OP.try && op !== OP.catch;
  if (op < OP.call) return op !== OP.throw && op !== OP.rethrow && op !== OP.throwRef;
  if (op === OP.drop || op === OP.select) return true;
  // Constants, comparisons, arithmetic, conversions, and the saturating ones.
  return isReference(op) || (op >= OP.i32Const && op <= LAST_NUMERIC) || (op >= 0xfc000 && op <= 0xfc007);
}

const LAST_NUMERIC = 0xc4;

/** i32, i64, f32, f64. */
const VALUE_BLOCKS = new Set([0x7f, 0x7e, 0x7d, 0x7c]);

function isReference(op: number): boolean {
  return op === OP.return || op === OP.call || (op >= OP.localGet && op <= OP.globalSet);
}

function readReference(
  op: number,
  at: { readonly index: number; readonly depth: number; readonly fuel: FuelIndices | undefined },
): InlineReference | UnlinkedCall | undefined {
  const { index, depth, fuel } = at;
  if (op === OP.call) return { kind: 'function', index };
  if (op === OP.return) return { kind: 'return', depth };
  if (op <= OP.localTee) return { kind: 'local', op, index };
  if (index === fuel?.counter) return { kind: 'fuel', op, of: 'counter' };
  return index === fuel?.reserve ? { kind: 'fuel', op, of: 'reserve' } : undefined;
}

function indexAt(body: Uint8Array, offset: number): number {
  return new ByteReader(body, offset, Math.min(offset + 5, body.byteLength)).u32();
}

function readLocals(reader: ByteReader): ValueType[] {
  const locals: ValueType[] = [];
  for (let groups = reader.u32(); groups > 0; groups--) {
    const count = reader.u32();
    const type = readValueType(reader);
    for (let i = 0; i < count; i++) locals.push(type);
  }
  return locals;
}
