import { CoreError, type ErrorKind } from '../../protocol/errors.ts';
import type { SqlErrorDetails } from '../../protocol/methods.ts';
import {
  findCall,
  findName,
  findPlainName,
  firstToken,
  listItems,
  type TextRange,
  utf16Offset,
  wordRange,
} from '../positions.ts';
import { errorExcerpt } from './error-excerpt.ts';

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
 * Why the engine can be used no more, where an error of DuckDB says that: after a fatal one it has invalidated its
 * database, and refuses everything.
 *
 * @returns undefined for other errors, and for ours
 */
export function lostBy(error: unknown): CoreError | undefined {
  if (!(error instanceof Error) || error instanceof CoreError) return undefined;
  return lostByFault(parseFault(error.message));
}

function lostByFault({ type, message }: EngineFault): CoreError | undefined {
  if (!/^fatal$/i.test(type) && !/database has been invalidated/.test(message)) return undefined;
  const [, original = message] = /^Original error: "(.*)"$/ms.exec(message) ?? [];
  return engineLost(`DuckDB gave it up: ${original}`);
}

/**
 * What the engine said of one statement as a `CoreError` whose range is inside the statement's text; SQL_ENGINE_LOST has
 * none.
 *
 * @param error what the engine threw; its message is the engine's, as JSON
 * @param sql the statement as the engine got it; the details' `start` and `end` are positions in it
 * @param options.asJson whether `engineText` is the engine's JSON, for users who have asked for that
 */
export function engineError(error: unknown, sql: string, { asJson = false } = {}): CoreError {
  // The engine's own exceptions, when they escape its bindings, carry nothing that JavaScript can read.
  const raw =
    error instanceof Error ? error.message : 'DuckDB failed without a reason; run the statement again';
  const fault = parseFault(raw);
  const lost = lostByFault(fault);
  if (lost !== undefined) return lost;
  const { kind, message } = describe(fault);
  const range = locate(fault, sql);
  const details: SqlErrorDetails = {
    ...range,
    engineText: asJson ? raw : shortLines(textOf(fault, sql)),
    ...(fault.subtype === undefined ? {} : { subtype: fault.subtype }),
    ...(fault.candidates.length === 0 ? {} : { candidates: fault.candidates }),
  };
  return new CoreError(kind, message, { ...details });
}

/** As the engine says it where errors are not asked for as JSON. */
function textOf({ type, message, position }: EngineFault, sql: string): string {
  if (type === 'Unknown') return message;
  return `${type} Error: ${message}${position === undefined ? '' : errorExcerpt(sql, position)}`;
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
  const { start, end, engineText } = options.engine.details;
  return new CoreError(refused.kind, refused.message, {
    ...details,
    ...(range ?? { start, end }),
    engineText,
  });
}

/** Functions are registered under `__quern_<n>_<name>`; users see the name alone. */
export function withoutInternalNames(text: string): string {
  return text.replace(/__quern_\d+_/g, '');
}

/** What the engine puts in front of the error of a query that had already given rows. */
const LATE_ERROR = /^Attempting to execute an unsuccessful or closed pending query result\s+Error: /;

function parseFault(raw: string): EngineFault {
  const json = raw.slice(Math.max(raw.indexOf('{'), 0));
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(json) as Record<string, unknown>;
  } catch {
    return { type: 'Unknown', message: withoutInternalNames(raw), candidates: [] };
  }
  const message = String(fields.exception_message ?? raw).trim();
  const inner = message.replace(LATE_ERROR, '');
  if (inner.startsWith('{"exception_type"')) return parseFault(inner);
  const position = Number(fields.position);
  return {
    type: String(fields.exception_type ?? 'Unknown'),
    message: withoutInternalNames(message),
    ...(Number.isInteger(position) ? { position } : {}),
    ...(typeof fields.name === 'string' ? { name: withoutInternalNames(fields.name) } : {}),
    ...(typeof fields.error_subtype === 'string' ? { subtype: fields.error_subtype } : {}),
    candidates: parseCandidates(fields.candidates ?? namedCandidates(message)),
  };
}

/** Commas inside of parentheses belong to a candidate: `substr(VARCHAR, BIGINT) -> VARCHAR`. */
function parseCandidates(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  return value
    .split(/,(?![^(]*\))/)
    .map((candidate) => withoutInternalNames(candidate.trim()))
    .filter((candidate) => candidate !== '');
}

/** Some messages have candidates that the error's fields lack. */
function namedCandidates(message: string): string | undefined {
  const list = /^Candidate bindings: :? *("[^\n]+")$/m.exec(message)?.[1];
  return list?.replace(/"((?:[^"]|"")*)"/g, '$1');
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
    return { kind: 'FORMAT_DATA', message: shortLines(fault.message) };
  }
  if (/is encrypted, but 'encryption_config' was not set/.test(fault.message)) {
    const advice =
      "Give its key with pragma add_parquet_key('name', 'key'), and read it by read_parquet with encryption_config = {footer_key: 'name'}.";
    return { kind: 'FORMAT_DATA', message: `${fault.message}. ${advice}` };
  }
  const macro = /^Function "(.*)" is a Macro Function\. "DISTINCT"/.exec(fault.message)?.[1];
  if (macro !== undefined) {
    const message = `${macro} is no aggregate, and takes no DISTINCT, FILTER or ORDER BY. Filter and sort the rows in a subquery, or, when it is a macro, inside of that.`;
    return { kind: 'SQL_BIND', message };
  }
  const arity = MACRO_ARGUMENTS.exec(fault.message);
  if (arity !== null) return { kind: 'SQL_BIND', message: macroArguments(arity[1] ?? '', arity[2] ?? '') };
  if (fault.type === 'Out of Memory') return { kind: 'MEMORY_LIMIT', message: outOfMemory(fault.message) };
  if (fault.type === 'Parser')
    return { kind: 'SQL_PARSE', message: `${capital(fault.message)}.`.replace(/\.\.$/, '.') };
  const kind = BIND_TYPES.has(fault.type) ? 'SQL_BIND' : 'SQL_RUN';
  return { kind, message: fault.message };
}

/** The engine's own advice, threads and a larger limit, is of no use here. */
function outOfMemory(message: string): string {
  const [said = ''] = message.split(/\n\s*Possible solutions/);
  return `${said.trim().replace(/\.?$/, '.')} The statement needs more memory than the SQL engine has. Read fewer columns, filter and aggregate before joining and sorting, add a LIMIT to ORDER BY, or write a part at a time with COPY to Parquet files and go on from these.`;
}

/** The longest line of a message: DuckDB repeats a line of the file, which may be the whole of it. */
const MAX_LINE = 400;

function shortLines(message: string): string {
  if (message.length <= MAX_LINE) return message;
  return message
    .split('\n')
    .map((line) => (line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE)}…`))
    .join('\n');
}

const MACRO_ARGUMENTS =
  /^Macro (\S+)\(\) does not support the supplied arguments\..*?Candidate macros:\s*(.*)$/s;

/** Plugin functions are macros, too, of which their users know nothing. */
function macroArguments(name: string, candidates: string): string {
  const forms = candidates.split('\n').map((form) => form.trim());
  return `${name} does not take these arguments. Write ${forms.join(' or ')}.`;
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

/** Messages without a position that name a column. */
const NAMED_COLUMN =
  /^Ambiguous reference to column name "([^"]+)"|^column (\S+) must appear in the GROUP BY clause or be used/;

function locate(fault: EngineFault, sql: string): TextRange {
  const call = wrongCall(fault, sql);
  if (call !== undefined) return call;
  if (fault.position !== undefined) return wordRange(sql, utf16Offset(sql, fault.position));
  const column = NAMED_COLUMN.exec(fault.message)
    ?.slice(1)
    .find((name) => name !== undefined);
  const plain = column === undefined ? undefined : findPlainName(sql, column);
  if (plain !== undefined) return plain;
  const named =
    fault.name ??
    NAMED_FILE.exec(fault.message)
      ?.slice(1)
      .find((name) => name !== undefined);
  const found = named === undefined ? undefined : findName(sql, named);
  return found ?? firstToken(sql);
}

/**
 * Where the function is called whose arguments fit none of its forms. Inside of a macro, as plugin functions are, the
 * engine's position is one in the macro's text; then it is the first call of that name with as many arguments.
 */
function wrongCall({ message, position }: EngineFault, sql: string): TextRange | undefined {
  const [, name, types = ''] = /argument types '([\p{L}_][\p{L}\p{N}_]*)\((.*)\)'\./su.exec(message) ?? [];
  if (name === undefined || position === undefined) return undefined;
  const given = wordRange(sql, utf16Offset(sql, position));
  const isName = sql.slice(given.start, given.end).toLowerCase().endsWith(name.toLowerCase());
  return isName ? undefined : findCall(sql, { name, count: listItems(types).length });
}
