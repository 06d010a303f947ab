import { VALUE_TYPE_BYTES } from '../../../binary/control-functions.ts';
import { OP } from '../../../binary/opcodes.ts';
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
 * The adapter: a module that loops over the rows of a chunk between DuckDB's memory and one function of a guest, without
 * JavaScript in between. It is made for each signature; beside its function `run` it exports the globals `row` and
 * `value`.
 *
 * `run` is 0 when all rows were called, 1 when a result is out of range: `row` is then its row and `value` what it was.
 * When a call traps, `row` is the row of that call.
 */

/** Begins the adapter's address in V8's stack traces. */
export const ADAPTER_URL = 'wasm://wasm/quern-adapter-';

/** The adapter of a signature, a whole WebAssembly module. */
export function adapterModule(signature: Signature): Uint8Array {
  const { parameters, result } = signature;
  return loopModule({
    guest: { parameters: parameters.map(coreType), result: coreType(result) },
    parameterCount: parameters.length + 3,
    globals: [
      ['row', 'i32'],
      ['value', 'i64'],
    ],
    body: runBody(signature),
    name: 'quern-adapter',
  });
}

/** The global of the row that is called. */
const ROW = 0;
/** The guest's function. */
const GUEST = 0;

function runBody({ parameters, result, range }: Signature): Uint8Array {
  const count = parameters.length;
  const at: LoopLocals = {
    mask: count,
    output: count + 1,
    rowCount: count + 2,
    row: count + 3,
    result: count + 4,
  };
  const out = new Code();
  out.put([2, 1, VALUE_TYPE_BYTES.i32, 1, VALUE_TYPE_BYTES[coreType(result)]]);
  writeLoop(out, at, () => {
    out.get(at.row).put([OP.globalSet, ROW]);
    parameters.forEach((cell, index) => {
      loadCell(out, { cell, data: index, row: at.row });
    });
    out.put([OP.call, GUEST]).set(at.result);
    if (range !== undefined) checkRange(out, { cell: result, range, local: at.result });
    storeCell(out, { cell: result, at });
  });
  out.put([OP.i32Const, 0, OP.end]);
  return out.bytes();
}
