import { statSync } from 'node:fs';
import { statementWords } from '../../../protocol/statement-words.ts';
import type { SessionTable } from '../../engine.ts';
import { type EngineContext, quoteText } from '../context.ts';
import { describeStatement } from '../describe.ts';
import { quoteName } from '../logical-type.ts';
import { globPaths } from './glob.ts';

/*
 * Columns of data files, kept while the files stay as they are. To find them out the engine reads thousands of rows of a
 * CSV file, which takes longer than all the rest of a check, and it does so for each statement again.
 */

/** Files that the engine reads by their path, except Arrow's, which are tables anyway. */
const DATA_FILE = /\.(csv|tsv|json|jsonl|ndjson|parquet)(\.gz|\.zst)?$/i;
/** Patterns of more files than this are looked up by the engine each time. */
const MOST_FILES = 100;
/** So many files' columns are kept. */
const MOST_KEPT = 500;

/** What the data files of a session look like. */
export class FileColumns {
  /** `CREATE` behind which a name and columns stand, by the state of the files. */
  readonly #kept = new Map<string, string | undefined>();

  /**
   * Statements that make an empty temporary table under the path of each data file that some statements name, and under
   * the name of each named table. The engine looks a path up as a table before it looks for a file.
   *
   * @param options.statements that only read files; relative paths start at the folder that `context.paths` is in
   * @param options.tables named tables that the statements may mean, and that nothing else in the session is called
   * @param options.untilMs no file is looked into from then on, of those whose columns are not known (`performance.now`)
   */
  tablesFor(
    context: EngineContext,
    options: {
      readonly statements: readonly string[];
      readonly tables: readonly SessionTable[];
      readonly untilMs: number;
    },
  ): string[] {
    const paths = new Set(options.statements.flatMap(pathsIn));
    const sources = [...namedSources(options.tables), ...[...paths].map(fileSource)];
    const lower = sources.map(({ name }) => name.toLowerCase());
    // Names of tables do not differ by case, those of files may.
    if (new Set(lower).size < sources.length) return [];
    return sources.flatMap((source) => {
      const columns = this.#columns(context, source, options.untilMs);
      return columns === undefined
        ? []
        : [`create or replace temp table ${quoteName(source.name)} (${columns})`];
    });
  }

  /** The columns of a source's files as `CREATE TABLE` has them; undefined when they cannot be told. */
  #columns(context: EngineContext, { query, files }: Source, untilMs: number): string | undefined {
    const states = files.map((file) => stateOf(context, file));
    if (states.includes(undefined)) return undefined;
    const key = [query, ...states].join('\0');
    if (!this.#kept.has(key) && performance.now() >= untilMs) return undefined;
    if (!this.#kept.has(key)) this.#kept.set(key, describedColumns(context, query));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return this.#kept.get(key);
  }
}

/** What an empty table stands in place of. */
interface Source {
  readonly name: string;
  /** Reads it. */
  readonly query: string;
  /** Paths and patterns of its files. */
  readonly files: readonly string[];
}

function fileSource(name: string): Source {
  return { name, query: `select * from ${quoteText(name)}`, files: [name] };
}

function namedSources(tables: readonly SessionTable[]): Source[] {
  return tables.flatMap(({ name, reading, files }) =>
    'sql' in reading ? [{ name, query: reading.sql, files }] : [],
  );
}

function pathsIn(sql: string): string[] {
  const words = statementWords(sql);
  return words.flatMap(({ kind, text }, index) => {
    // An argument of a function is no table.
    const isArgument =
      /^[(,=>[]$/.test(words[index - 1]?.text ?? '') && kind === 'text' && words[index - 2]?.text !== 'FROM';
    return (kind === 'text' || kind === 'name') && !isArgument && DATA_FILE.test(text) ? [text] : [];
  });
}

/** Which files a path leads to, and when they were changed last; undefined when that is none or many. */
function stateOf({ paths }: EngineContext, name: string): string | undefined {
  try {
    const files = globPaths(paths.resolvePattern(name)).map((file) => paths.admit(file));
    if (files.length === 0 || files.length > MOST_FILES) return undefined;
    return files
      .map((file) => {
        const { mtimeMs, size } = statSync(file);
        return `${file}@${mtimeMs}/${size}`;
      })
      .join('\0');
  } catch {
    // Whatever is wrong with it, the engine tells when it prepares the statement.
    return undefined;
  }
}

function describedColumns(context: EngineContext, sql: string): string | undefined {
  try {
    const columns = describeStatement(context, { connection: context.checks, sql });
    const isOdd =
      columns.length === 0 || new Set(columns.map((c) => c.name.toLowerCase())).size < columns.length;
    return isOdd ? undefined : columns.map((c) => `${quoteName(c.name)} ${c.type}`).join(', ');
  } catch {
    context.paths.takeRefused();
    return undefined;
  }
}
