import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { CoreError } from '../../../protocol/errors.ts';
import type { TestRunResult, TestUpdate } from '../../../protocol/tests.ts';

/**
 * Writes what came in place of what was expected; everything else in the file stays, its line ends too.
 *
 * @returns how many records were changed
 * @throws CoreError FILE_IO
 */
export function updateTestFile({ path: file, records }: TestRunResult): number {
  const updates = records.flatMap(({ failure }) => failure?.update ?? []);
  if (updates.length === 0) return 0;
  const temporary = `${file}.${process.pid}.part`;
  try {
    writeFileSync(temporary, applyUpdates(readFileSync(file, 'utf8'), updates));
    renameSync(temporary, file);
  } catch (error) {
    throw new CoreError('FILE_IO', `${file} cannot be updated (${String(error)}).`, { path: file });
  }
  return updates.length;
}

/** A text with lines replaced. */
export function applyUpdates(text: string, updates: readonly TestUpdate[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  // From the end, so that the lines before keep their numbers.
  for (const { line, count, lines: next } of [...updates].sort((a, b) => b.line - a.line)) {
    lines.splice(line - 1, count, ...next);
  }
  return lines.join(eol);
}
