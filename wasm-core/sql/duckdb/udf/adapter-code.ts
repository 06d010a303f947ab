import { ByteSink } from '../../../binary/byte-sink.ts';
import { concat, nameBytes, sectionBytes } from '../../../binary/byte-writer.ts';
import { VALUE_TYPE_BYTES } from '../../../binary/control-functions.ts';
import { OP, VOID_BLOCK } from '../../../binary/opcodes.ts';
import type { ValueType } from '../../../protocol/plugins.ts';
import type { Cell, Range } from './adapter-cells.ts';

/*
 * What modules that loop over the rows of a chunk are made of. Their one function is
 *
 *   (func (export "run") (param data… mask output rowCount …) (result i32))
 *
 * `mask` is a validity mask, whose rows with a 0 are skipped, or 0.
 */

/** The global that a result out of range is put into, an i64. */
export const VALUE = 1;

/** Where the locals of `run` are: behind the addresses of the data. */
export interface LoopLocals {
  readonly mask: number;
  readonly output: number;
  readonly rowCount: number;
  readonly row: number;
  readonly result: number;
}

/** A loop as a module: `engine.memory` is imported, then whatever else is. */
export interface LoopModule {
  /** Names of the imported functions' module and of themselves, and their types. */
  readonly guest?: { readonly parameters: readonly ValueType[]; readonly result: ValueType };
  /** Parameters of `run`, i32 each. */
  readonly parameterCount: number;
  /** Names and types of the exported globals, which begin with 0. */
  readonly globals: readonly (readonly [name: string, type: 'i32' | 'i64'])[];
  /** Of `run`: local declarations and code. */
  readonly body: Uint8Array;
  /** The module's name in stack traces. */
  readonly name: string;
}

/** The bytes of such a module; `run` is its last function. */
export function loopModule({ guest, parameterCount, globals, body, name }: LoopModule): Uint8Array {
  const parameters = Array.from({ length: parameterCount }, () => 'i32' as const);
  const types = [functionType(parameters, 'i32')];
  const imports = [concat([nameBytes('engine'), nameBytes('memory'), Uint8Array.of(0x02, 0, 1)])];
  if (guest !== undefined) {
    types.push(functionType(guest.parameters, guest.result));
    imports.push(concat([nameBytes('guest'), nameBytes('function'), Uint8Array.of(0x00, 1)]));
  }
  const declared = globals.flatMap(([, type]) => [
    VALUE_TYPE_BYTES[type],
    1,
    type === 'i32' ? OP.i32Const : I64_CONST,
    0,
    OP.end,
  ]);
  const exports = [
    concat([nameBytes('run'), Uint8Array.of(0x00, imports.length - 1)]),
    ...globals.map(([global], index) => concat([nameBytes(global), Uint8Array.of(0x03, index)])),
  ];
  return concat([
    Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
    sectionBytes(1, concat([Uint8Array.of(types.length), ...types])),
    sectionBytes(2, concat([Uint8Array.of(imports.length), ...imports])),
    sectionBytes(3, Uint8Array.of(1, 0)),
    sectionBytes(6, Uint8Array.of(globals.length, ...declared)),
    sectionBytes(7, concat([Uint8Array.of(exports.length), ...exports])),
    sectionBytes(10, concat([Uint8Array.of(1), withLength(body)])),
    sectionBytes(0, concat([nameBytes('name'), Uint8Array.of(0), withLength(nameBytes(name))])),
  ]);
}

/** Calls `row` to write what happens with each row that is not skipped; a branch by 0 there goes to the next one. */
export function writeLoop(
  out: Code,
  at: LoopLocals,
  row: () => void,
  { isMasked = true }: { readonly isMasked?: boolean } = {},
): void {
  out.put([OP.block, VOID_BLOCK, OP.loop, VOID_BLOCK]);
  out.get(at.row, at.rowCount).put([I32_GE_U, OP.brIf, 1]);
  // The rest of the row is a block of its own, which a row that is NULL leaves.
  out.put([OP.block, VOID_BLOCK]);
  if (isMasked) leaveWhenNull(out, at);
  row();
  out.put([OP.end]);
  out.get(at.row).put([OP.i32Const, 1, OP.i32Add]).set(at.row);
  out.put([OP.br, 0, OP.end, OP.end]);
}

const I64_CONST = 0x42;
const I32_EQZ = 0x45;
const I32_NE = 0x47;
const I32_GE_U = 0x4f;
const I32_OR = 0x72;
const I32_SHL = 0x74;
const I32_LOAD = 0x28;
const I64_LT_S = 0x53;
const I64_GT_S = 0x55;
const I64_EXTEND_I32_S = 0xac;

function functionType(parameters: readonly ValueType[], result: ValueType): Uint8Array {
  const out = new ByteSink();
  out.u8(0x60);
  out.u32(parameters.length);
  for (const type of parameters) out.u8(VALUE_TYPE_BYTES[type]);
  out.put([1, VALUE_TYPE_BYTES[result]]);
  return out.toBytes();
}

function withLength(bytes: Uint8Array): Uint8Array {
  const length = new ByteSink();
  length.u32(bytes.byteLength);
  return concat([length.view(), bytes]);
}

interface Access {
  readonly core: 'i32' | 'i64' | 'f32' | 'f64';
  /** Base two logarithm of the bytes. */
  readonly shift: number;
  readonly load: number;
  readonly store: number;
}

const ACCESS: Readonly<Record<Cell, Access>> = {
  bool: { core: 'i32', shift: 0, load: 0x2d, store: 0x3a },
  i8: { core: 'i32', shift: 0, load: 0x2c, store: 0x3a },
  u8: { core: 'i32', shift: 0, load: 0x2d, store: 0x3a },
  i16: { core: 'i32', shift: 1, load: 0x2e, store: 0x3b },
  u16: { core: 'i32', shift: 1, load: 0x2f, store: 0x3b },
  i32: { core: 'i32', shift: 2, load: 0x28, store: 0x36 },
  i64: { core: 'i64', shift: 3, load: 0x29, store: 0x37 },
  f32: { core: 'f32', shift: 2, load: 0x2a, store: 0x38 },
  f64: { core: 'f64', shift: 3, load: 0x2b, store: 0x39 },
  'i16+': { core: 'i64', shift: 1, load: 0x32, store: 0x3d },
  'i32+': { core: 'i64', shift: 2, load: 0x34, store: 0x3e },
};

/** The WebAssembly type of a cell. */
export function coreType(cell: Cell): ValueType {
  return ACCESS[cell].core;
}

/** Leaves the innermost block when there is a mask and the row's bit in it is 0. */
function leaveWhenNull(out: Code, { mask, row }: LoopLocals): void {
  out.get(mask).put([OP.if, VOID_BLOCK]);
  out.get(mask, row).put([OP.i32Const, 5, OP.i32ShrU, OP.i32Const, 2, I32_SHL, OP.i32Add]);
  out.put([I32_LOAD, 2, 0]).get(row).put([OP.i32ShrU, OP.i32Const, 1, OP.i32And]);
  out.put([I32_EQZ, OP.brIf, 1, OP.end]);
}

/** Puts the row's value of a column onto the stack. @param options.data the local of the column's address */
export function loadCell(
  out: Code,
  options: { readonly cell: Cell; readonly data: number; readonly row: number },
): void {
  const { load, shift } = ACCESS[options.cell];
  address(out, { base: options.data, row: options.row, shift });
  out.put([load, shift, 0]);
  // DuckDB takes any byte but 0 for true; the ABI says 1.
  if (options.cell === 'bool') out.put([OP.i32Const, 0, I32_NE]);
}

/** Stores the result as the row's. */
export function storeCell(out: Code, { cell, at }: { readonly cell: Cell; readonly at: LoopLocals }): void {
  const { store, shift } = ACCESS[cell];
  address(out, { base: at.output, row: at.row, shift });
  out.get(at.result);
  if (cell === 'bool') out.put([OP.i32Const, 0, I32_NE]);
  out.put([store, shift, 0]);
}

function address(
  out: Code,
  { base, row, shift }: { readonly base: number; readonly row: number; readonly shift: number },
): void {
  out.get(base, row);
  if (shift > 0) out.put([OP.i32Const, shift, I32_SHL]);
  out.put([OP.i32Add]);
}

/** Returns 1 when the local is below or above the range; as a result it is a number with a sign. */
export function checkRange(
  out: Code,
  options: { readonly cell: Cell; readonly range: Range; readonly local: number },
): void {
  const { range, local } = options;
  const isWide = coreType(options.cell) === 'i64';
  const constant = isWide ? I64_CONST : OP.i32Const;
  const [low, high] = range;
  out.get(local).put([constant]).signed(low);
  out.put([isWide ? I64_LT_S : OP.i32LtS]).get(local);
  out.put([constant]).signed(high);
  out.put([isWide ? I64_GT_S : OP.i32GtS, I32_OR, OP.if, VOID_BLOCK]).get(local);
  if (!isWide) out.put([I64_EXTEND_I32_S]);
  out.put([OP.globalSet, VALUE, OP.i32Const, 1, OP.return, OP.end]);
}

/** Instructions in the making. */
export class Code {
  readonly #sink = new ByteSink();

  put(bytes: readonly number[] | Uint8Array): this {
    this.#sink.put(bytes);
    return this;
  }

  get(...locals: readonly number[]): this {
    for (const local of locals) this.local(OP.localGet, local);
    return this;
  }

  set(local: number): this {
    return this.local(OP.localSet, local);
  }

  /** An instruction on a local. */
  local(op: number, index: number): this {
    this.#sink.u8(op);
    return this.unsigned(index);
  }

  /** LEB128 of an unsigned number below 2^32. */
  unsigned(value: number): this {
    this.#sink.u32(value);
    return this;
  }

  /** LEB128 of a signed number, -2^63 to 2^63 - 1. */
  signed(value: bigint): this {
    let rest = value;
    while (rest < -0x40n || rest > 0x3fn) {
      this.#sink.u8(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#sink.u8(Number(rest & 0x7fn));
    return this;
  }

  bytes(): Uint8Array {
    return this.#sink.toBytes();
  }
}
