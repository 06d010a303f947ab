import path from 'node:path';
import { createDuckDB, NODE_RUNTIME, VoidLogger } from '@duckdb/duckdb-wasm/blocking';
import {
  DuckDBInstance,
  type DuckDBIntegerVector,
  DuckDBScalarFunction,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { Int32, Utf8 } from 'apache-arrow';
import { CREATE_TABLE } from './table.ts';

/** Another engine that runs statements over the suite's table. */
export interface Peer {
  /** @throws Error when the statement fails */
  run(sql: string): Promise<unknown>;
  close(): void;
}

/** duckdb-wasm as it comes, with `createScalarFunction`: functions `add_rows` and `upper_rows` in JavaScript. */
export async function stockPeer(rowCount: number): Promise<Peer> {
  const folder = path.resolve('node_modules/@duckdb/duckdb-wasm/dist');
  const bundle = { mainModule: path.join(folder, 'duckdb-eh.wasm'), mainWorker: '' };
  const db = await createDuckDB({ mvp: bundle, eh: bundle }, new VoidLogger(), NODE_RUNTIME);
  await db.instantiate(() => {});
  db.open({ path: ':memory:' });
  const connection = db.connect();
  connection.query(CREATE_TABLE(rowCount));
  // duckdb-wasm declares the types of a version of Arrow of its own; it reads no more than their ids.
  connection.createScalarFunction('add_rows', new Int32() as never, (a: number, b: number) => a + b);
  connection.createScalarFunction('upper_rows', new Utf8() as never, (text: string) => text.toUpperCase());
  return { run: async (sql) => connection.query(sql), close: () => connection.close() };
}

/** Native DuckDB with one thread and a vectorised JavaScript function, as node-api has them: `add_rows`, `upper_rows`. */
export async function nativePeer(rowCount: number): Promise<Peer> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(CREATE_TABLE(rowCount));
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: 'add_rows',
      parameterTypes: [INTEGER, INTEGER],
      returnType: INTEGER,
      mainFunction: (_, input, output) => {
        const [a, b] = [input.getColumnVector(0), input.getColumnVector(1)] as DuckDBIntegerVector[];
        for (let row = 0; row < input.rowCount; row++) {
          output.setItem(row, Number(a?.getItem(row)) + Number(b?.getItem(row)));
        }
        output.flush();
      },
    }),
  );
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: 'upper_rows',
      parameterTypes: [VARCHAR],
      returnType: VARCHAR,
      mainFunction: (_, input, output) => {
        const texts = input.getColumnVector(0);
        for (let row = 0; row < input.rowCount; row++) {
          output.setItem(row, String(texts.getItem(row)).toUpperCase());
        }
        output.flush();
      },
    }),
  );
  return {
    run: async (sql) => (await connection.run(sql)).fetchAllChunks(),
    close: () => connection.closeSync(),
  };
}
