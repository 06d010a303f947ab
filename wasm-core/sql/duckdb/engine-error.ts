import { CoreError, type ErrorKind } from '../../protocol/errors.ts';
import type { SqlErrorDetails } from '../../protocol/methods.ts';
import { findName, firstToken, type TextRange, utf16Offset, wordRange } from '../positions.ts';

/*
 * DuckDB's errors, with `errors_as_json`, as ours. A parser error carries its JSON once more inside its message.
 */

interface EngineFault {
  readonly type: string;
  readonly message: string;
  readonly position?: number;
  readonly name?: string;
  readonly subtype?: string;
  readonly candidates: readonly string[];
}

/** Why a session's engine is gone, for its user. */
export function engineLost(reason: string): CoreError {
  return new CoreError(
    'SQL_ENGINE_LOST',
    `The SQL engine of this session was lost (${reason}). The next run starts a new one, without this session's tables.`,
  );
}

/**
 * What the engine said of one statement as a `CoreError` whose range is inside the statement's text.
 *
 * @param error what the engine threw; its message is the engine's, as JSON
 * @param sql the statement as the engine got it; the details' `start` and `end` are positions in it
 */
export function engineError(error: unknown, sql: string): CoreError {
  // The engine's own exceptions, when they escape its bindings, carry nothing that JavaScript can read.
  const raw =
    error instanceof Error ? error.message : 'DuckDB failed without a reason; run the statement again';
  const fault = parseFault(raw);
  const { kind, message } = describe(fault);
  const range = locate(fault, sql);
  const details: SqlErrorDetails = {
    ...range,
    ...(fault.subtype === undefined ? {} : { subtype: fault.subtype }),
    ...(fault.candidates.length === 0 ? {} : { candidates: fault.candidates }),
  };
  return new CoreError(kind, message, { ...details });
}

/**
 * What the file system said first-hand, at the path in the statement, in place of the engine's account of it.
 *
 * @param refused its details name the path as it was `written`, where that is known
 */
export function refusedError(
  refused: CoreError,
  options: { readonly sql: string; readonly engine: CoreError },
): CoreError {
  const { written, ...details } = refused.details as { readonly written?: string };
  const range = written === undefined ? undefined : findName(options.sql, written);
  const { start, end } = options.engine.details;
  return new CoreError(refused.kind, refused.message, { ...details, ...(range ?? { start, end }) });
}

/** Functions are registered under `__quern_<n>_<name>`; users see the name alone. */
export function withoutInternalNames(text: string): string {
  return text.replace(/__quern_\d+_/g, '');
}

function parseFault(raw: string): EngineFault {
  const json = raw.slice(Math.max(raw.indexOf('{'), 0));
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(json) as Record<string, unknown>;
  } catch {
    return { type: 'Unknown', message: withoutInternalNames(raw), candidates: [] };
  }
  const message = String(fields.exception_message ?? raw).trim();
  if (message.startsWith('{"exception_type"')) return parseFault(message);
  const position = Number(fields.position);
  return {
    type: String(fields.exception_type ?? 'Unknown'),
    message: withoutInternalNames(message),
    ...(Number.isInteger(position) ? { position } : {}),
    ...(typeof fields.name === 'string' ? { name: withoutInternalNames(fields.name) } : {}),
    ...(typeof fields.error_subtype === 'string' ? { subtype: fields.error_subtype } : {}),
    candidates: parseCandidates(fields.candidates),
  };
}

function parseCandidates(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  return value
    .split(',')
    .map((candidate) => withoutInternalNames(candidate.trim()))
    .filter((candidate) => candidate !== '');
}

const BIND_TYPES = new Set(['Binder', 'Catalog', 'Not implemented']);

function describe(fault: EngineFault): { kind: ErrorKind; message: string } {
  const missing = /^No files found that match the pattern "(.*)"$/s.exec(fault.message)?.[1];
  if (missing !== undefined) {
    return {
      kind: 'FILE_NOT_FOUND',
      message: missingFile(missing),
    };
  }
  if (/No magic bytes found|too small to be a Parquet file/.test(fault.message)) {
    return {
      kind: 'FORMAT_DATA',
      message: `${fault.message} The file is not Parquet, whatever its name says.`,
    };
  }
  if (/capable of reading the file/.test(fault.message))
    return { kind: 'FORMAT_DATA', message: fault.message };
  if (/CSV Error|Malformed JSON|sniffing file/i.test(fault.message)) {
    return { kind: 'FORMAT_DATA', message: fault.message };
  }
  if (fault.type === 'Out of Memory') return { kind: 'MEMORY_LIMIT', message: fault.message };
  if (fault.type === 'Parser')
    return { kind: 'SQL_PARSE', message: `${capital(fault.message)}.`.replace(/\.\.$/, '.') };
  const kind = BIND_TYPES.has(fault.type) ? 'SQL_BIND' : 'SQL_RUN';
  return { kind, message: fault.message };
}

/** What to say of a path or pattern that leads to no file. */
export function missingFile(written: string): string {
  const advice = /^([\\/]|[a-z]:)/i.test(written) ? '' : ' Paths are relative to the folder of the SQL file.';
  return `There is no file '${written}'.${advice}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Where messages without a position name the file or table that they are about. */
const NAMED_FILE = /(?:pattern|file|Table with name) (?:"([^"]+)"|'([^']+)')|^ *file = (.+)$/m;

function locate(fault: EngineFault, sql: string): TextRange {
  if (fault.position !== undefined) return wordRange(sql, utf16Offset(sql, fault.position));
  const named =
    fault.name ??
    NAMED_FILE.exec(fault.message)
      ?.slice(1)
      .find((name) => name !== undefined);
  const found = named === undefined ? undefined : findName(sql, named);
  return found ?? firstToken(sql);
}
