import { closureOf, dependenciesOf, readStatement, type StatementFacts } from '../../protocol/definitions.ts';
import { leadingStart } from '../../protocol/directives.ts';
import { CoreError } from '../../protocol/errors.ts';
import type {
  CheckResult,
  ColumnInfo,
  SqlDiagnostic,
  SqlErrorDetails,
  StatementColumns,
} from '../../protocol/methods.ts';
import type { Effect, EffectKind } from '../../protocol/statement-effect.ts';
import { statementWords } from '../../protocol/statement-words.ts';
import { type StatementRange, splitStatements } from '../../protocol/statements.ts';
import type { SessionTable } from '../engine.ts';
import { bindNulls } from '../parameters.ts';
import { CheckWorld } from './check-world.ts';
import type { EngineContext } from './context.ts';
import { type DirectedStatement, type EnteredDirectives, enterDirectives } from './directives.ts';
import { engineError, refusedError } from './engine-error.ts';
import { namedTableError, visibleTables } from './named-tables.ts';
import { withPackedFile } from './packed-error.ts';
import { forgetFiles } from './run-statement.ts';
import type { Known } from './stand-ins.ts';

/** What is checked. */
export interface CheckOptions {
  readonly sql: string;
  /** Absolute, for relative paths. */
  readonly folder: string;
  /** Which of the text's statements; absent: all. Of the others only what these depend on is looked at. */
  readonly statements?: readonly number[] | undefined;
  /** No statement is begun when this much time is used, milliseconds; one is always checked. Absent: all are. */
  readonly budgetMs?: number | undefined;
}

interface Statement {
  readonly index: number;
  readonly sql: string;
  readonly range: StatementRange;
  readonly facts: StatementFacts;
}

/**
 * What the engine says of statements, nothing run. Definitions take effect for the statements behind them, without rows,
 * and are gone afterwards.
 */
export function checkText(context: EngineContext, options: CheckOptions): CheckResult {
  const started = performance.now();
  const statements = readStatements(options.sql);
  const wanted = new Set(options.statements ?? statements.keys());
  const dependencies = dependenciesOf(statements.map(({ facts }) => facts));
  const needed = closureOf(dependencies, wanted);
  const looked = statements.filter(({ index }) => wanted.has(index) || needed.has(index));
  context.paths.enter(options.folder);
  forgetFiles(context);
  const budgetMs = options.budgetMs ?? Number.POSITIVE_INFINITY;
  const files = context.fileColumns.tablesFor(context, {
    statements: looked.map(({ sql }) => sql).filter(onlyReads),
    tables: readableTables(context, looked),
    untilMs: started + budgetMs / 2,
  });
  const world = new CheckWorld(context, files);
  const ranges = statements.map(({ range }) => range);
  const place = { connection: context.checks, folder: options.folder, text: options.sql, ranges };
  const columns = new Map<number, readonly ColumnInfo[]>();
  context.paths.holdChanges(true);
  try {
    return checkEach(looked, {
      wanted,
      dependencies,
      columns,
      isLate: () => performance.now() - started >= budgetMs,
      find: ({ index, sql, facts }) => {
        const effect = needed.has(index) ? facts.effect : undefined;
        return underDirectives(context, { ...place, index }, () => {
          const found = look(context, { world, sql, effect });
          const isAsked =
            wanted.has(index) && !(found instanceof CoreError) && hasChart(options.sql, ranges, index);
          const described = isAsked ? world.columns(sql) : undefined;
          if (described !== undefined) columns.set(index, described);
          return found;
        });
      },
    });
  } finally {
    world.close();
    context.paths.holdChanges(false);
    context.paths.takeRefused();
  }
}

/** Whether a comment above a statement may name its columns. */
function hasChart(text: string, ranges: readonly StatementRange[], index: number): boolean {
  return /^[ \t]*--\s*@chart\b/im.test(text.slice(leadingStart(ranges, index), ranges[index]?.start));
}

/** Looks at statements in order; at one that is wanted at least, whatever the time. @throws CoreError SQL_ENGINE_LOST */
function checkEach(
  statements: readonly Statement[],
  how: {
    readonly wanted: ReadonlySet<number>;
    readonly dependencies: readonly (readonly number[])[];
    readonly isLate: () => boolean;
    /** What is wrong with a statement, else what is known of it to those behind it. */
    readonly find: (statement: Statement) => CoreError | Known;
    /** By the statement's index, what `find` found of those whose columns are of interest. */
    readonly columns: ReadonlyMap<number, readonly ColumnInfo[]>;
  },
): CheckResult {
  const known = new Map<number, Known>();
  const diagnostics: SqlDiagnostic[] = [];
  const unchecked: number[] = [];
  const described: StatementColumns[] = [];
  let checked = 0;
  for (const statement of statements) {
    const { index } = statement;
    const isWanted = how.wanted.has(index);
    const isLate = checked > 0 && how.isLate();
    if (isLate && isWanted) unchecked.push(index);
    if (isLate) continue;
    const told = leastKnown((how.dependencies[index] ?? []).map((dependency) => known.get(dependency)));
    const found = how.find(statement);
    if (found instanceof CoreError && found.kind === 'SQL_ENGINE_LOST') throw found;
    known.set(index, leastKnown([told, found instanceof CoreError ? 'all' : found]));
    if (!isWanted) continue;
    checked++;
    if (found instanceof CoreError && isMeant(found, told)) diagnostics.push(diagnosticOf(found, statement));
    const columns = told === 'all' ? how.columns.get(index) : undefined;
    if (columns !== undefined) described.push({ statement: index, columns });
  }
  return {
    diagnostics,
    ...(unchecked.length > 0 && { unchecked }),
    ...(described.length > 0 && { columns: described }),
  };
}

/** The named tables that statements mean, and none of them defines. */
function readableTables(context: EngineContext, looked: readonly Statement[]): readonly SessionTable[] {
  const sql = looked.map((statement) => statement.sql).filter(onlyReads);
  const made = new Set(
    looked.flatMap(({ sql, facts }) => [
      ...(facts.effect?.targets.map(({ name }) => name) ?? []),
      ...writtenTo(sql),
    ]),
  );
  return visibleTables(context, sql.join(';\n')).filter(({ name }) => !made.has(name.toLowerCase()));
}

/** The table that rows are inserted into, of which an empty one would say that it can be. */
function writtenTo(sql: string): readonly string[] {
  if (!/^INSERT\b/i.test(sql)) return [];
  const words = statementWords(sql);
  return words[words.findIndex(({ text }) => text === 'INTO') + 1]?.names ?? [];
}

/** Whether names of data files in a statement are those of what it reads. */
function onlyReads(sql: string): boolean {
  // Virtual columns are a file's, and none of a table's; and the other way round.
  return (
    /^(SELECT|WITH|FROM|CREATE|INSERT|EXPLAIN|DESCRIBE|\()/i.test(sql) &&
    !/\b(filename|file_row_number|file_index|rowid)\b/i.test(sql)
  );
}

interface Look {
  readonly world: CheckWorld;
  readonly sql: string;
  /** Given where statements behind it need to know what it does. */
  readonly effect?: Effect | undefined;
}

/** What is wrong with a statement, else what is known of it to the statements behind it. */
function look(context: EngineContext, { world, sql, effect }: Look): CoreError | Known {
  // What can be defined without rows prepares; so it need not be prepared for itself.
  if (effect !== undefined && DEFINED_WHOLE.has(effect.kind) && world.apply(sql, effect) === 'all')
    return 'all';
  const error = prepareError(context, { world, sql });
  const isUnknown = context.unknownPrepared.size > 0 && executesUnknown(context, sql);
  if (error !== undefined && !isUnknown) return error;
  return effect === undefined ? 'all' : world.apply(sql, effect);
}

function executesUnknown({ unknownPrepared }: EngineContext, sql: string): boolean {
  const [execute, name] = statementWords(sql);
  return execute?.text === 'EXECUTE' && name !== undefined && unknownPrepared.has(name.text.toLowerCase());
}

/** What is defined as it is written, except for its rows. */
const DEFINED_WHOLE: ReadonlySet<EffectKind> = new Set<EffectKind>(['table', 'object', 'drop']);

function readStatements(text: string): Statement[] {
  return splitStatements(text).map((range, index) => {
    const sql = text.slice(range.start, range.end);
    return { index, sql, range, facts: readStatement(sql) };
  });
}

function leastKnown(all: readonly (Known | undefined)[]): Known {
  if (all.includes('nothing')) return 'nothing';
  return all.includes('types') ? 'types' : 'all';
}

/** Whether an error would be one if all that the statement depends on were known. */
function isMeant({ kind, message }: CoreError, known: Known): boolean {
  if (known === 'all') return true;
  if (known === 'types') return !/null/i.test(message);
  // Table functions raise errors of this kind, too.
  return kind === 'SQL_PARSE' && /^(Syntax error|Unterminated)/.test(message);
}

function diagnosticOf(
  error: CoreError,
  { index, sql, range }: { readonly index: number; readonly sql: string; readonly range: StatementRange },
): SqlDiagnostic {
  const { start = 0, end = sql.length, ...details } = error.details as SqlErrorDetails;
  return {
    ...details,
    kind: error.kind,
    message: error.message,
    start: range.start + start,
    end: range.start + end,
    statement: index,
  };
}

/** Does something with a statement under its directives. @returns what is wrong with these, else what `use` returns */
function underDirectives<T>(context: EngineContext, at: DirectedStatement, use: () => T): T | CoreError {
  let directives: EnteredDirectives;
  try {
    directives = enterDirectives(context, at);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    // In the text as they are told, in the statement here: there a directive lies before the beginning.
    const { start = 0, end = 0 } = error.details as SqlErrorDetails;
    const origin = at.ranges[at.index]?.start ?? 0;
    return new CoreError(error.kind, error.message, {
      ...error.details,
      start: start - origin,
      end: end - origin,
    });
  }
  try {
    return use();
  } finally {
    directives.leave();
  }
}

/** Why a statement does not prepare; parameters have no values, and an error that these may mend is none. */
function prepareError(context: EngineContext, { world, sql }: Look): CoreError | undefined {
  let error = attempt(context, { world, sql });
  if (error !== undefined && world.hasFileTables && !isOfText(error)) {
    world.dropFileTables();
    error = attempt(context, { world, sql });
  }
  if (error === undefined || !sql.includes('$')) return error;
  const bound = bindNulls(sql);
  if (bound.sql === sql) return error;
  const other = attempt(context, { world, sql: bound.sql });
  return other?.message === error.message ? error : undefined;
}

/** Whether an error is the same for a file and for a table with its columns. */
function isOfText({ kind, message, details }: CoreError): boolean {
  if (kind === 'SQL_PARSE') return message.startsWith('Syntax error');
  const isOfColumn =
    details.subtype === 'COLUMN_NOT_FOUND' || message.includes('does not have a column named');
  return kind === 'SQL_BIND' && isOfColumn;
}

function attempt(context: EngineContext, { world, sql }: Look): CoreError | undefined {
  try {
    world.prepare(sql);
    return undefined;
  } catch (error) {
    const refused = context.paths.takeRefused();
    if (error instanceof CoreError) return error;
    const engine = withPackedFile(engineError(error, sql), { sql, paths: context.paths });
    // A file that no run has fetched yet: nothing is known of it, and nothing is wrong.
    if (refused?.details.unread === true) return undefined;
    return namedTableError(context, {
      error: refused === undefined ? engine : refusedError(refused, { sql, engine }),
      sql,
      prepare: (query) => world.prepare(query),
    });
  }
}
