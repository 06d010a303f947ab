import { exported } from './aggregates.ts';
import { argumentLoads, hasRowForm, rowArguments } from './arguments.ts';
import { putValue } from './codec-source.ts';
import type { TableFunction } from './definitions.ts';

/** The exports of a table function: a handle is the address of a pinned instance of its class. */
export function tableSource(fn: TableFunction): string {
  const { exportName: name, sourceName: type, row, columns } = fn;
  const { before, skip, values } = argumentLoads(fn);
  const refuse = skip === '' ? '' : `if (${skip}) throw new Error("an argument of ${fn.name} is NULL");`;
  const size = 16 + 32 * columns.length;
  return `function __quern_open_batch_${name}(batch: usize, size: i32): usize {
  const i = 0;
  ${before}
  ${refuse}
  return __pin(changetype<usize>(new ${type}(${values.join(', ')})));
}
function __quern_next_${name}(handle: usize, rows: i32): usize {
  const to: usize = memory.data(${size}, 16);
  const out = __quern_out${row.id}; out.reset();
  const from = changetype<${type}>(handle);
  let n = 0;
  while (n < rows) {
    const row = from.next();
    if (row === null) break;
    ${putValue(row, 'out', 'row')}
    n++;
  }
  store<i32>(to, n); store<i32>(to, ${columns.length}, 4); store<i32>(to, 0, 8); store<i32>(to, 0, 12);
  for (let k = 0; k < ${columns.length}; k++) unchecked(out.children[k]).finish(to + 16 + (<usize>k << 5));
  return to;
}
function __quern_close_${name}(handle: usize): void { __unpin(handle); }
${exported(name, 'open_batch', 'next', 'close')}
${openRow(fn)}`;
}

function openRow(fn: TableFunction): string {
  if (!hasRowForm(fn)) return '';
  const { exportName: name, sourceName: type } = fn;
  const { declared, values } = rowArguments(fn);
  const made = `__pin(changetype<usize>(new ${type}(${values.join(', ')})))`;
  return `function __quern_open_${name}(${declared.join(', ')}): usize { return ${made}; }
${exported(name, 'open')}`;
}
