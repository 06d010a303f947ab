import { parseTableType } from '../../../protocol/sql-types.ts';
import type { Pointer } from '../c-api.ts';
import { createType, withType } from '../logical-type.ts';
import { withPluginType } from './plugin-type.ts';
import type { DefinitionParts, FunctionSet } from './scalar-functions.ts';
import { TableCalls } from './table-calls.ts';

/** Registers a table function; its first overload alone, for table macros do not tell types apart. */
export function defineTable(parts: DefinitionParts, set: FunctionSet): void {
  const { native } = parts.db;
  const { api } = native;
  const [callable] = set.callables;
  if (callable === undefined) return;
  const calls = new TableCalls({ ...parts, callable, compiled: set.compiled });
  const table = api.duckdb_create_table_function();
  try {
    native.withText(set.internalName, (name) => api.duckdb_table_function_set_name(table, name));
    for (const { type } of callable.fn.parameters) {
      withPluginType(native, type, (t) => api.duckdb_table_function_add_parameter(table, t));
    }
    const columns = parseTableType(callable.fn.returns) ?? [];
    const info = { parameters: ['i32'] } as const;
    const bind = native.addCallback((bound) => {
      for (const { name, type } of columns) {
        native.withText(name, (text) =>
          withType(native, createType(native, type), (t) =>
            api.duckdb_bind_add_result_column(bound, text, t),
          ),
        );
      }
      const data = calls.bind(bound);
      api.duckdb_bind_set_bind_data(bound, data, release);
    }, info);
    const release: number = native.addCallback((data) => calls.release(data), info);
    const init = native.addCallback((started) => {
      api.duckdb_init_set_init_data(started, calls.start(started), release);
    }, info);
    const next = native.addCallback(
      (running: Pointer, chunk: Pointer) => {
        const error = calls.next(running, chunk);
        if (error === undefined) return;
        native.withText(error.message, (text) => api.duckdb_function_set_error(running, text));
      },
      { parameters: ['i32', 'i32'] },
    );
    api.duckdb_table_function_set_bind(table, bind);
    api.duckdb_table_function_set_init(table, init);
    api.duckdb_table_function_set_function(table, next);
    api.duckdb_table_function_supports_projection_pushdown(table, 1);
    if (api.duckdb_register_table_function(parts.connection.pointer, table) !== 0) {
      throw new Error(`DuckDB did not take the table function ${callable.fn.name}`);
    }
  } finally {
    native.withPointer(table, (slot) => api.duckdb_destroy_table_function(slot));
  }
}
