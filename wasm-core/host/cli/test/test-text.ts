import path from 'node:path';
import { durationText } from '../../../protocol/figures.ts';
import type { TestFailure, TestRecordResult, TestRunResult } from '../../../protocol/tests.ts';
import { visible } from '../text-table.ts';
import { lineDiff } from './line-diff.ts';

/** So many lines of one failure are shown. */
const MAX_LINES = 40;

/**
 * What a file gave, for people: nothing but its name when it passed, else its failures with their places.
 *
 * @returns lines without LF
 */
export function fileLines({ path: file, outcome, skipped, records }: TestRunResult): string[] {
  const name = shortPath(file);
  const failed = records.filter((record) => record.outcome === 'failed');
  return [
    `${WORDS[outcome]} ${visible(name)}`,
    ...failed.flatMap((record) => recordLines(name, record)),
    ...(skipped === undefined ? [] : [`  ${visible(`${name}:${skipped.line}: ${skipped.reason}`)}`]),
  ];
}

const WORDS = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' } as const;

/** `12 files: 10 passed, 2 failed; 310 records in 2.1 s`. */
export function summaryLine(results: readonly TestRunResult[], micros: number): string {
  const count = (outcome: TestRunResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const parts = (['passed', 'failed', 'skipped'] as const).flatMap((outcome) =>
    count(outcome) > 0 ? [`${count(outcome)} ${outcome}`] : [],
  );
  const records = results.reduce((sum, result) => sum + result.records.length, 0);
  return `${plural(results.length, 'file')}: ${parts.join(', ')}; ${plural(records, 'record')} in ${durationText(micros)}`;
}

function recordLines(name: string, { line, failure }: TestRecordResult): string[] {
  if (failure === undefined) return [];
  const { message, loops, expected, actual } = failure;
  const head = `${name}:${line}: ${message}${loops === undefined ? '' : ` (${loops})`}`;
  return [...head.split('\n').map((text) => `  ${visible(text)}`), ...diffLines(expected, actual)];
}

function diffLines(expected: TestFailure['expected'], actual: TestFailure['actual']): string[] {
  if (expected === undefined || actual === undefined) return [];
  const lines = lineDiff(linesOf(expected), linesOf(actual)).map((line) => `    ${visible(line)}`);
  const rest = lines.length - MAX_LINES;
  return rest > 0 ? [...lines.slice(0, MAX_LINES), `    … and ${plural(rest, 'line')} more`] : lines;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}

function shortPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

function plural(n: number, word: string): string {
  return `${n.toLocaleString('en')} ${n === 1 ? word : `${word}s`}`;
}
