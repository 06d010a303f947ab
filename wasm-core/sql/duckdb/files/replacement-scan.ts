import type { Connection, DuckDb } from '../boot.ts';

/*
 * The C API adds a replacement scan to a `duckdb_database`, which duckdb-wasm does not give out. It is three pointers
 * away from a connection: Connection → ClientContext → DatabaseInstance. Only the last is used by the call, so that it
 * may be wrapped for as long as the call takes. Undocumented, so each installation proves it.
 */

/** Words of a `ClientContext` in front of its `shared_ptr<DatabaseInstance>`: those of `enable_shared_from_this`. */
const INSTANCE_WORDS = 2;

/** A name that nothing has. */
const PROBE = 'quern replacement scan';

/**
 * Has a callback called for each name that is no table: `(info, name, data)`.
 *
 * @param options.callback index in the engine's table
 * @throws Error when the engine is not the one that this code was written for
 */
export function addReplacementScan(
  { bindings, native }: DuckDb,
  { connection, callback }: { readonly connection: Connection; readonly callback: number },
): void {
  let isCalled = false;
  const probe = native.addCallback((_: number, name: number) => {
    isCalled ||= native.text(name) === PROBE;
  });
  const context = native.word(connection.pointer);
  const instance = native.word(context + 4 * INSTANCE_WORDS);
  const owner = native.word(context + 4 * INSTANCE_WORDS + 4);
  // A `DatabaseWrapper` with a shared pointer to a `DuckDB`, with a shared pointer to the instance.
  native.withBlock(16, (block) => {
    native.words().set([block + 8, 0, instance, owner], block >>> 2);
    native.api.duckdb_add_replacement_scan(block, probe, 0, 0);
    native.api.duckdb_add_replacement_scan(block, callback, 0, 0);
  });
  try {
    bindings.runQuery(connection.id, `from "${PROBE}"`);
  } catch {
    // There is no such table: it only had to be looked for.
  }
  if (!isCalled) throw new Error('the engine does not ask for files; is it duckdb-wasm 1.32.0?');
}
