import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type ChainSql,
  fileEnding,
  inputStatement,
  outputText,
  type SqlJob,
  type SqlOutcome,
} from '../chain/sql-step.ts';
import { CoreError } from '../protocol/errors.ts';
import type { StatementResult } from '../protocol/methods.ts';
import { cancelled, deadlineExceeded } from '../runtime/executor.ts';
import type { Call } from './context.ts';
import type { SessionEntry } from './session-entry.ts';
import type { Sessions } from './sessions.ts';

/** What a chain's session is opened with. */
export interface ChainSqlOptions {
  readonly sessions: Pick<Sessions, 'open' | 'get' | 'close'>;
  readonly call: Call;
  /** Absolute folder of the session, which may be read and written. */
  readonly folder: string;
  /** Absolute folder where relative paths in statements start. */
  readonly base: string;
  readonly allow: readonly string[];
  /** Whose functions its statements have, the most important first. */
  readonly namespaces: readonly string[];
}

/** Runs the SQL steps of one chain in a session of the chain's own, which the first of them opens. */
export class HostChainSql implements ChainSql {
  readonly #options: ChainSqlOptions;
  #session: Promise<SessionEntry> | undefined;
  #steps = 0;

  constructor(options: ChainSqlOptions) {
    this.#options = options;
  }

  async run(job: SqlJob): Promise<SqlOutcome> {
    const ends = performance.now() + job.limits.timeoutMs;
    this.#session ??= this.#open();
    const session = await inTime(this.#session, job);
    const base = path.join(session.resultsFolder, `chain-${++this.#steps}`);
    const given = `${base}-in.${fileEnding(job.input)}`;
    const file = `${base}-out.${job.output}`;
    try {
      await writeFile(given, job.bytes, { mode: 0o600 });
      const timeoutMs = (): number => Math.max(1, Math.floor(ends - performance.now()));
      await this.#readInput(session, { job, file: given, timeoutMs: timeoutMs() });
      const last = await this.#runText(session, { job, file, timeoutMs: timeoutMs() });
      const output = await readOutput(last.file?.path ?? file, job.limits.maxOutputBytes);
      return { output, rows: last.rowCount };
    } finally {
      await Promise.all([given, file].map((name) => rm(name, { force: true })));
    }
  }

  async dispose(): Promise<void> {
    const { sessions, call } = this.#options;
    const ending = this.#session
      ?.then((session) => sessions.close(session, call.client))
      // Whoever closed it before, or could not open it, has said so.
      .catch(() => {});
    this.#session = undefined;
    // One that is still opening is ended when it is there; the chain's answer does not wait for that.
    if (this.#steps > 0) await ending;
  }

  async #open(): Promise<SessionEntry> {
    const { sessions, call, folder, allow, namespaces } = this.#options;
    const id = await sessions.open({ folder, allow, namespaces, key: undefined }, call.client);
    return sessions.get(id, call.client);
  }

  async #readInput(session: SessionEntry, options: StepFile): Promise<void> {
    const { job, file, timeoutMs } = options;
    const sql = inputStatement(file, { format: job.input, byteLength: job.bytes.byteLength });
    try {
      await session.run({ sql, memoryMb: job.limits.memoryMb, timeoutMs }, this.#callOf(job));
    } catch (error) {
      throw inputError(error, { job, file });
    }
  }

  async #runText(session: SessionEntry, options: StepFile): Promise<StatementResult> {
    const { job, file, timeoutMs } = options;
    const { memoryMb, fuel } = job.limits;
    const text = outputText(job.sql, { file, output: job.output });
    const { base: folder } = this.#options;
    const limits = { memoryMb, timeoutMs, folder, ...(fuel !== undefined && { fuel }) };
    try {
      const { statements } = await session.run({ sql: text.sql, ...limits }, this.#callOf(job));
      const last = statements.at(-1);
      if (last === undefined) throw new Error('a SQL step ran no statement');
      return last;
    } catch (error) {
      throw placedError(error, text.original);
    }
  }

  #callOf({ signal }: SqlJob): Call {
    return { ...this.#options.call, signal };
  }
}

interface StepFile {
  readonly job: SqlJob;
  readonly file: string;
  readonly timeoutMs: number;
}

/** Waits for an engine no longer than the step may take: opening one cannot be ended, only left alone. */
async function inTime<T>(work: Promise<T>, { limits, signal }: SqlJob): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let cancel = (): void => {};
  const stopped = new Promise<never>((_, reject) => {
    cancel = () => reject(cancelled());
    timer = setTimeout(() => reject(deadlineExceeded(limits.timeoutMs)), limits.timeoutMs);
  });
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

async function readOutput(file: string, maxOutputBytes: number): Promise<Uint8Array> {
  const { size } = await stat(file);
  if (size <= maxOutputBytes) return readFile(file);
  const message = `The rows take ${size} bytes, more than the ${maxOutputBytes} allowed. Select less, or raise limits.maxOutputBytes.`;
  throw new CoreError('OUTPUT_LIMIT', message, { byteLength: size });
}

/** The user knows nothing of the statement that reads the input, nor of the file. */
function inputError(error: unknown, { job, file }: { readonly job: SqlJob; readonly file: string }): unknown {
  if (!(error instanceof CoreError)) return error;
  if (!/^(SQL_|FORMAT_|FILE_)/.test(error.kind) || error.kind === 'SQL_ENGINE_LOST') return error;
  const wanted = job.input ?? 'JSON, which it is read as unless "input" says otherwise';
  const reason = error.message.replaceAll(file, 'the input').slice(0, 500);
  const message = `Its input of ${job.bytes.byteLength} bytes cannot be read as ${wanted}: ${reason}`;
  return new CoreError('FORMAT_DATA', message, { input: job.input ?? 'auto' });
}

/** An error with its place in the step's own text. */
function placedError(error: unknown, original: (offset: number) => number): unknown {
  if (!(error instanceof CoreError)) return error;
  const { start, end, ...others } = error.details;
  return new CoreError(error.kind, error.message, {
    ...others,
    ...(typeof start === 'number' && { start: original(start) }),
    ...(typeof end === 'number' && { end: original(end) }),
  });
}
