import * as vscode from 'vscode';
import { readSqlBenchmarks, type SqlBenchmark } from '../../wasm-core/protocol/bench/sql-benchmarks.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { findParameters, type ParameterValue } from '../../wasm-core/protocol/parameters.ts';
import type { Piece } from '../run/pieces.ts';
import { titleOf } from '../run/statement-title.ts';
import type { BenchSubject, SetupStatement } from './bench-subject.ts';

/** The parameter of a query that says how large its input is. */
export const SIZE_PARAMETER = 'rows';

type Parameters = Readonly<Record<string, ParameterValue>>;

/** Asks for values of parameters. @returns undefined when the user declined */
export type AskValues = (names: readonly string[]) => Promise<Parameters | undefined>;

/**
 * The benchmarks of a SQL document, or some of them.
 *
 * @param names absent: all
 * @returns undefined when the user declined to give a value for a parameter
 */
export async function fileSubjects(
  uri: vscode.Uri,
  ask: AskValues,
  names?: readonly string[],
): Promise<readonly BenchSubject[] | undefined> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  const { benchmarks, setup } = readSqlBenchmarks(text);
  const chosen = benchmarks.filter(({ name }) => names === undefined || names.includes(name));
  const parameters = await ask([...setup, ...chosen].flatMap(({ sql }) => namesOf(sql)));
  if (parameters === undefined) return undefined;
  const statements = setup.map(({ sql }) => ({ sql, parameters: ownOf(parameters, sql) }));
  return chosen.map((benchmark) => benchmarkSubject(document, benchmark, { parameters, setup: statements }));
}

/**
 * A statement of a document that is measured by itself, in the session as it is.
 *
 * @param piece of the document as it is now
 */
export function statementSubject(
  document: vscode.TextDocument,
  piece: Piece,
  parameters: Parameters,
): BenchSubject {
  const text = document.getText();
  const { version } = document;
  const known = document.languageId === 'sql' ? benchmarkAt(text, piece.start) : undefined;
  const recorded = { document, text, version, piece, parameters };
  if (known !== undefined)
    return { ...benchmarkSubject(document, known, { parameters, setup: [] }), recorded };
  const range = new vscode.Range(document.positionAt(piece.start), document.positionAt(piece.end));
  const sql = text.slice(piece.from, piece.end);
  return {
    name: titleOf(text, piece),
    file: document.uri,
    document,
    work: { type: 'statement', sql, parameters, setup: [] },
    options: {},
    isCommitted: false,
    recorded,
    find: async () => (document.version === version ? new vscode.Location(document.uri, range) : undefined),
    again: async () => {
      if (document.version === version) return statementSubject(document, piece, parameters);
      throw new CoreError('REQUEST_INVALID', 'The text has changed. Press Benchmark above the query again.');
    },
    ...sizedBy(sql, parameters),
  };
}

/** The name of the benchmark of a SQL text that begins at a position; undefined when none does. */
function benchmarkAt(text: string, start: number): SqlBenchmark | undefined {
  return readSqlBenchmarks(text).benchmarks.find(({ range }) => range.start === start);
}

function benchmarkSubject(
  document: vscode.TextDocument,
  benchmark: SqlBenchmark,
  more: { readonly parameters: Parameters; readonly setup: readonly SetupStatement[] },
): BenchSubject {
  const { name, index: _, range: __, sql, ...options } = benchmark;
  const found = async () => {
    const now = await vscode.workspace.openTextDocument(document.uri);
    return {
      now,
      benchmark: readSqlBenchmarks(now.getText()).benchmarks.find((other) => other.name === name),
    };
  };
  return {
    name,
    file: document.uri,
    document,
    work: { type: 'statement', sql, parameters: ownOf(more.parameters, sql), setup: more.setup },
    options,
    isCommitted: true,
    find: async () => {
      const { now, benchmark: at } = await found();
      if (at === undefined) return undefined;
      const { start, end } = at.range;
      return new vscode.Location(now.uri, new vscode.Range(now.positionAt(start), now.positionAt(end)));
    },
    again: async () => {
      const { now, benchmark: at } = await found();
      if (at !== undefined) return benchmarkSubject(now, at, more);
      throw new CoreError('REQUEST_INVALID', `There is no benchmark ${name} any more. Run the others anew.`);
    },
    ...sizedBy(sql, more.parameters, more.setup),
  };
}

/** A query with a parameter for it is measured at any size. */
function sizedBy(
  sql: string,
  parameters: Parameters,
  setup: readonly SetupStatement[] = [],
): Pick<BenchSubject, 'sized'> {
  if (!namesOf(sql).includes(SIZE_PARAMETER)) return {};
  return {
    sized: (rowCount) => ({
      type: 'statement',
      sql,
      parameters: { ...ownOf(parameters, sql), [SIZE_PARAMETER]: rowCount },
      setup,
    }),
  };
}

/** Those that a statement names, since others would make it other work. */
function ownOf(parameters: Parameters, sql: string): Parameters {
  const names = namesOf(sql);
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => names.includes(name)));
}

function namesOf(sql: string): string[] {
  return findParameters(sql).map(({ name }) => name);
}
