import { DEFAULT_LIMITS, type Limits, resolveLimits } from '../../protocol/limits.ts';
import type { EngineRunOptions } from '../../sql/engine.ts';
import type { Call, HostContext, Methods } from '../context.ts';
import {
  invalid,
  isAbsent,
  type Params,
  readAbsolutePath,
  readAbsolutePaths,
  readOptionalAbsolutePath,
  readOptionalInteger,
  readOptionalString,
  readParams,
  readString,
  readStrings,
  readText,
} from '../params.ts';
import type { SessionEntry } from '../session-entry.ts';

type SqlMethod =
  | 'sql/open'
  | 'sql/run'
  | 'sql/check'
  | 'sql/describe'
  | 'sql/catalog'
  | 'sql/cancel'
  | 'sql/close';

/** Every method of SQL sessions. */
export function sqlMethods({ sessions, workspaceFiles }: HostContext): Methods<SqlMethod> {
  const find = (params: Params, call: Call): SessionEntry =>
    sessions.get(readString(params, 'session'), call.client);
  return {
    'sql/open': async (value, { client }) => ({ session: await sessions.open(readOpen(value), client) }),
    'sql/run': (value, call) => {
      const params = readParams(value, RUN_MEMBERS);
      const session = find(params, call);
      return session.run(readRun(params, workspaceFiles.defaultsFor(session.folder)), call);
    },
    'sql/check': async (value, call) => {
      const params = readParams(value, CHECK_MEMBERS);
      return { diagnostics: await find(params, call).check(readCheck(params)) };
    },
    'sql/describe': (value, call) => {
      const params = readParams(value, CHECK_MEMBERS);
      return find(params, call).describe(readCheck(params));
    },
    'sql/catalog': (value, call) => find(readParams(value, ['session']), call).catalog(),
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

const CHECK_MEMBERS = ['session', 'sql', 'folder'];
const RUN_MEMBERS = [...CHECK_MEMBERS, 'parameters', 'limits', 'maxRows', 'parquetPath'];

function readOpen(value: unknown) {
  const params = readParams(value, ['folder', 'allow', 'namespace', 'includes', 'key']);
  const folder = readAbsolutePath(params, 'folder');
  const namespace = readOptionalString(params, 'namespace') ?? folder;
  return {
    folder,
    allow: readAbsolutePaths(params, 'allow'),
    namespaces: [namespace, ...readStrings(params, 'includes')],
    key: readOptionalString(params, 'key'),
  };
}

function readCheck(params: Params): { readonly sql: string; readonly folder?: string } {
  const folder = readOptionalAbsolutePath(params, 'folder');
  return { sql: readText(params, 'sql'), ...(folder !== undefined && { folder }) };
}

function readRun(params: Params, defaults: Limits): Omit<EngineRunOptions, 'signal' | 'onProgress'> {
  const maxRows = readOptionalInteger(params, 'maxRows', { min: 1, max: 100_000_000 });
  const parquetPath = readOptionalAbsolutePath(params, 'parquetPath');
  return {
    ...readCheck(params),
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
