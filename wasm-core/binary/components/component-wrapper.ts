import type { ValueType } from '../../protocol/plugins.ts';
import { ByteSink } from '../byte-sink.ts';
import { type AddedFunction, VALUE_TYPE_BYTES } from '../control-functions.ts';
import { OP } from '../opcodes.ts';
import { flatParameter, isBytes, payloadOffset, scalarOf } from './canonical-layout.ts';
import type { ComponentFunction } from './component-signature.ts';
import type { WitType } from './wit-types.ts';

/** What a wrapper calls and keeps, by index. */
export interface WrapperIndices {
  readonly target: number;
  /** Absent: the module takes no texts. */
  readonly realloc?: number;
  readonly postReturn?: number;
  /** A mutable i32 that begins as 0: the result that was given last and is still to be given back. */
  readonly pending: number;
}

const I32_LOAD = 0x28;
const I32_LOAD8_U = 0x2d;
const I32_EQZ = 0x45;
const I64_OR = 0x84;
const I64_SHL = 0x86;
/** A length of -1 over a pointer of 0: NULL. */
const NULL_BYTES = [0x80, 0x80, 0x80, 0x80, 0x70] as const;

/** The WebAssembly type of a component's function, after the canonical ABI. */
export function canonicalType({ wit }: ComponentFunction): { parameters: ValueType[]; results: ValueType[] } {
  const parameters = wit.parameters.flatMap(({ type }) => flatParameter(type));
  const scalar = wit.result && scalarOf(wit.result);
  return { parameters, results: [scalar?.type ?? 'i32'] };
}

/**
 * A function in the row form of docs/plugin-abi.md that calls one of the canonical ABI. Texts are copied, since the
 * callee owns what it is given; a result stays until the next call.
 *
 * @throws Error for a result whose layout is not known: `componentFunction` lets none through
 */
export function wrapperOf(fn: ComponentFunction, indices: WrapperIndices): AddedFunction {
  return new Wrapper(fn, indices).build();
}

class Wrapper {
  private readonly code = new ByteSink();
  private readonly locals: ValueType[] = [];
  private readonly parameters: ValueType[];

  constructor(
    private readonly fn: ComponentFunction,
    private readonly indices: WrapperIndices,
  ) {
    this.parameters = fn.wit.parameters.flatMap(({ type }) => flatParameter(inner(type)));
  }

  build(): AddedFunction {
    this.giveBack();
    this.pushArguments();
    this.put(OP.call, this.indices.target);
    const result = this.pushResult();
    return { type: { parameters: this.parameters, results: [result] }, body: this.body() };
  }

  /** Tells the module that the last result was read. */
  private giveBack(): void {
    const { postReturn, pending } = this.indices;
    if (postReturn === undefined || this.isScalar()) return;
    this.put(OP.globalGet, pending);
    this.code.put([OP.if, 0x40]);
    this.put(OP.globalGet, pending);
    this.put(OP.call, postReturn);
    this.code.put([OP.i32Const, 0]);
    this.put(OP.globalSet, pending);
    this.code.u8(OP.end);
  }

  private pushArguments(): void {
    let at = 0;
    for (const [index, { type }] of this.fn.wit.parameters.entries()) {
      if (this.fn.optional[index]) this.code.put([OP.i32Const, 1]);
      if (isBytes(inner(type))) {
        this.pushCopy(at);
        at += 2;
      } else this.put(OP.localGet, at++);
    }
  }

  private pushCopy(pointer: number): void {
    const copy = this.local('i32');
    this.code.put([OP.i32Const, 0, OP.i32Const, 0, OP.i32Const, 1]);
    this.put(OP.localGet, pointer + 1);
    this.put(OP.call, this.indices.realloc ?? 0);
    this.put(OP.localSet, copy);
    for (const from of [copy, pointer, pointer + 1]) this.put(OP.localGet, from);
    this.code.put([0xfc, 0x0a, 0, 0]);
    this.put(OP.localGet, copy);
    this.put(OP.localGet, pointer + 1);
  }

  private pushResult(): ValueType {
    const result = this.fn.wit.result;
    const scalar = result && scalarOf(result);
    if (result === undefined) throw new Error('a function without a result has no wrapper');
    if (scalar !== undefined) {
      this.postScalar(scalar.type);
      return scalar.type;
    }
    const at = this.local('i32');
    this.put(OP.localTee, at);
    this.put(OP.globalSet, this.indices.pending);
    if (this.fn.form === 'plain') return this.pushBytes(at, 0);
    const offset = payloadOffset(result.arguments);
    const value = result.arguments[0];
    if (offset === undefined || value === undefined) throw new Error('the layout of the result is not known');
    this.put(OP.localGet, at);
    this.code.put([I32_LOAD8_U, 0, 0]);
    if (this.fn.form === 'option')
      this.code.put([I32_EQZ, OP.if, 0x40, OP.i64Const, ...NULL_BYTES, OP.return]);
    else this.code.put([OP.if, 0x40, OP.unreachable]);
    this.code.u8(OP.end);
    return isBytes(value) ? this.pushBytes(at, offset) : this.pushScalar(at, offset, value);
  }

  private postScalar(type: ValueType): void {
    const { postReturn } = this.indices;
    if (postReturn === undefined) return;
    const value = this.local(type);
    this.put(OP.localTee, value);
    this.put(OP.call, postReturn);
    this.put(OP.localGet, value);
  }

  /** `len << 32 | ptr` of the pair at an offset. */
  private pushBytes(at: number, offset: number): ValueType {
    this.put(OP.localGet, at);
    this.code.put([I32_LOAD, 0, offset + 4, OP.i64ExtendI32U, OP.i64Const, 32, I64_SHL]);
    this.put(OP.localGet, at);
    this.code.put([I32_LOAD, 0, offset, OP.i64ExtendI32U, I64_OR]);
    return 'i64';
  }

  private pushScalar(at: number, offset: number, type: WitType): ValueType {
    const scalar = scalarOf(type);
    if (scalar === undefined) throw new Error('the layout of the result is not known');
    this.put(OP.localGet, at);
    this.code.put([scalar.load, 0, offset]);
    return scalar.type;
  }

  private isScalar(): boolean {
    return this.fn.wit.result !== undefined && scalarOf(this.fn.wit.result) !== undefined;
  }

  private local(type: ValueType): number {
    return this.parameters.length + this.locals.push(type) - 1;
  }

  private put(opcode: number, immediate: number): void {
    this.code.u8(opcode);
    this.code.u32(immediate);
  }

  private body(): Uint8Array {
    const body = new ByteSink();
    body.u32(this.locals.length);
    for (const type of this.locals) body.put([1, VALUE_TYPE_BYTES[type]]);
    body.put(this.code.view());
    body.u8(OP.end);
    return body.toBytes();
  }
}

/** The type of the value in an `option`. */
function inner(type: WitType): WitType {
  return (type.name === 'option' ? type.arguments[0] : undefined) ?? type;
}
