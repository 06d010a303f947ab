import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { StatementResult } from '../../../wasm-core/protocol/methods.ts';
import { readPage } from '../../../wasm-core/results/pages.ts';
import { damaged } from '../../support/damaged-files.ts';
import { MANY_TYPES } from '../../support/results-page/many-types.ts';
import { openTestSession, startEngine } from '../../support/sql-session.ts';

/** The longest that reading all of a page of 20 rows may take, whatever is in it; milliseconds. */
const MAX_MS = 2_000;

describe('a damaged page', function () {
  this.timeout(120_000);
  const engine = startEngine();
  let statement: StatementResult;
  let bytes: Uint8Array;
  before(async () => {
    const session = await openTestSession(engine);
    const run = await session.run(MANY_TYPES);
    statement = run.statements[0] ?? assert.fail('no statement');
    // No Buffer, whose slices share their bytes.
    bytes = new Uint8Array(readFileSync(statement.file?.path ?? ''));
    await session.close();
  });
  after(() => engine.dispose());

  it('is read or refused, soon, and gives texts where it is read', () => {
    const { schemaByteLength = 0, pages = [] } = statement.file ?? {};
    const [range] = pages;
    assert.ok(range !== undefined);
    const schema = bytes.subarray(0, schemaByteLength);
    const page = bytes.subarray(range.offset, range.offset + range.byteLength);
    let read = 0;
    const check = (schema: Uint8Array, page: Uint8Array) => {
      const began = performance.now();
      read += readAll(schema, page, statement) ? 1 : 0;
      const took = performance.now() - began;
      assert.ok(took < MAX_MS, `reading took ${took} ms`);
    };
    assert.equal(readAll(schema, page, statement), true);
    fc.assert(
      fc.property(damaged(page), (copy) => check(schema, copy)),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(damaged(schema), (copy) => check(copy, page)),
      { numRuns: 1_000 },
    );
    // Else nothing but the first check was tested.
    assert.ok(read > 100, `${read} were read`);
  });
});

/** Whether every value of a page can be read; what cannot is refused with an error. */
function readAll(schema: Uint8Array, page: Uint8Array, { columns, rowCount }: StatementResult): boolean {
  try {
    const reader = readPage(schema, page, columns, rowCount);
    for (let row = 0; row < rowCount; row++) {
      for (const column of columns.keys()) {
        assert.equal(typeof reader.text(row, column), 'string');
        reader.isNull(row, column);
        reader.json(row, column);
      }
    }
    return true;
  } catch (error) {
    assert.ok(error instanceof Error);

    return false;
  }
}
