import { CoreError } from '../../protocol/errors.ts';
import type { SqlDiagnostic, SqlErrorDetails } from '../../protocol/methods.ts';
import { splitStatements } from '../../protocol/statements.ts';
import type { EngineContext } from './context.ts';
import { withPrepared } from './describe.ts';
import { engineError, refusedError } from './engine-error.ts';
import { readArrowFiles } from './node/arrow-files.ts';
import { firstWords } from './statement-kind.ts';

/**
 * What the engine says of each statement of a text, nothing run. Definitions take effect for the statements behind
 * them, in a transaction that is rolled back.
 *
 * @param options.folder absolute, for relative paths
 */
export function checkText(
  context: EngineContext,
  options: { readonly sql: string; readonly folder: string },
): SqlDiagnostic[] {
  const { bindings } = context.db;
  const { id } = context.checks;
  context.paths.enter(options.folder);
  const diagnostics: SqlDiagnostic[] = [];
  const statements = splitStatements(options.sql).map((range) => ({
    range,
    sql: options.sql.slice(range.start, range.end),
  }));
  // Before the transaction, which sees only what was there when it began.
  const unreadable = statements.map(({ sql }) => fileError(context, sql));
  bindings.runQuery(id, 'begin transaction');
  try {
    statements.forEach(({ range, sql }, statement) => {
      const error = unreadable[statement] ?? checkStatement(context, sql);
      if (error === undefined) return;
      const { start = 0, end = sql.length, ...details } = error.details as SqlErrorDetails;
      diagnostics.push({
        ...details,
        kind: error.kind,
        message: error.message,
        start: range.start + start,
        end: range.start + end,
        statement,
      });
    });
  } finally {
    bindings.runQuery(id, 'rollback');
  }
  return diagnostics;
}

/** What is wrong with the Arrow files that a statement names. */
function fileError(context: EngineContext, sql: string): CoreError | undefined {
  try {
    readArrowFiles(context, { sql, connection: context.checks });
    return undefined;
  } catch (error) {
    context.paths.takeRefused();
    return error instanceof CoreError ? error : engineError(error, sql);
  }
}

function checkStatement(context: EngineContext, sql: string): CoreError | undefined {
  try {
    if (changesTransaction(sql)) return undefined;
    withPrepared(context, { connection: context.checks, sql }, () => undefined);
    define(context, sql);
    return undefined;
  } catch (error) {
    const refused = context.paths.takeRefused();
    if (error instanceof CoreError) return error;
    const engine = engineError(error, sql);
    // One PIVOT is several statements for the engine, which cannot prepare them together.
    if (/Cannot prepare multiple statements/.test(engine.message)) return undefined;
    return refused === undefined ? engine : refusedError(refused, { sql, engine });
  }
}

/** A check has its own transaction, which the text's must not end. */
function changesTransaction(sql: string): boolean {
  return /^(BEGIN|COMMIT|ROLLBACK|ABORT|END|START)$/.test(firstWords(sql, 1)[0] ?? '');
}

const DEFINITIONS =
  /^CREATE (?:OR REPLACE )?(?:TEMP |TEMPORARY |RECURSIVE )*(TABLE|VIEW|MACRO|FUNCTION|TYPE|SCHEMA|SEQUENCE)$/;

/** Makes what a statement defines known to the statements behind it, tables without rows. */
function define(context: EngineContext, sql: string): void {
  const words = firstWords(sql, 8);
  const kind = words
    .map((_, index) => DEFINITIONS.exec(words.slice(0, index + 1).join(' '))?.[1])
    .find(Boolean);
  if (kind === undefined) return;
  const selects = kind === 'TABLE' && /\bAS\b/i.test(sql);
  const definition = selects ? `${sql}\nwith no data` : sql;
  context.functions.withoutCalls(() => {
    try {
      context.db.bindings.runQuery(context.checks.id, definition);
    } catch {
      // It prepared, so it is no fault of the text; later statements may then lack what it defines.
    }
  });
}
