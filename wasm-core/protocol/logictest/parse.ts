import { type ConditionWords, parseCondition } from './conditions.ts';
import { loopTexts } from './loops.ts';
import {
  COMMANDS,
  type CommandRecord,
  type ExpectedLines,
  type LogicProblem,
  type LogicRecord,
  type LogicTest,
  type LoopRecord,
  type QueryRecord,
  type SortMode,
  type StatementRecord,
} from './records.ts';

/** What stands below SQL, and between it and what it gives. */
const SEPARATOR = '----';

/**
 * Reads a file of tests. Whatever is wrong becomes a problem with its lines, and reading goes on behind the next empty
 * line.
 *
 * @param text line ends may be LF or CR LF
 */
export function parseLogicTest(text: string): LogicTest {
  return new Parser(text).parse();
}

/** A loop that is not at its end yet. */
interface OpenLoop {
  readonly head: Omit<LoopRecord, 'body' | 'endLine'>;
  readonly body: LogicRecord[];
}

class Parser {
  readonly #lines: readonly string[];
  readonly #problems: LogicProblem[] = [];
  readonly #records: LogicRecord[] = [];
  readonly #loops: OpenLoop[] = [];
  /** Index of the line that is read next. */
  #next = 0;

  constructor(text: string) {
    this.#lines = text
      .replace(/^\ufeff/, '')
      .replaceAll('\r', '')
      .split('\n');
  }

  parse(): LogicTest {
    while (this.#skipEmpty()) this.#record();
    for (const { head } of this.#loops.splice(0)) {
      this.#problem(head.line, `This ${loopWord(head)} has no endloop.`);
    }
    return { records: this.#records, problems: this.#problems };
  }

  /** Goes to the next record. @returns whether there is one */
  #skipEmpty(): boolean {
    while (this.#next < this.#lines.length && this.#isEmpty(this.#next)) this.#next++;
    return this.#next < this.#lines.length;
  }

  #record(): void {
    const start = this.#next;
    const guards = this.#guards();
    const [name = '', ...words] = wordsOf(this.#lines[this.#next] ?? '');
    if (guards === undefined) this.#skip();
    else if (name === '') {
      // A line of space alone is as good as an empty one.
      if (this.#next > start) this.#problem(this.#next, 'There is no record below skipif or onlyif.');
      this.#next++;
    } else if (name === 'statement') this.#statement(words, { start, guards });
    else if (name === 'query') this.#query(words, { start, guards });
    else this.#single(name, words, guards);
  }

  /** Reads `skipif` and `onlyif`. @returns undefined when one of them is wrong */
  #guards(): ConditionWords | undefined {
    let all: ConditionWords = { conditions: [], foreign: false };
    for (;;) {
      const [name, word] = wordsOf(this.#lines[this.#next] ?? '');
      if (name !== 'skipif' && name !== 'onlyif') return all;
      const read = word === undefined ? undefined : parseCondition(word, name === 'skipif');
      if (read === undefined) {
        const message = `${name} takes a system, such as duckdb, or comparisons with a loop's variable, such as i>=2&&i<5.`;
        this.#problem(this.#next + 1, message);
        return undefined;
      }
      all = {
        conditions: [...all.conditions, ...read.conditions],
        foreign: all.foreign || read.foreign,
      };
      this.#next++;
    }
  }

  #statement(
    words: readonly string[],
    at: { readonly start: number; readonly guards: ConditionWords },
  ): void {
    const [outcome, connection] = words;
    if (outcome !== 'ok' && outcome !== 'error' && outcome !== 'maybe') {
      this.#problem(this.#next + 1, 'statement says what has to come of it: ok, error or maybe.');
      this.#skip();
      return;
    }
    const line = this.#next + 1;
    const read = this.#sql(line);
    if (read === undefined) return;
    const expected = this.#expected();
    if (outcome === 'ok' && expected !== undefined) {
      const message = 'statement ok has no result; write query for rows, or statement error for an error.';
      this.#problem(expected.line - 1, message);
    }
    this.#add({
      type: 'statement',
      outcome,
      line,
      endLine: this.#next,
      ...read,
      ...(connection !== undefined && { connection }),
      ...at.guards,
      ...this.#comment(at.start),
      ...(expected !== undefined && { expected }),
    } satisfies StatementRecord);
  }

  #query(words: readonly string[], at: { readonly start: number; readonly guards: ConditionWords }): void {
    const [types, third, label] = words;
    if (types === undefined || !/^[IRT]+$/.test(types)) {
      const message = 'query takes a letter for each column of its result, I, R or T, such as query III.';
      this.#problem(this.#next + 1, message);
      this.#skip();
      return;
    }
    const line = this.#next + 1;
    const read = this.#sql(line);
    if (read === undefined) return;
    const expected = this.#expected();
    const sort = sortModeOf(third);
    this.#add({
      type: 'query',
      types,
      sort: sort ?? 'nosort',
      line,
      endLine: this.#next,
      ...read,
      // What is no way to sort names a connection.
      ...(third !== undefined && sort === undefined && { connection: third }),
      ...(label !== undefined && { label }),
      ...at.guards,
      ...this.#comment(at.start),
      ...(expected !== undefined && { expected }),
    } satisfies QueryRecord);
  }

  /** The SQL behind the line of a record; undefined, and a problem, when there is none. */
  #sql(line: number): { readonly sql: string; readonly sqlLine: number } | undefined {
    this.#next++;
    const start = this.#next;
    while (!this.#isEmpty(this.#next) && this.#lines[this.#next] !== SEPARATOR) this.#next++;
    const sql = this.#lines.slice(start, this.#next).join('\n');
    if (sql !== '') return { sql, sqlLine: start + 1 };
    this.#problem(line, 'There is no SQL here; write it on the lines right below.');
    this.#skip();
    return undefined;
  }

  /** What stands below `----`, up to an empty line. */
  #expected(): ExpectedLines | undefined {
    if (this.#lines[this.#next] !== SEPARATOR) return undefined;
    const start = ++this.#next;
    while (this.#next < this.#lines.length && this.#lines[this.#next] !== '') this.#next++;
    return { lines: this.#lines.slice(start, this.#next), line: start + 1 };
  }

  #single(name: string, words: readonly string[], guards: ConditionWords): void {
    const line = this.#next++;
    const isFollowed = !this.#isEmpty(this.#next);
    if (isFollowed) this.#problem(line + 2, `There has to be an empty line below ${name}.`);
    this.#skip();
    if (name === 'loop' || name === 'concurrentloop') this.#range(name, words, line + 1);
    else if (name === 'foreach' || name === 'concurrentforeach') this.#list(name, words, line + 1);
    // DuckDB's own files have `endloop# a comment`.
    else if (name === 'endloop' || name === 'endloop#') this.#endLoop(line + 1);
    else this.#command(name, { words, line: line + 1, guards });
  }

  #command(
    text: string,
    {
      words,
      line,
      guards,
    }: { readonly words: readonly string[]; readonly line: number; readonly guards: ConditionWords },
  ): void {
    const name = COMMANDS.find((known) => known === text);
    if (name !== undefined) {
      this.#add({ type: 'command', name, words, line, endLine: line, ...guards } satisfies CommandRecord);
      return;
    }
    const message = `${JSON.stringify(text.slice(0, 60))} begins no record. A record begins with statement, query, loop, foreach, require or another word of the format; SQL stands below statement or query without empty lines in it.`;
    this.#problem(line, message);
  }

  #range(name: string, words: readonly string[], line: number): void {
    const [variable = '', start = '', end = ''] = words;
    if (words.length !== 3 || !/^-?\d+$/.test(start) || !/^-?\d+$/.test(end)) {
      this.#problem(
        line,
        `${name} takes a variable, its first value and the one behind its last: ${name} i 0 10.`,
      );
    }
    const values = { type: 'range', start: Number(start) || 0, end: Number(end) || 0 } as const;
    const concurrent = name === 'concurrentloop';
    this.#loops.push({ head: { type: 'loop', line, variable, values, concurrent }, body: [] });
  }

  #list(name: string, words: readonly string[], line: number): void {
    const [variable = '', ...rest] = words;
    if (rest.length === 0) {
      this.#problem(line, `${name} takes a variable and its values: ${name} type integer varchar.`);
    }
    const values = { type: 'list', texts: loopTexts(rest) } as const;
    const concurrent = name === 'concurrentforeach';
    this.#loops.push({ head: { type: 'loop', line, variable, values, concurrent }, body: [] });
  }

  #endLoop(line: number): void {
    const loop = this.#loops.pop();
    if (loop === undefined) this.#problem(line, 'There is no loop that ends here.');
    else this.#add({ ...loop.head, endLine: line, body: loop.body });
  }

  #add(record: LogicRecord): void {
    (this.#loops.at(-1)?.body ?? this.#records).push(record);
  }

  #problem(line: number, message: string): void {
    this.#problems.push({ line, endLine: line, message });
  }

  /** Goes behind the lines that belong together. */
  #skip(): void {
    while (!this.#isEmpty(this.#next)) this.#next++;
  }

  #isEmpty(index: number): boolean {
    const line = this.#lines[index];
    return line === undefined || line === '' || line.startsWith('#');
  }

  /** The comment whose last line is right above a line. */
  #comment(start: number): { readonly comment?: string } {
    let first = start;
    while (this.#lines[first - 1]?.startsWith('#')) first--;
    const text = this.#lines
      .slice(first, start)
      .map((line) => line.replace(/^#+\s*/, '').trimEnd())
      .join(' ')
      .trim();
    return text === '' ? {} : { comment: text };
  }
}

function wordsOf(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== '');
}

function sortModeOf(word: string | undefined): SortMode | undefined {
  if (word === 'sort') return 'rowsort';
  return word === 'nosort' || word === 'rowsort' || word === 'valuesort' ? word : undefined;
}

function loopWord({ values, concurrent }: OpenLoop['head']): string {
  const word = values.type === 'range' ? 'loop' : 'foreach';
  return concurrent ? `concurrent${word}` : word;
}
