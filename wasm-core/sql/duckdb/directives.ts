import { leadingStart, readDirectives } from '../../protocol/directives.ts';
import { CoreError } from '../../protocol/errors.ts';
import type { StatementRange } from '../../protocol/statements.ts';
import type { Connection } from './boot.ts';
import type { EngineContext } from './context.ts';

/** A statement in the text whose comments are its directives. */
export interface DirectedStatement {
  readonly connection: Connection;
  readonly folder: string;
  readonly text: string;
  /** All statements of the text, and which of them it is. */
  readonly ranges: readonly StatementRange[];
  readonly index: number;
}

/** A statement's directives in force. */
export interface EnteredDirectives {
  /** Rows to keep; absent: all that the request keeps. */
  readonly limit?: number;
  /** Whether it reads a database of its own. */
  readonly hasDatabase: boolean;
  /** Ends their force. */
  leave(): void;
}

/**
 * Does something for the checking connection as if for a statement that reads a database.
 *
 * @param options.database as `-- @db` names it; absent: the session's own
 * @param use is told a text that is another once the file has changed
 * @throws CoreError as `StatementDatabases`
 */
export function inDatabase<T>(
  { databases, checks: connection }: EngineContext,
  { database, folder }: { readonly database?: string; readonly folder: string },
  use: (stamp: string) => T,
): T {
  if (database === undefined) return use('');
  const statement = { connection, folder, path: database };
  const leave = databases.use(statement);
  try {
    return use(databases.stampOf(statement));
  } finally {
    leave();
  }
}

/**
 * Puts the directives above a statement into force.
 *
 * @throws CoreError PARAMS_INVALID and those of `StatementDatabases`, with the place of the directive in the text
 */
export function enterDirectives(context: EngineContext, statement: DirectedStatement): EnteredDirectives {
  const { connection, folder, text, ranges, index } = statement;
  context.databases.settle(connection);
  const to = ranges[index]?.start ?? text.length;
  const { limit, database, problems } = readDirectives(text, leadingStart(ranges, index), to);
  const problem = problems.find(({ type }) => type === 'value');
  if (problem !== undefined) {
    const { message, start, end } = problem;
    throw new CoreError('PARAMS_INVALID', message, { statement: index, start, end });
  }
  const said = { ...(limit !== undefined && { limit }), hasDatabase: database !== undefined };
  if (database === undefined) return { ...said, leave: () => {} };
  try {
    return { ...said, leave: context.databases.use({ connection, folder, path: database.path }) };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    const { start, end } = database;
    throw new CoreError(error.kind, error.message, { ...error.details, statement: index, start, end });
  }
}
