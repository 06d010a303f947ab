import { BENCH_DIRECTIVE, type BenchDirective, readBenchDirective } from './bench/bench-directive.ts';
import { CHART_DIRECTIVE, type ChartDirective, readChartDirective } from './chart-directive.ts';
import { type DirectiveFault, unknownWord } from './directive-fault.ts';
import { type StatementRange, tokenEnd } from './statements.ts';

/*
 * Directives: comments above a statement that say how it is run. The host, the command line and the editor read them
 * here, so that all of them agree. docs/sql-files.md tells users about them.
 */

/** The directives that there are, as they are written and shown. */
export const DIRECTIVES = [
  '-- name: TEXT',
  '-- @limit ROWS',
  '-- @db PATH',
  BENCH_DIRECTIVE,
  CHART_DIRECTIVE,
] as const;

/** What the directives of one statement say. */
export interface StatementDirectives {
  /** What the statement is called. */
  readonly name?: string;
  /** Rows kept of it, from 1. */
  readonly limit?: number;
  readonly database?: DatabaseDirective;
  /** The chart that is shown first. */
  readonly chart?: ChartComment;
  /** How it is measured; absent when it is no benchmark. */
  readonly bench?: BenchDirective;
  /** What is wrong with directives, in the order of the text. */
  readonly problems: readonly DirectiveProblem[];
}

/** `-- @db PATH`: a database file that the statement reads. */
export interface DatabaseDirective {
  /** As it is written, without quotes; relative paths start at the folder of the SQL file. */
  readonly path: string;
  /** Where the path is written, UTF-16 code units in the text. */
  readonly start: number;
  readonly end: number;
}

/** `-- @chart KIND …`: a chart of the statement's rows. */
export interface ChartComment {
  readonly directive: ChartDirective;
  /** The comment, UTF-16 code units in the text. */
  readonly start: number;
  readonly end: number;
  /** Where what stands behind `@chart` begins. */
  readonly saidStart: number;
}

/** A fault in a directive; positions are UTF-16 code units in the text. */
export interface DirectiveProblem {
  /** `value`: the statement cannot run; the others: it can, without what was perhaps meant. */
  readonly type: 'value' | 'unknown' | 'chart' | 'bench';
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What may have been meant there, the likeliest first; of `unknown`, names of directives. */
  readonly candidates?: readonly string[];
}

/**
 * Where the text above a statement begins, comments and all: at the end of the statement before it.
 *
 * @param ranges all statements of the text
 */
export function leadingStart(ranges: readonly StatementRange[], index: number): number {
  return ranges[index - 1]?.end ?? 0;
}

/**
 * Reads the directives between two positions: line comments that begin their line. Of two for the same thing the one
 * nearer to the statement holds.
 *
 * @param from where a token begins or ends, such as `leadingStart` gives; UTF-16 code units
 * @param to where the statement begins
 */
export function readDirectives(text: string, from: number, to: number): StatementDirectives {
  let found: StatementDirectives = { problems: [] };
  for (let at = from; at < to; ) {
    const end = tokenEnd(text, at);
    if (text.startsWith('--', at) && beginsLine(text, at)) {
      const { problems, ...said } = readComment(text.slice(at, end), at);
      found = { ...found, ...said, problems: [...found.problems, ...problems] };
    }
    at = end;
  }
  return found;
}

/** What stands behind the `@` of a directive. */
const KEYWORDS = ['limit', 'db', 'bench', 'chart'];

/** Longest name of a statement, characters. */
const MAX_NAME = 100;

const MAX_LIMIT = 100_000_000;

function readComment(comment: string, start: number): StatementDirectives {
  const name = /^--\s*name:\s*(\S.*?)\s*$/i.exec(comment)?.[1];
  if (name !== undefined) return { name: name.slice(0, MAX_NAME), problems: [] };
  const [, keyword, value = ''] = /^--\s*@(\w+)(?:\s+(.*?))?\s*$/.exec(comment) ?? [];
  if (keyword === undefined) return { problems: [] };
  const end = start + comment.trimEnd().length;
  const problem = (type: DirectiveProblem['type'], message: string): StatementDirectives => ({
    problems: [{ type, message, start, end }],
  });
  const saidStart = end - value.length;
  /** A fault of what is said; a place without width is shown at the whole comment. */
  const said = (type: 'chart' | 'bench', fault: DirectiveFault): StatementDirectives => {
    const isPlaced = fault.end > fault.start;
    const place = isPlaced ? { start: saidStart + fault.start, end: saidStart + fault.end } : { start, end };
    return { problems: [{ type, ...fault, ...place }] };
  };
  switch (keyword.toLowerCase()) {
    case 'limit': {
      const limit = /^\d[\d_]*$/.test(value) ? Number(value.replaceAll('_', '')) : 0;
      if (limit >= 1 && limit <= MAX_LIMIT) return { limit, problems: [] };
      return problem('value', '@limit takes a number of rows from 1 to 100,000,000, such as: -- @limit 1000');
    }
    case 'db': {
      const path = value.replace(/^(['"])(.*)\1$/, '$2');
      if (path === '')
        return problem('value', '@db takes the path of a database, such as: -- @db sales.duckdb');
      return { database: { path, start: end - value.length, end }, problems: [] };
    }
    case 'bench': {
      const bench = readBenchDirective(value);
      return 'message' in bench ? said('bench', bench) : { bench, problems: [] };
    }
    case 'chart': {
      const directive = readChartDirective(value);
      if ('message' in directive) return said('chart', directive);
      return { chart: { directive, start, end, saidStart }, problems: [] };
    }
    default: {
      const message = `There is no directive @${keyword}; there are ${DIRECTIVES.join(', ')}.`;
      const fault = unknownWord(message, { start, end, text: keyword }, KEYWORDS);
      return { problems: [{ type: 'unknown', ...fault }] };
    }
  }
}

function beginsLine(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /[^\S\r\n]/.test(text[before] ?? '')) before--;
  return before < 0 || /[\r\n]/.test(text[before] ?? '');
}
