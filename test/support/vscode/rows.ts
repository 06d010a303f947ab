import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { RunOutcome } from '../../../client/run/run-outcome.ts';
import { readPage } from '../../../wasm-core/results/pages.ts';

/**
 * The rows of a run's result as texts, the way the results page shows them.
 *
 * @param index of the statement in the run
 */
export function rowsOf(outcome: RunOutcome | undefined, index = 0): string[][] {
  assert.ok(outcome, 'something ran');
  assert.equal(outcome.type, 'results', JSON.stringify(outcome));
  if (outcome.type !== 'results') return [];
  const statement = outcome.result.statements[index];
  assert.ok(statement?.file, `statement ${index} has rows`);
  const { file, columns } = statement;
  const bytes = readFileSync(file.path);
  const schema = bytes.subarray(0, file.schemaByteLength);
  return file.pages.flatMap((page) => {
    const reader = readPage(
      schema,
      bytes.subarray(page.offset, page.offset + page.byteLength),
      columns,
      page.rowCount,
    );
    return Array.from({ length: reader.rowCount }, (_, row) =>
      columns.map((_column, column) => reader.text(row, column)),
    );
  });
}
