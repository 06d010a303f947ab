import type { ValueType } from '../protocol/plugins.ts';
import { ByteSink } from './byte-sink.ts';
import { OP, VOID_BLOCK } from './opcodes.ts';
import type { FunctionType, GlobalType } from './wasm-module.ts';

/** Where the fuel is in a metered module. */
export interface FuelIndices {
  /** Global i32: fuel left of the chunk in use; below 0 for a while when it is overdrawn. */
  readonly counter: number;
  /** Global i32: chunks of `CHUNK` left beside it; -1 when the fuel is used up. */
  readonly reserve: number;
  /** Function (i32) -> (): charges as many units as its argument says, taken as unsigned. */
  readonly charge: number;
}

/** Fuel comes in chunks of 2^30, so that the counter is an i32, which costs less than an i64 at the border to JS. */
export const CHUNK = 2 ** 30;

/** Name of the exported function that the host controls an instance with; exports of a guest may not begin so. */
export const CONTROL_PREFIX = 'quern:';
export const CONTROL_EXPORT = 'quern:control';

/**
 * What `quern:control` (op, a, b) -> i32 does. Only the ones that read give something other than 0. Without metering
 * the first three do nothing.
 */
export const CONTROL = {
  /** The counter becomes a, the reserve b: fuel for a + b * 2^30. */
  setFuel: 0,
  /** Gives the counter. */
  counter: 1,
  /** Gives the reserve. */
  reserve: 2,
  /** Saves the mutable globals that the module declares. */
  save: 3,
  /** Puts the saved values back. */
  restore: 4,
  /** Calls the start function. */
  start: 5,
} as const;

/** A function that the rewriter adds. */
export interface AddedFunction {
  readonly type: FunctionType;
  /** Without its byte length. */
  readonly body: Uint8Array;
}

/**
 * The function that charges the size of a bulk operation. Nothing in it wraps around: of the argument only what lies
 * below a chunk is taken from the counter, which is at most 2^31 - 1 and never far below 0.
 */
export function chargeFunction({ counter, reserve }: Omit<FuelIndices, 'charge'>): AddedFunction {
  const out = new Body();
  const [CHUNKS, LEFT] = [1, 2];
  out.ops([OP.localGet, 0], [OP.i32Const, 30], OP.i32ShrU, [OP.localSet, CHUNKS]);
  out.ops([OP.globalGet, counter], [OP.localGet, 0], [OP.i32Const, CHUNK - 1], OP.i32And, OP.i32Sub);
  out.ops([OP.localSet, LEFT]);
  out.ops([OP.globalGet, reserve], [OP.localGet, CHUNKS], OP.i32Sub, [OP.localSet, CHUNKS]);
  // A counter below 0 takes from the reserve,
  out.ops(OP.loop, [OP.localGet, LEFT], [OP.i32Const, 0], OP.i32LtS, OP.if);
  out.ops([OP.localGet, LEFT], [OP.i32Const, CHUNK], OP.i32Add, [OP.localSet, LEFT]);
  out.ops([OP.localGet, CHUNKS], [OP.i32Const, 1], OP.i32Sub, [OP.localSet, CHUNKS]);
  out.ops([OP.br, 1], OP.end, OP.end);
  // and a reserve below 0 from a counter of more than a chunk.
  out.ops(OP.loop, [OP.localGet, CHUNKS], [OP.i32Const, 0], OP.i32LtS, OP.if);
  out.ops([OP.localGet, LEFT], [OP.i32Const, CHUNK], OP.i32LtS, OP.if);
  out.ops([OP.i32Const, -1], [OP.globalSet, reserve], OP.unreachable, OP.end);
  out.ops([OP.localGet, LEFT], [OP.i32Const, CHUNK], OP.i32Sub, [OP.localSet, LEFT]);
  out.ops([OP.localGet, CHUNKS], [OP.i32Const, 1], OP.i32Add, [OP.localSet, CHUNKS]);
  out.ops([OP.br, 1], OP.end, OP.end);
  out.ops([OP.localGet, LEFT], [OP.globalSet, counter], [OP.localGet, CHUNKS], [OP.globalSet, reserve]);
  return { type: { parameters: ['i32'], results: [] }, body: out.finish({ i32Locals: 2 }) };
}

/** What `quern:control` has to know. */
export interface ControlOptions {
  /** Absent without metering. */
  readonly fuel?: Pick<FuelIndices, 'counter' | 'reserve'>;
  /** Pairs of a mutable global and the one that holds its saved value. */
  readonly saved: readonly { readonly own: number; readonly shadow: number }[];
  /** Index of the start function. */
  readonly start?: number;
}

/** The function that is exported as `quern:control`. */
export function controlFunction({ fuel, saved, start }: ControlOptions): AddedFunction {
  const out = new Body();
  const [PARAMETER_A, PARAMETER_B] = [1, 2];
  if (fuel) {
    out.onOp(CONTROL.setFuel);
    out.ops([OP.localGet, PARAMETER_A], [OP.globalSet, fuel.counter]);
    out.ops([OP.localGet, PARAMETER_B], [OP.globalSet, fuel.reserve], OP.end);
    out.onOp(CONTROL.counter).ops([OP.globalGet, fuel.counter], OP.return, OP.end);
    out.onOp(CONTROL.reserve).ops([OP.globalGet, fuel.reserve], OP.return, OP.end);
  }
  out.onOp(CONTROL.save);
  for (const { own, shadow } of saved) out.ops([OP.globalGet, own], [OP.globalSet, shadow]);
  out.ops(OP.end);
  out.onOp(CONTROL.restore);
  for (const { own, shadow } of saved) out.ops([OP.globalGet, shadow], [OP.globalSet, own]);
  out.ops(OP.end);
  if (start !== undefined) out.onOp(CONTROL.start).ops([OP.call, start], OP.end);
  out.ops([OP.i32Const, 0]);
  const type: FunctionType = { parameters: ['i32', 'i32', 'i32'], results: ['i32'] };
  return { type, body: out.finish({ i32Locals: 0 }) };
}

/** The declaration of a mutable global that holds zero or null. */
export function zeroGlobal(type: GlobalType['type']): readonly number[] {
  return [VALUE_TYPE_BYTES[type], 1, ...zeroOf(type), OP.end];
}

/** The instruction that gives zero or null. */
export function zeroOf(type: ValueType): readonly number[] {
  return ZERO[type];
}

/** How value types are written. */
export const VALUE_TYPE_BYTES: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
  exnref: 0x69,
};

const ZERO: Readonly<Record<ValueType, readonly number[]>> = {
  i32: [0x41, 0],
  i64: [0x42, 0],
  f32: [0x43, 0, 0, 0, 0],
  f64: [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
  v128: [0xfd, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  funcref: [0xd0, 0x70],
  externref: [0xd0, 0x6f],
  exnref: [0xd0, 0x69],
};

/** A body in the making. */
class Body {
  private readonly sink = new ByteSink();

  /** Writes instructions: opcodes, or opcodes with a number behind them. */
  ops(...instructions: readonly (number | readonly [op: number, immediate: number])[]): this {
    for (const instruction of instructions) {
      const [op, immediate] = typeof instruction === 'number' ? [instruction] : instruction;
      this.sink.u8(op);
      if (op === OP.if || op === OP.loop) this.sink.u8(VOID_BLOCK);
      if (op === OP.i32Const) this.sink.s32(immediate ?? 0);
      else if (immediate !== undefined) this.sink.u32(immediate);
    }
    return this;
  }

  /** Opens an `if` for one value of the first parameter. */
  onOp(value: number): this {
    return this.ops([OP.localGet, 0], [OP.i32Const, value], OP.i32Eq, OP.if);
  }

  finish({ i32Locals }: { readonly i32Locals: number }): Uint8Array {
    const body = new ByteSink();
    body.put(i32Locals === 0 ? [0] : [1, i32Locals, VALUE_TYPE_BYTES.i32]);
    body.put(this.sink.view());
    body.u8(OP.end);
    return body.toBytes();
  }
}
