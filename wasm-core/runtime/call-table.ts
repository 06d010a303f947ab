import { CoreError } from '../protocol/errors.ts';
import type { PluginFunction } from '../protocol/plugins.ts';
import type { TypedValue } from '../protocol/typed-values.ts';
import { type BoundArgument, gaveNothing, hasRowForm, invoke, invokeBatch, invokeRow } from './call-parts.ts';
import type { Guest } from './guest.ts';
import { broken, type ReadContext, readColumn, readU32 } from './values/read-column.ts';
import { tableColumns } from './values/sql-type-of.ts';

/** The most rows that a call of a table function gives; SQL has no such cap. */
export const MAX_TABLE_ROWS = 100_000;

const BATCH_ROWS = 2048;

/**
 * All rows of a table function, as objects.
 *
 * @throws CoreError RESULT_INVALID, GUEST_ERROR, TRAP, MEMORY_LIMIT, MEMORY_BOUNDS, OUTPUT_LIMIT also above `MAX_TABLE_ROWS`
 */
export function callTable(
  guest: Guest,
  fn: PluginFunction,
  args: readonly BoundArgument[],
  limits: { readonly maxOutputBytes: number },
): TypedValue {
  const name = `${fn.export}__open`;
  const byRow = typeof guest.exports[`${name}__batch`] !== 'function' && hasRowForm(guest, fn, name);
  const opened = byRow
    ? invokeRow(guest, fn, { name, args })
    : invokeBatch(guest, fn, { name, rows: [args] });
  const handle = Number(opened);
  if (handle === 0) throw gaveNothing(fn, 'handle');
  const { maxOutputBytes } = limits;
  const context = { guest, functionName: fn.name, budget: { left: maxOutputBytes, maxOutputBytes } };
  const rows: TypedValue[] = [];
  for (let batch = nextRows(context, fn, handle); batch.length > 0; batch = nextRows(context, fn, handle)) {
    rows.push(...batch);
    if (rows.length > MAX_TABLE_ROWS) throw tooMany(fn);
  }
  if (typeof guest.exports[`${fn.export}__close`] === 'function')
    invoke(guest, fn, `${fn.export}__close`, [handle]);
  return rows;
}

function nextRows(context: ReadContext, fn: PluginFunction, handle: number): TypedValue[] {
  const address = Number(invoke(context.guest, fn, `${fn.export}__next`, [handle, BATCH_ROWS])) >>> 0;
  const rows = address === 0 ? 0 : readU32(context, address);
  if (rows === 0) return [];
  if (rows > BATCH_ROWS)
    throw broken(context, `a batch of ${rows} rows where at most ${BATCH_ROWS} were asked for`);
  const fields = tableColumns(fn);
  const count = readU32(context, address + 4);
  if (count !== fields.length)
    throw broken(context, `a batch of ${count} columns where ${fields.length} are declared`);
  const columns = fields.map(({ type }, index) =>
    readColumn(context, { address: address + 16 + 32 * index, type, rows }),
  );
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(fields.map(({ name }, index) => [name, columns[index]?.[row] ?? null])),
  );
}

function tooMany(fn: PluginFunction): CoreError {
  const message = `${fn.name} gave more than the ${MAX_TABLE_ROWS} rows that a call may. Use it in SQL, which has no such limit.`;
  return new CoreError('OUTPUT_LIMIT', message, { function: fn.name });
}
