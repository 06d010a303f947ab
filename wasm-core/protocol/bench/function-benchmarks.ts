import type { PluginFunction, PluginParameter } from '../plugins.ts';
import type { TypedValue } from '../typed-values.ts';

/*
 * How a plugin's function is measured when nobody says with what: as SQL over many rows, and by single calls.
 */

/** Rows that a benchmark calls a function for. */
export const BENCHMARK_ROWS = 100_000;

/** The arguments that a call is tried with before anybody has said others, as SQL: one example of each type. */
export function exampleArguments(fn: PluginFunction): string {
  return fn.parameters.map(({ type }) => EXAMPLES[type] ?? `NULL::${type}`).join(', ');
}

/** The same for a benchmark: different in each row, whose number is `i`, since equal ones would be called once. */
export function benchmarkArguments(fn: PluginFunction): string {
  if (fn.kind === 'table') return exampleArguments(fn);
  return fn.parameters.map(rowArgument).join(', ');
}

/** A statement that calls a function for many rows, whose number is `i`, and gives one. */
export function benchmarkText(fn: PluginFunction, args: string): string {
  const call = `${fn.name}(${args})`;
  if (fn.kind === 'table') return `select count(*) from ${call}`;
  const counted = fn.kind === 'aggregate' ? call : `count(${call})`;
  return `select ${counted} from range(${BENCHMARK_ROWS}) rows(i)`;
}

/**
 * Arguments of a single call, one example of each type.
 *
 * @returns undefined when a parameter's type has none
 */
export function exampleCall({ parameters }: PluginFunction): readonly TypedValue[] | undefined {
  const values = parameters.map(({ type }) => VALUES[type]);
  return values.every((value) => value !== undefined) ? values : undefined;
}

const VALUES: Readonly<Record<string, TypedValue>> = {
  BOOLEAN: true,
  VARCHAR: 'some text',
  BLOB: { base64: 'c29tZSBieXRlcw==' },
  TINYINT: 1,
  SMALLINT: 1,
  INTEGER: 1,
  BIGINT: '1',
  FLOAT: 1.5,
  DOUBLE: 1.5,
  DATE: '2024-02-29',
  TIMESTAMP: '2024-02-29 12:00:00',
};

const EXAMPLES: Readonly<Record<string, string>> = {
  BOOLEAN: 'true',
  VARCHAR: "'some text'",
  BLOB: "'some bytes'::BLOB",
  TINYINT: '1::TINYINT',
  SMALLINT: '1::SMALLINT',
  INTEGER: '1',
  BIGINT: '1::BIGINT',
  FLOAT: '1.5::FLOAT',
  DOUBLE: '1.5::DOUBLE',
  DATE: "date '2024-02-29'",
  TIMESTAMP: "timestamp '2024-02-29 12:00:00'",
};

function rowArgument({ type }: PluginParameter): string {
  switch (type) {
    case 'BOOLEAN':
      return 'i % 2 = 0';
    case 'VARCHAR':
      return "'text ' || i";
    case 'BLOB':
      return "('bytes ' || i)::BLOB";
    case 'DATE':
      return "date '2024-02-29' + (i % 1000)::INTEGER";
    case 'TIMESTAMP':
      return "timestamp '2024-02-29 12:00:00' + to_seconds(i)";
    case 'TINYINT':
    case 'UTINYINT':
      return `(i % 100)::${type}`;
    case 'SMALLINT':
    case 'USMALLINT':
      return `(i % 10000)::${type}`;
    default:
      return NUMBERS.test(type) ? `i::${type}` : (EXAMPLES[type] ?? `NULL::${type}`);
  }
}

const NUMBERS = /^(?:U?(?:INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\b.*)$/;
