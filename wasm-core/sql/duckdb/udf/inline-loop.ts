import { VALUE_TYPE_BYTES, zeroOf } from '../../../binary/control-functions.ts';
import type { InlineBody, InlineReference } from '../../../binary/inline-body.ts';
import { OP, VOID_BLOCK } from '../../../binary/opcodes.ts';
import type { ValueType } from '../../../protocol/plugins.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import type { Signature } from './adapter-cells.ts';
import {
  Code,
  checkRange,
  coreType,
  type LoopLocals,
  loadCell,
  loopModule,
  storeCell,
  writeLoop,
} from './adapter-code.ts';

/*
 * A loop over the rows of a chunk that holds the code of a function in place of calls of it: for functions that compute
 * on their parameters alone. It counts the function's fuel as the guest would. Whatever goes wrong in it is left to the
 * guest, which then gets the whole chunk and says what, where and at which row.
 */

/** Runs a function's own code over the rows of a chunk. */
export interface InlineLoop {
  /**
   * @param options.fuel what the guest has left; undefined when it is not counted
   * @returns the fuel that the rows took, 0 when it is not counted; undefined when a row failed, which may have left
   *   anything in the output
   */
  run(options: {
    readonly data: readonly Pointer[];
    readonly mask: Pointer;
    readonly output: Pointer;
    readonly rowCount: number;
    readonly fuel: number | undefined;
  }): number | undefined;
}

/** Makes loops, one for each function's code and signature. */
export class InlineLoops {
  readonly #native: Pick<Native, 'memory'>;
  readonly #loops = new WeakMap<InlineBody, Map<Signature, InlineLoop>>();

  constructor(native: Pick<Native, 'memory'>) {
    this.#native = native;
  }

  get(body: InlineBody, signature: Signature): InlineLoop {
    const loops = this.#loops.get(body) ?? new Map<Signature, InlineLoop>();
    this.#loops.set(body, loops);
    const known = loops.get(signature);
    if (known !== undefined) return known;
    const made = this.#instantiate(body, signature);
    loops.set(signature, made);
    return made;
  }

  #instantiate(body: InlineBody, signature: Signature): InlineLoop {
    const module = new WebAssembly.Module(inlineLoopModule(body, signature));
    const { exports } = new WebAssembly.Instance(module, { engine: { memory: this.#native.memory } });
    // The types are those of `inlineLoopModule`.
    const run = exports.run as WebAssembly.GuestFunction;
    const counter = exports.counter as WebAssembly.Global;
    const reserve = exports.reserve as WebAssembly.Global;
    return {
      run: ({ data, mask, output, rowCount, fuel = 0 }) => {
        const chunks = Math.max(0, Math.floor(fuel / FUEL_CHUNK));
        try {
          if (run(...data, mask, output, rowCount, fuel - chunks * FUEL_CHUNK, chunks) !== 0)
            return undefined;
        } catch {
          return undefined;
        }
        return fuel - (Number(counter.value) + Number(reserve.value) * FUEL_CHUNK);
      },
    };
  }
}

/** docs/metering.md: fuel is a counter and a reserve of so much each. */
const FUEL_CHUNK = 2 ** 30;

/** The loop around a function's code, a whole WebAssembly module. */
export function inlineLoopModule(body: InlineBody, signature: Signature): Uint8Array {
  return loopModule({
    parameterCount: signature.parameters.length + 5,
    // The second is where `checkRange` puts a result.
    globals: [
      ['counter', 'i32'],
      ['value', 'i64'],
      ['reserve', 'i32'],
    ],
    body: runBody(body, signature),
    name: 'quern-inline',
  });
}

const [COUNTER, RESERVE] = [0, 2];

/** The locals: those of a loop, and the fuel's. */
interface InlineLocals extends LoopLocals {
  readonly counter: number;
  readonly reserve: number;
}

function runBody(body: InlineBody, { parameters, result, range }: Signature): Uint8Array {
  const count = parameters.length;
  const at: InlineLocals = {
    mask: count,
    output: count + 1,
    rowCount: count + 2,
    counter: count + 3,
    reserve: count + 4,
    row: count + 5,
    result: count + 6,
  };
  const declared = ['i32' as const, coreType(result), ...localsOf(body)];
  const out = new Code();
  out.unsigned(declared.length).put(declared.flatMap((type) => [1, VALUE_TYPE_BYTES[type]]));
  const row = () => {
    for (const [index, cell] of parameters.entries()) loadCell(out, { cell, data: index, row: at.row });
    new BodyWriter(out, at, count + 7).write(body);
    out.set(at.result);
    if (range !== undefined) checkRange(out, { cell: result, range, local: at.result });
    storeCell(out, { cell: result, at });
  };
  out.get(at.mask).put([OP.if, VOID_BLOCK]);
  writeLoop(out, at, row);
  out.put([OP.else]);
  writeLoop(out, at, row, { isMasked: false });
  out.put([OP.end]);
  out.get(at.counter).put([OP.globalSet, COUNTER]);
  out.get(at.reserve).put([OP.globalSet, RESERVE]);
  out.put([OP.i32Const, 0, OP.end]);
  return out.bytes();
}

/** The types of the locals that `BodyWriter` uses, in its order: those of a function, then those of each call in it. */
function localsOf(body: InlineBody): ValueType[] {
  const inCalls = body.pieces.flatMap((piece) =>
    piece instanceof Uint8Array || piece.kind !== 'call' ? [] : localsOf(piece.body),
  );
  return [...body.type.parameters, ...body.locals, ...inCalls];
}

/** Writes functions as blocks that take their arguments from the stack, each with locals of its own. */
class BodyWriter {
  readonly #out: Code;
  readonly #at: InlineLocals;
  #next: number;

  /** @param first the first local for functions */
  constructor(out: Code, at: InlineLocals, first: number) {
    this.#out = out;
    this.#at = at;
    this.#next = first;
  }

  write({ type, locals, pieces }: InlineBody): void {
    const out = this.#out;
    const own = this.#next;
    const count = type.parameters.length;
    this.#next += count + locals.length;
    for (let index = count - 1; index >= 0; index--) out.set(own + index);
    for (const [index, local] of locals.entries()) out.put(zeroOf(local)).set(own + count + index);
    const [result] = type.results;
    out.put([OP.block, result === undefined ? VOID_BLOCK : VALUE_TYPE_BYTES[result]]);
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) out.put(piece);
      else if (piece.kind === 'call') this.write(piece.body);
      else this.#reference(piece, own);
    }
    out.put([OP.end]);
  }

  #reference(reference: InlineReference, own: number): void {
    const out = this.#out;
    switch (reference.kind) {
      case 'local':
        out.local(reference.op, own + reference.index);
        break;
      case 'fuel':
        // A global for the function is a local here.
        out.local(reference.op === OP.globalGet ? OP.localGet : OP.localSet, this.#at[reference.of]);
        break;
      case 'return':
        out.put([OP.br]).unsigned(reference.depth);
        break;
    }
  }
}
