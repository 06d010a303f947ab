import type { ColumnInfo } from '../../protocol/methods.ts';
import type { Connection } from './boot.ts';
import type { Pointer } from './c-api.ts';
import type { EngineContext } from './context.ts';
import { withoutInternalNames } from './engine-error.ts';
import { typeText, withType } from './logical-type.ts';

/** A statement, and where it is prepared. */
export interface StatementToPrepare {
  readonly connection: Connection;
  readonly sql: string;
}

/**
 * Prepares a statement without running it, and calls `use` with it.
 *
 * @returns what `use` returns
 * @throws Error with the engine's message when it does not prepare
 */
export function withPrepared<T>(
  context: EngineContext,
  options: StatementToPrepare,
  use: (statement: Pointer) => T,
): T {
  const { native } = context.db;
  return native.withBlock(4, (slot) =>
    native.withText(context.functions.engineText(options.sql, options.connection), (sql) =>
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
 * Prepares what a statement becomes in the engine, where that is several: a PIVOT without its values is a query for them
 * and one that is written with them, so that only the first can be prepared before it has run.
 *
 * @throws Error with the engine's message when it does not prepare
 */
export function prepareFirst(context: EngineContext, options: StatementToPrepare): void {
  const { native } = context.db;
  const { api } = native;
  const { pointer } = options.connection;
  native.withBlock(8, (slots) =>
    native.withText(context.functions.engineText(options.sql, options.connection), (sql) =>
      context.functions.withoutCalls(() => {
        const prepared = slots + 4;
        const count = api.duckdb_extract_statements(pointer, sql, slots);
        const extracted = native.word(slots);
        try {
          if (count === 0) throw new Error(native.text(api.duckdb_extract_statements_error(extracted)));
          const status = api.duckdb_prepare_extracted_statement(pointer, extracted, 0, 0, prepared);
          if (status !== 0) throw new Error(native.text(api.duckdb_prepare_error(native.word(prepared))));
        } finally {
          api.duckdb_destroy_prepare(prepared);
          api.duckdb_destroy_extracted(slots);
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
export function describeStatement(context: EngineContext, options: StatementToPrepare): ColumnInfo[] {
  const { native } = context.db;
  const { api } = native;
  return withPrepared(context, options, (statement) =>
    Array.from({ length: api.duckdb_prepared_statement_column_count(statement) }, (_, index) => {
      const name = native.takeText(api.duckdb_prepared_statement_column_name(statement, index, 0));
      const type = api.duckdb_prepared_statement_column_logical_type(statement, index, 0);
      return { name: withoutInternalNames(name), type: withType(native, type, (t) => typeText(native, t)) };
    }),
  );
}
