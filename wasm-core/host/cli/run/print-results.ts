import { createReadStream } from 'node:fs';
import type { RunResult, StatementResult } from '../../../protocol/methods.ts';
import type { RowWriter } from '../../../results/formats/row-writer.ts';
import { readPages } from '../../result-pages.ts';
import { SHOWS_ALL, TEXT_FORMATS } from '../formats/format.ts';
import type { Output } from '../output.ts';

/**
 * Writes what a run gave: formats for people the rows of every statement, the others those of the last one that has
 * rows.
 *
 * @param format one of `FORMATS` but `FILE_FORMATS`, which the host writes itself
 */
export async function printResults(result: RunResult, format: string, output: Output): Promise<void> {
  const withRows = result.statements.filter(({ file }) => file !== undefined);
  const shown = SHOWS_ALL.has(format) ? withRows : withRows.slice(-1);
  for (const statement of shown) {
    const makeWriter = TEXT_FORMATS[format];
    if (makeWriter === undefined) await copyArrow(statement, output);
    else {
      const width = output.width;
      await printRows(statement, makeWriter({ columns: statement.columns, width }), output);
    }
  }
}

async function printRows(statement: StatementResult, writer: RowWriter, output: Output): Promise<void> {
  await output.write(writer.begin());
  for await (const page of readPages(statement)) await output.write(writer.rows(page));
  await output.write(writer.end());
}

/** The results file is an Arrow IPC stream already. */
async function copyArrow({ file }: StatementResult, output: Output): Promise<void> {
  if (file === undefined) return;
  for await (const chunk of createReadStream(file.path)) await output.write(chunk as Buffer);
}
