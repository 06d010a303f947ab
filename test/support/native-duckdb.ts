import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** Rows as the texts of their cells, NULL as null. */
export type TextRows = readonly (readonly (string | null)[])[];

/** Native DuckDB 1.4.3, with one thread and in UTC, as our engine is. */
export interface NativeDuckDb {
  readonly connection: DuckDBConnection;
  /** Every cell as DuckDB itself casts it to VARCHAR. */
  rows(sql: string): Promise<TextRows>;
  close(): void;
}

/** @param folder where relative paths of statements start */
export async function openNativeDuckDb(folder: string): Promise<NativeDuckDb> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(`set file_search_path = '${folder}'`);
  await connection.run(`set TimeZone = 'UTC'`);
  return {
    connection,
    rows: async (sql) => {
      const result = await connection.runAndReadAll(`select columns(*)::varchar from (${sql})`);
      return result.getRowsJson() as TextRows;
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
