import { type DirectiveFault, unknownWord } from '../directive-fault.ts';

/*
 * `-- @bench [NAME] [group=NAME] [reference] [runs=N] [time=MS] [threshold=PERCENT]` above a query. docs/benchmarks.md
 * tells users about it.
 */

/** What the directive of one statement says; all of it is optional. */
export interface BenchDirective {
  /** What the benchmark is called: 1 to 100 characters. */
  readonly name?: string;
  /** Benchmarks of one group do the same in different ways, and are compared with each other. */
  readonly group?: string;
  /** Whether the others of the group are compared with this one; without any, it is the first. */
  readonly isReference?: boolean;
  /** Measured samples, 1 to 10,000. */
  readonly runs?: number;
  /** Time for measuring, 1 to 600,000 milliseconds. */
  readonly timeMs?: number;
  /** The least change of time that is a regression, as a part above 0 and at most 10. */
  readonly threshold?: number;
}

/** How it is written, for messages and completion. */
export const BENCH_DIRECTIVE = '-- @bench NAME';

/** The members that `@bench` has, with `=` behind them. */
export const BENCH_MEMBERS = ['name', 'group', 'runs', 'time', 'threshold'] as const;

/**
 * Reads what stands behind `@bench`.
 *
 * @returns a fault when it cannot be read
 */
export function readBenchDirective(text: string): BenchDirective | DirectiveFault {
  let found: BenchDirective = {};
  let at = 0;
  while (at < text.length) {
    WORD.lastIndex = at;
    const word = WORD.exec(text);
    if (word === null) {
      const message = `@bench cannot read ${JSON.stringify(text.slice(at, at + 40))}.`;
      return { message, start: at, end: text.length };
    }
    const start = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    at = WORD.lastIndex;
    const end = start + word[0].trim().length;
    const [, key, quoted, bare = ''] = word;
    const value = quoted === undefined ? bare : quoted.slice(1, -1);
    const read = readWord(key?.toLowerCase(), value, found);
    if (read === 'unknown') {
      const message = `@bench has no ${key}=; there are ${BENCH_MEMBERS.slice(0, -1).join(', ')} and threshold.`;
      const written = { start, end: start + (key ?? '').length, text: key ?? '' };
      return unknownWord(message, written, BENCH_MEMBERS);
    }
    if ('message' in read) return { ...read, start, end };
    found = { ...found, ...read };
  }
  return found;
}

/** `key=value`, or a value alone; a value may stand in quotes. */
const WORD = /\s*(?:(\w+)=)?(?:("[^"]*"|'[^']*')|([^\s"']\S*))(?:\s+|$)/y;

interface WordFault {
  readonly message: string;
}

function readWord(
  key: string | undefined,
  value: string,
  before: BenchDirective,
): BenchDirective | WordFault | 'unknown' {
  switch (key) {
    case undefined:
      if (value === 'reference') return { isReference: true };
      if (before.name !== undefined) {
        return { message: `@bench has two names; write one with blanks in quotes: -- @bench "two words"` };
      }
      return named(value, 'name');
    case 'name':
    case 'group':
      return named(value, key);
    case 'runs':
      return (
        whole(value, 10_000, (runs) => ({ runs })) ?? {
          message: '@bench runs= takes a number of samples from 1 to 10,000.',
        }
      );
    case 'time':
      return (
        whole(value, 600_000, (timeMs) => ({ timeMs })) ?? {
          message: '@bench time= takes milliseconds from 1 to 600,000.',
        }
      );
    case 'threshold': {
      const percent = /^\d{1,4}(?:\.\d{1,4})?%?$/.test(value) ? Number(value.replace('%', '')) : 0;
      if (percent > 0 && percent <= 1000) return { threshold: percent / 100 };
      return { message: '@bench threshold= takes the percent of time that is a regression, such as 10%.' };
    }
    default:
      return 'unknown';
  }
}

function named(value: string, key: 'name' | 'group'): BenchDirective | WordFault {
  if (value.trim() !== '' && value.length <= 100) return { [key]: value };
  return { message: `The ${key} of @bench has 1 to 100 characters.` };
}

function whole<T>(value: string, most: number, make: (number: number) => T): T | undefined {
  const number = /^\d[\d_]*$/.test(value) ? Number(value.replaceAll('_', '')) : 0;
  return number >= 1 && number <= most ? make(number) : undefined;
}
