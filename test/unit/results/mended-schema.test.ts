import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Field, MessageReader, tableFromIPC } from 'apache-arrow';
import { mendedSchema } from '../../../wasm-core/results/mended-schema.ts';
import { readPage } from '../../../wasm-core/results/pages.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('a schema with true booleans', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  /** A statement's columns, its schema message mended and the rest of its file. */
  async function mended(sql: string) {
    const { statements } = await test.run(sql);
    const [statement] = statements;
    assert.ok(statement?.file);
    const bytes = readFileSync(statement.file.path);
    const { schemaByteLength, pages } = statement.file;
    const original = bytes.subarray(0, schemaByteLength);
    const schema = mendedSchema(original, statement.columns);
    const texts = pages.flatMap(({ offset, byteLength, rowCount }) => {
      const page = readPage(schema, bytes.subarray(offset, offset + byteLength), statement.columns, rowCount);
      return Array.from({ length: rowCount }, (_, r) => statement.columns.map((_c, c) => page.text(r, c)));
    });
    const table = tableFromIPC(Buffer.concat([schema, bytes.subarray(schemaByteLength)]));
    return { schema, table, texts, original };
  }

  it('gives any reader of Arrow the values that DuckDB means', async () => {
    const { table } = await mended(
      'select i % 2 = 0 a, case when i % 3 = 0 then null else i % 5 = 0 end b, [i % 2 = 0, null] c from range(3000) t(i)',
    );
    table.toArray().forEach((row, i) => {
      assert.equal(row.a, i % 2 === 0);
      assert.equal(row.b, i % 3 === 0 ? null : i % 5 === 0);
      assert.deepEqual([...row.c], [i % 2 === 0, null]);
    });
  });
  it('reaches into structs, arrays, unions and maps', async () => {
    const { table, texts } = await mended(
      `select {'a': true, 'b': 1} s, array_value(true, false, true) r, union_value(u := false) u,
        map {true: false} m, [{'m': map {'k': [false]}}] n`,
    );
    const types = 'Struct<{a:Bool, b:Int32}>|FixedSizeList[3]<Bool>|Union<Bool>|Map<{key:Bool, value:Bool}>';
    assert.deepEqual(
      table.schema.fields
        .slice(0, 4)
        .map((f) => String(f.type))
        .join('|'),
      types,
    );
    assert.deepEqual(texts, [
      ["{'a': true, 'b': 1}", '[true, false, true]', 'false', '{true=false}', "[{'m': {k=[false]}}]"],
    ]);
  });
  it('keeps every other type as it was', async () => {
    const { schema, original } = await mended('select * from test_all_types()');
    const [before, after] = [fields(original), fields(schema)];
    assert.equal(after[0], 'bool:Bool:');
    assert.deepEqual(after.slice(1), before.slice(1));
  });
  it('is the same bytes when there is no boolean', async () => {
    const { schema, original } = await mended('select 1 a');
    assert.equal(schema, original);
  });
});

/** Each field's name, type and metadata. */
function fields(bytes: Uint8Array): string[] {
  const schema = new MessageReader(bytes).readSchema();
  return (schema?.fields ?? []).map((f: Field) => `${f.name}:${f.type}:${[...f.metadata].join()}`);
}
