import { rm } from 'node:fs/promises';
import type { DiffCounts, DiffResult, DiffSide } from '../../protocol/diff.ts';
import { CoreError } from '../../protocol/errors.ts';
import type { ColumnInfo, RunResult, StatementResult } from '../../protocol/methods.ts';
import { splitStatements } from '../../protocol/statements.ts';
import { addSide, type CompiledDiff, compileDiff } from '../../sql/diff/compile-diff.ts';
import type { EngineRunOptions } from '../../sql/engine.ts';
import { SqlPieces } from '../../sql/search/sql-pieces.ts';
import type { Call, HostContext, Methods } from '../context.ts';
import { invalid, type Params, readParams, readString, readStrings } from '../params.ts';
import { readPages } from '../result-pages.ts';
import type { SessionEntry } from '../session-entry.ts';
import { readCache } from './read-cache.ts';
import { readRunSetting } from './sql.ts';

const MEMBERS = ['session', 'before', 'after', 'key', 'folder', 'parameters', 'limits', 'cache'];

type Setting = Omit<EngineRunOptions, 'sql' | 'signal' | 'onProgress'>;

/** Comparisons of results and files. */
export function diffMethods(context: HostContext): Methods<'sql/diff'> {
  const { sessions, workspaceFiles } = context;
  return {
    'sql/diff': async (value, call) => {
      const params = readParams(value, MEMBERS);
      const session = sessions.get(readString(params, 'session'), call.client);
      const setting = readRunSetting(params, workspaceFiles.defaultsFor(session.folder));
      const sides = { before: readSide(params, 'before'), after: readSide(params, 'after') };
      const key = readStrings(params, 'key', { max: 100 });
      const cache = readCache(params, { run: setting, recorded: {}, context });
      const run = (pieces: SqlPieces, more: typeof cache = {}) =>
        runPieces(session, { pieces, setting: { ...setting, ...more }, call });
      const columns = {
        before: await columnsOf(run, 'before', sides),
        after: await columnsOf(run, 'after', sides),
      };
      const diff = compileDiff({ ...sides, key, columns });
      const result = await run(diff.pieces, cache);
      return diffResult(diff, { result, isKeyed: key.length > 0, keyCount: key.length });
    },
  };
}

function readSide(params: Params, name: 'before' | 'after'): DiffSide {
  const value = params[name];
  if (typeof value !== 'object' || value === null) {
    throw invalid(`${name} must be an object with file or with sql.`);
  }
  const side = readParams(value, ['file', 'sql']);
  if ((side.file === undefined) === (side.sql === undefined)) {
    throw invalid(`${name} must have either file or sql.`);
  }
  if (side.file !== undefined) return { file: readString(side, 'file') };
  const sql = readString(side, 'sql');
  const [range, ...more] = splitStatements(sql);
  if (range === undefined || more.length > 0) {
    throw invalid(
      `${name}.sql must be one statement; it holds ${range === undefined ? 'none' : more.length + 1}.`,
    );
  }
  return { sql: sql.slice(range.start, range.end).replace(/;\s*$/, '') };
}

/** Runs what was put together; an error in a side's text stands at its place there, and names the side. */
async function runPieces(
  session: SessionEntry,
  options: { readonly pieces: SqlPieces; readonly setting: Setting; readonly call: Call },
): Promise<RunResult> {
  const { pieces, setting, call } = options;
  try {
    return await session.run({ ...setting, sql: pieces.sql }, call);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    const { start, end } = error.details as { readonly start?: number; readonly end?: number };
    const source = start === undefined ? undefined : pieces.sourceAt(start);
    const { start: _, end: __, statement: ___, ...details } = error.details;
    if (start === undefined || source === undefined) throw new CoreError(error.kind, error.message, details);
    const inside = (offset: number) => Math.min(offset, source.end) - source.start;
    const place = { side: source.path, start: inside(start), end: inside(end ?? start) };
    throw new CoreError(error.kind, `${source.path}: ${error.message}`, { ...details, ...place });
  }
}

/** The columns of a side, found by a query that gives no rows. */
async function columnsOf(
  run: (pieces: SqlPieces) => Promise<RunResult>,
  name: 'before' | 'after',
  sides: Readonly<Record<'before' | 'after', DiffSide>>,
): Promise<readonly ColumnInfo[]> {
  const pieces = addSide(new SqlPieces().add('select * from '), name, sides[name]).add(' as t limit 0');
  const { statements } = await run(pieces);
  const [statement] = statements;
  if (statement?.file !== undefined) await rm(statement.file.path, { force: true });
  return statement?.columns ?? [];
}

async function diffResult(
  { pieces, addedColumns, removedColumns, types }: CompiledDiff,
  { result, keyCount }: { readonly result: RunResult; readonly isKeyed: boolean; readonly keyCount: number },
): Promise<DiffResult> {
  const [statement] = result.statements;
  if (statement === undefined) throw new Error('a comparison ran and gave no result');
  const counts = await countRows(statement, keyCount);
  const equal = statement.rowCount === 0 && addedColumns.length === 0 && removedColumns.length === 0;
  return {
    equal,
    counts,
    addedColumns,
    removedColumns,
    types,
    statement,
    sql: pieces.sql,
    micros: result.micros,
  };
}

/** Reads the rows' first columns: without a key `status` and `rows`, with one `status` and the key. */
async function countRows(statement: StatementResult, keyCount: number): Promise<DiffCounts> {
  const counts = { added: 0, removed: 0, changed: 0, duplicate: 0, nullKeys: 0 };
  for await (const page of readPages(statement)) {
    for (let row = 0; row < page.rowCount; row++) {
      const status = page.text(row, 0) as 'added' | 'removed' | 'changed' | 'duplicate';
      counts[status] += keyCount === 0 ? Number(page.text(row, 1)) : 1;
      for (let key = 1; key <= keyCount; key++) {
        if (!page.isNull(row, key)) continue;
        counts.nullKeys++;
        break;
      }
    }
  }
  return counts;
}
