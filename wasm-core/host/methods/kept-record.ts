import { stat } from 'node:fs/promises';
import { CoreError } from '../../protocol/errors.ts';
import type { ExportedResult } from '../../protocol/export.ts';
import type { ResultPage } from '../../protocol/methods.ts';
import { type KeptRecord, KeptResults } from '../../sql/kept-results/node/kept-results.ts';
import { invalid, type Params, readOptionalInteger, readParams } from '../params.ts';

/** More pages are not read: each has some hundred kilobytes. */
const MOST_PAGES = 1_000_000;

/**
 * What is kept of rows as a client knows them.
 *
 * @throws CoreError PARAMS_INVALID where they are not as their file is; FILE_NOT_FOUND
 */
export async function readKeptRecord(
  params: Params,
  { path, columns, rowCount }: ExportedResult,
): Promise<KeptRecord> {
  const { size } = await stat(path).catch(() => {
    throw new CoreError('FILE_NOT_FOUND', 'The rows of that run are gone; run the statement again.', {
      path,
    });
  });
  const schemaByteLength = readCount(params, 'schemaByteLength', size);
  const pages = readPages(params.pages, size);
  const { firstRow = 0, rowCount: last = 0 } = pages.at(-1) ?? {};
  if (firstRow + last !== rowCount) throw invalid('result.rowCount must be the number of rows of all pages.');
  const cost = {
    micros: readCount(params, 'micros', Number.MAX_SAFE_INTEGER),
    functionMicros: 0,
    transferMicros: 0,
    functionRows: 0,
    functionFuel: 0,
  };
  const file = { path: '', schemaByteLength, byteLength: size, pages };
  return {
    key: KeptResults.ownKey(),
    time: new Date().toISOString(),
    result: { kind: 'SELECT', columns, rowCount, truncated: false, file, cost },
    isReusable: false,
    inputs: null,
  };
}

/** Pages one behind the other, as a results file has them. */
function readPages(value: unknown, size: number): readonly ResultPage[] {
  if (!Array.isArray(value) || value.length > MOST_PAGES) throw invalid('pages must be an array of pages.');
  let row = 0;
  return value.map((page: unknown) => {
    const params = readParams(page, ['firstRow', 'rowCount', 'offset', 'byteLength']);
    const firstRow = readCount(params, 'firstRow', Number.MAX_SAFE_INTEGER);
    const rowCount = readCount(params, 'rowCount', Number.MAX_SAFE_INTEGER);
    const offset = readCount(params, 'offset', size);
    const byteLength = readCount(params, 'byteLength', size - offset);
    if (firstRow !== row)
      throw invalid(`pages must have all rows in order; one begins at ${firstRow}, not ${row}.`);
    row += rowCount;
    return { firstRow, rowCount, offset, byteLength };
  });
}

function readCount(params: Params, name: string, max: number): number {
  const count = readOptionalInteger(params, name, { min: 0, max });
  if (count === undefined) throw invalid(`${name} is missing.`);
  return count;
}
