import type { DatabaseToRead } from '../../protocol/catalog.ts';
import type { RecordedRun } from '../../protocol/history.ts';
import { DEFAULT_LIMITS, type Limits, resolveLimits } from '../../protocol/limits.ts';
import { IN_MEMORY } from '../../protocol/sql-sessions.ts';
import { splitStatements } from '../../protocol/statements.ts';
import type { EngineCheckOptions, EngineRunOptions } from '../../sql/engine.ts';
import type { Call, Client, HostContext, Methods } from '../context.ts';
import {
  invalid,
  isAbsent,
  type Params,
  readAbsolutePath,
  readAbsolutePaths,
  readOptionalAbsolutePath,
  readOptionalBoolean,
  readOptionalInteger,
  readOptionalString,
  readParams,
  readString,
  readStrings,
  readText,
} from '../params.ts';
import type { SessionEntry, SessionRun } from '../session-entry.ts';
import { exportRows, exportText, PLACE_MEMBERS, readExportedResult, readExportPlace } from './export.ts';
import { profileStatements } from './profile.ts';
import { readCache } from './read-cache.ts';
import { readRemote } from './remote.ts';

type SqlMethod =
  | 'sql/open'
  | 'sql/run'
  | 'sql/explain'
  | 'sql/export'
  | 'sql/profile'
  | 'sql/check'
  | 'sql/describe'
  | 'sql/summary'
  | 'sql/catalog'
  | 'sql/cancel'
  | 'sql/close';

/** Every method of SQL sessions. */
export function sqlMethods(context: HostContext): Methods<SqlMethod> {
  const { sessions, workspaceFiles, history } = context;
  const find = (params: Params, call: Call): SessionEntry =>
    sessions.get(readString(params, 'session'), call.client);
  const explained = <T>(session: SessionEntry, run: Limits, work: () => Promise<T>): Promise<T> =>
    explainedBy(context, { session, run, work });
  return {
    'sql/open': async (value, { client }) => ({ session: await sessions.open(readOpen(value), client) }),
    'sql/run': (value, call) => {
      const params = readParams(value, [
        ...RUN_MEMBERS,
        'parquetPath',
        'record',
        'secretParameters',
        'cache',
        'live',
      ]);
      const session = find(params, call);
      const run = readRun(params, workspaceFiles.defaultsFor(session.folder));
      const recorded = readRecorded(params);
      const live = readOptionalBoolean(params, 'live') ?? false;
      const cached = { ...run, live, ...readCache(params, { run, recorded, context }) };
      return explained(session, run, () => history.run({ session, run: cached, call }, recorded));
    },
    'sql/explain': (value, call) => {
      const params = readParams(value, [...TEXT_MEMBERS, 'parameters', 'limits', 'analyze']);
      const session = find(params, call);
      const explain = readOptionalBoolean(params, 'analyze') ? 'analyze' : 'estimates';
      const run = { ...readRun(params, workspaceFiles.defaultsFor(session.folder)), explain } as const;
      if (splitStatements(run.sql).length === 0) throw invalid('sql has no statement to explain.');
      return explained(session, run, () => session.run(run, call));
    },
    'sql/export': (value, call) => {
      const params = readParams(value, [...RUN_MEMBERS, ...PLACE_MEMBERS, 'result']);
      const session = find(params, call);
      const place = readExportPlace(params);
      const result = readExportedResult(params, session.resultsFolder);
      if (result !== undefined) return exportRows(session, { result, place, call });
      const run = readRun(params, workspaceFiles.defaultsFor(session.folder));
      return explained(session, run, () => exportText(session, { run, place, call }));
    },
    'sql/profile': (value, call) => {
      const params = readParams(value, RUN_MEMBERS);
      const session = find(params, call);
      const run = readRun(params, workspaceFiles.defaultsFor(session.folder));
      return explained(session, run, () => profileStatements(context, { session, run, call }));
    },
    'sql/check': (value, call) => {
      const params = readParams(value, [...TEXT_MEMBERS, 'statements', 'budgetMs']);
      return find(params, call).check(readCheck(params));
    },
    'sql/describe': (value, call) => {
      const params = readParams(value, TEXT_MEMBERS);
      return find(params, call).describe(readSqlText(params));
    },
    'sql/catalog': (value, call) => {
      const params = readParams(value, ['session', 'version', 'database', 'folder']);
      const version = readOptionalString(params, 'version');
      const database = readDatabase(params);
      return find(params, call).catalog({ ...database, ...(version !== undefined && { version }) });
    },
    'sql/summary': (value, call) => {
      const params = readParams(value, ['session', 'source', 'database', 'folder']);
      return find(params, call).summary({ source: readText(params, 'source'), ...readDatabase(params) });
    },
    'sql/cancel': (value, call) => {
      find(readParams(value, ['session']), call).cancel();
      return {};
    },
    'sql/close': async (value, call) => {
      await sessions.close(find(readParams(value, ['session']), call), call.client);
      return {};
    },
  };
}

/**
 * What runs a statement of another request, with the members of `sql/run` but those of records and kept results.
 *
 * @param client whose session it is
 * @throws CoreError PARAMS_INVALID, SESSION_UNKNOWN, FORMAT_WORKSPACE
 */
export function readStatement(
  context: HostContext,
  value: unknown,
  client: Client,
): {
  readonly session: SessionEntry;
  readonly run: SessionRun;
  /** Does what runs it, and says of a plugin's failure what is known. */
  readonly explained: <T>(work: () => Promise<T>) => Promise<T>;
} {
  const params = readParams(value, RUN_MEMBERS);
  const session = context.sessions.get(readString(params, 'session'), client);
  const run = readRun(params, context.workspaceFiles.defaultsFor(session.folder));
  return { session, run, explained: (work) => explainedBy(context, { session, run, work }) };
}

/** Does what runs statements, and says of a plugin's failure what is known. */
async function explainedBy<T>(
  { failures }: Pick<HostContext, 'failures'>,
  options: { readonly session: SessionEntry; readonly run: Limits; readonly work: () => Promise<T> },
): Promise<T> {
  try {
    return await options.work();
  } catch (error) {
    const { memoryMb, timeoutMs, fuel } = options.run;
    const limits = resolveLimits({ memoryMb, timeoutMs, fuel });
    const { namespaces, folder } = options.session;
    throw await failures.explainStatement(error, { namespaces, folder, limits });
  }
}

const OPEN_MEMBERS = ['folder', 'allow', 'namespace', 'includes', 'key', 'remote', 'database', 'readOnly'];
const TEXT_MEMBERS = ['session', 'sql', 'folder'];
const RUN_MEMBERS = [...TEXT_MEMBERS, 'parameters', 'limits', 'maxRows'];

function readOpen(value: unknown) {
  const params = readParams(value, OPEN_MEMBERS);
  const database = readOptionalString(params, 'database');
  const readOnly = readOptionalBoolean(params, 'readOnly') ?? false;
  const folder = readAbsolutePath(params, 'folder');
  const namespace = readOptionalString(params, 'namespace') ?? folder;
  return {
    folder,
    allow: readAbsolutePaths(params, 'allow'),
    namespaces: [namespace, ...readStrings(params, 'includes')],
    key: readOptionalString(params, 'key'),
    remote: readRemote(params.remote),
    hasOwnDatabase: true,
    ...(database !== undefined && {
      database: database === IN_MEMORY ? database : readAbsolutePath(params, 'database'),
    }),
    readOnly,
  };
}

function readSqlText(params: Params): { readonly sql: string; readonly folder?: string } {
  const folder = readOptionalAbsolutePath(params, 'folder');
  return { sql: readText(params, 'sql'), ...(folder !== undefined && { folder }) };
}

function readDatabase(params: Params): DatabaseToRead {
  const database = readOptionalString(params, 'database');
  const folder = readOptionalAbsolutePath(params, 'folder');
  return { ...(database !== undefined && { database }), ...(folder !== undefined && { folder }) };
}

function readRecorded(params: Params): RecordedRun {
  const record = readOptionalBoolean(params, 'record');
  const secrets = isAbsent(params.secretParameters)
    ? undefined
    : readStrings(params, 'secretParameters', { max: 100 });
  const tooLong = secrets?.find((pattern) => pattern.length > 100);
  if (tooLong !== undefined) throw invalid('secretParameters must be names of at most 100 characters.');
  return {
    ...(record !== undefined && { record }),
    ...(secrets !== undefined && { secretParameters: secrets }),
  };
}

function readCheck(params: Params): EngineCheckOptions {
  const budgetMs = readOptionalInteger(params, 'budgetMs', { min: 1, max: 60_000 });
  return {
    ...readSqlText(params),
    ...(!isAbsent(params.statements) && { statements: readIndexes(params.statements) }),
    ...(budgetMs !== undefined && { budgetMs }),
  };
}

function readIndexes(value: unknown): readonly number[] {
  if (!Array.isArray(value) || !value.every((index) => Number.isInteger(index) && index >= 0)) {
    throw invalid('statements must be an array of indexes of statements, from 0.');
  }
  return value;
}

function readRun(params: Params, defaults: Limits): SessionRun & { readonly parquetPath?: string } {
  return { ...readSqlText(params), ...readRunSetting(params, defaults) };
}

/**
 * What a run of SQL is told beside its text.
 *
 * @param defaults of the session's folder
 * @throws CoreError PARAMS_INVALID
 */
export function readRunSetting(
  params: Params,
  defaults: Limits,
): Omit<SessionRun, 'sql'> & { readonly parquetPath?: string } {
  const folder = readOptionalAbsolutePath(params, 'folder');
  const maxRows = readOptionalInteger(params, 'maxRows', { min: 1, max: 100_000_000 });
  const parquetPath = readOptionalAbsolutePath(params, 'parquetPath');
  return {
    ...(folder !== undefined && { folder }),
    parameters: readParameters(params.parameters),
    ...readStatementLimits(params.limits, defaults),
    ...(maxRows !== undefined && { maxRows }),
    ...(parquetPath !== undefined && { parquetPath }),
  };
}

/** Unlike a module's run, a statement has no deadline unless somebody asks for one. */
function readStatementLimits(
  value: unknown,
  defaults: Limits,
): Pick<EngineRunOptions, keyof Limits & keyof EngineRunOptions> {
  const limits = resolveLimits(value ?? undefined, { ...DEFAULT_LIMITS, ...defaults });
  const given = (value ?? {}) as { readonly timeoutMs?: unknown; readonly maxOutputBytes?: unknown };
  if (given.maxOutputBytes !== undefined) {
    throw invalid('limits.maxOutputBytes is not a limit of statements; use maxRows.');
  }
  const { memoryMb, timeoutMs, fuel } = limits;
  const isTimed = given.timeoutMs !== undefined || defaults.timeoutMs !== undefined;
  return { memoryMb, ...(isTimed && { timeoutMs }), ...(fuel !== undefined && { fuel }) };
}

function readParameters(value: unknown): NonNullable<EngineRunOptions['parameters']> {
  if (isAbsent(value)) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid('parameters must be an object.');
  const strange = Object.entries(value).find(
    ([, v]) => v !== null && !['string', 'number', 'boolean'].includes(typeof v),
  );
  if (strange === undefined) return value as NonNullable<EngineRunOptions['parameters']>;
  throw invalid(`parameters.${strange[0].slice(0, 100)} must be a string, a number, true, false or null.`);
}
