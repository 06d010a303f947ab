import type { ColumnInfo } from '../../protocol/methods.ts';
import type { Connection } from './boot.ts';
import type { Pointer } from './c-api.ts';
import type { EngineContext } from './context.ts';
import { typeText, withType } from './logical-type.ts';

/**
 * Prepares a statement without running it, and calls `use` with it.
 *
 * @returns what `use` returns
 * @throws Error with the engine's message when it does not prepare
 */
export function withPrepared<T>(
  context: EngineContext,
  options: { readonly connection: Connection; readonly sql: string },
  use: (statement: Pointer) => T,
): T {
  const { native } = context.db;
  return native.withBlock(4, (slot) =>
    native.withText(options.sql, (sql) =>
      context.functions.withoutCalls(() => {
        const status = native.api.duckdb_prepare(options.connection.pointer, sql, slot);
        const statement = native.word(slot);
        try {
          if (status !== 0) throw new Error(native.text(native.api.duckdb_prepare_error(statement)));
          return use(statement);
        } finally {
          native.api.duckdb_destroy_prepare(slot);
        }
      }),
    ),
  );
}

/**
 * The columns that a statement would return.
 *
 * @throws Error with the engine's message when it does not prepare
 */
export function describeStatement(
  context: EngineContext,
  options: { readonly connection: Connection; readonly sql: string },
): ColumnInfo[] {
  const { native } = context.db;
  const { api } = native;
  return withPrepared(context, options, (statement) =>
    Array.from({ length: api.duckdb_prepared_statement_column_count(statement) }, (_, index) => {
      const name = native.takeText(api.duckdb_prepared_statement_column_name(statement, index, 0));
      const type = api.duckdb_prepared_statement_column_logical_type(statement, index, 0);
      return { name, type: withType(native, type, (t) => typeText(native, t)) };
    }),
  );
}
