import { CoreError } from '../../../protocol/errors.ts';
import { DEFAULT_LIMITS } from '../../../protocol/limits.ts';
import type { ScriptLanguage } from '../../../protocol/search.ts';
import type {
  ScriptAnswer,
  ScriptFailure,
  ScriptFunction,
  ScriptGuard,
  ScriptRuntime,
} from '../../scripts/script-runtime.ts';
import { SCRIPT_FUNCTION, type SearchScript } from '../../search/compile-search.ts';
import type { Connection, DuckDb } from '../boot.ts';
import type { Pointer } from '../c-api.ts';
import { queryRows, quoteText } from '../context.ts';
import { typeId, withType } from '../logical-type.ts';
import { SIGNAL, STOP } from '../worker-messages.ts';
import { setNull } from './null-rows.ts';
import { stringAt } from './text-vector.ts';

/** What scripts took during one statement. */
export interface ScriptCost {
  readonly micros: number;
  readonly rows: number;
}

/** What the scripts of a statement may use. */
export interface ScriptSetting {
  /** Of all scripts of a language together for Python, of each for JavaScript; MiB. */
  readonly memoryMb: number;
  /** Throws when the statement has to stop; asked while a sandbox starts. */
  readonly slices: { check(): void };
}

/** Makes the sandbox of a language. @throws CoreError SCRIPT_ERROR when it does not start */
export type StartScripts = (language: ScriptLanguage, options: ScriptSetting) => Promise<ScriptRuntime>;

interface Called {
  readonly script: SearchScript;
  readonly function: ScriptFunction;
  /** Rows of the chunks before. */
  rows: number;
}

const decoder = new TextDecoder();

/** The scripts of searches in DuckDB: one scalar function that calls the statement's scripts by number. */
export class ScriptTable {
  readonly #db: DuckDb;
  readonly #signals: Int32Array;
  readonly #start: StartScripts;
  readonly #runtimes = new Map<ScriptLanguage, ScriptRuntime>();
  #called: readonly Called[] = [];
  #cost = { micros: 0, rows: 0 };
  #error: CoreError | undefined;

  /** @param options.start makes the sandbox of a language; asked again when the one before cannot be used */
  constructor(options: {
    readonly db: DuckDb;
    readonly signals: Int32Array;
    readonly start: StartScripts;
  }) {
    this.#db = options.db;
    this.#signals = options.signals;
    this.#start = options.start;
  }

  /**
   * Sees to it that the engine has the function, which stays when a session begins anew.
   *
   * @param connection nothing else happens on it, so that no transaction takes the function back
   */
  define(connection: Connection): void {
    const sql = `select function_name from duckdb_functions() where function_name = ${quoteText(SCRIPT_FUNCTION)}`;
    if (queryRows(this.#db, connection, sql).length === 0) this.#register(connection);
  }

  /**
   * Begins a statement that may call these scripts; their sandboxes are started when they were never needed before.
   *
   * @throws CoreError SCRIPT_ERROR when a sandbox does not start; CANCELLED, DEADLINE_EXCEEDED
   */
  async begin(scripts: readonly SearchScript[], options: ScriptSetting): Promise<void> {
    this.#cost = { micros: 0, rows: 0 };
    this.#error = undefined;
    if (scripts.length === 0) return;
    for (const { language } of scripts) {
      const known = this.#runtimes.get(language);
      if (known?.fits(options)) continue;
      this.#runtimes.set(language, await this.#start(language, options));
    }
    this.#called = scripts.flatMap((script) => {
      const loaded = this.#runtimes.get(script.language)?.load(script, options);
      return loaded === undefined ? [] : [{ script, function: loaded, rows: 0 }];
    });
  }

  /** Ends a statement: its scripts are gone. */
  end(): ScriptCost {
    if (this.#called.length > 0) for (const runtime of this.#runtimes.values()) runtime.end();
    this.#called = [];
    return this.#cost;
  }

  /** The error that a script raised in this statement, whose text alone reached the engine. */
  takeError(): CoreError | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  #register(connection: Connection): void {
    const { native } = this.#db;
    const { api } = native;
    const scalar = api.duckdb_create_scalar_function();
    const typed = (type: 'INTEGER' | 'VARCHAR' | 'BOOLEAN', use: (type: Pointer) => void): void =>
      withType(native, api.duckdb_create_logical_type(typeId(type)), use);
    try {
      native.withText(SCRIPT_FUNCTION, (name) => api.duckdb_scalar_function_set_name(scalar, name));
      typed('INTEGER', (type) => api.duckdb_scalar_function_add_parameter(scalar, type));
      typed('VARCHAR', (type) => api.duckdb_scalar_function_add_parameter(scalar, type));
      typed('BOOLEAN', (type) => api.duckdb_scalar_function_set_return_type(scalar, type));
      // The number means another script in the next statement, and what a script answers is not ours to promise.
      api.duckdb_scalar_function_set_volatile(scalar);
      const callback = native.addCallback((info, chunk, output) => this.#call(info, chunk, output));
      api.duckdb_scalar_function_set_function(scalar, callback);
      if (api.duckdb_register_scalar_function(connection.pointer, scalar) !== 0) {
        throw new Error('DuckDB did not take the function that calls scripts');
      }
    } finally {
      native.withBlock(4, (slot) => {
        native.words()[slot >>> 2] = scalar;
        api.duckdb_destroy_scalar_function(slot);
      });
    }
  }

  /** DuckDB's callback for one chunk. Nothing may be thrown through the engine's frames. */
  #call(info: Pointer, chunk: Pointer, output: Pointer): void {
    const started = performance.now();
    const { native } = this.#db;
    try {
      const rowCount = native.api.duckdb_data_chunk_get_size(chunk);
      const verdicts = this.#verdicts(chunk, rowCount);
      const data = native.api.duckdb_vector_get_data(output);
      const bytes = native.bytes();
      for (let row = 0; row < rowCount; row++) bytes[data + row] = Number(verdicts[row] === 't');
      for (let row = 0; row < rowCount; row++) {
        if (verdicts[row] === 'n') setNull(native, { vector: output, row });
      }
    } catch (error) {
      const failure =
        error instanceof CoreError
          ? error
          : new CoreError('INTERNAL', error instanceof Error ? error.message : String(error));
      this.#error ??= failure;
      native.withText(failure.message, (text) => native.api.duckdb_scalar_function_set_error(info, text));
    } finally {
      this.#cost.micros += (performance.now() - started) * 1000;
    }
  }

  /** @returns a letter for each row, see `ScriptAnswer` */
  #verdicts(chunk: Pointer, rowCount: number): string {
    if (rowCount === 0) return '';
    const { api } = this.#db.native;
    const numbers = api.duckdb_vector_get_data(api.duckdb_data_chunk_get_vector(chunk, 0, 0));
    // The compiler writes the number as a constant, so all rows have the same.
    const called = this.#called[this.#db.native.word(numbers)];
    if (called === undefined) {
      throw new CoreError('CAPABILITY_DENIED', `${SCRIPT_FUNCTION} is called by searches alone.`);
    }
    const rows = this.#texts(api.duckdb_data_chunk_get_vector(chunk, 1, 0), rowCount);
    const answer = this.#ask(called, rows);
    if ('error' in answer) throw scriptError(called, answer, rows);
    called.rows += rowCount;
    this.#cost.rows += rowCount;
    return answer.verdicts;
  }

  #ask(called: Called, rows: readonly string[]): ScriptAnswer {
    try {
      const answer = called.function.call(`[${rows.join(',')}]`, this.#guard());
      return readAnswer(answer, rows.length);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      const { path } = called.script;
      throw new CoreError(error.kind, `In the search, ${path}: ${error.message}`, { ...error.details, path });
    }
  }

  #texts(vector: Pointer, rowCount: number): string[] {
    const { native } = this.#db;
    const data = native.api.duckdb_vector_get_data(vector);
    const bytes = native.bytes();
    return Array.from({ length: rowCount }, (_, row) => {
      const { pointer, byteLength } = stringAt(native, data, row);
      return decoder.decode(bytes.subarray(pointer, pointer + byteLength));
    });
  }

  /** One chunk has as long as a whole run of a plugin has by default; the run's own end comes as a signal. */
  #guard(): ScriptGuard {
    const limit = DEFAULT_LIMITS.timeoutMs;
    const deadline = performance.now() + limit;
    return {
      stop: () => {
        const stop = Atomics.load(this.#signals, SIGNAL.stop);
        if (stop === STOP.cancelled) return new CoreError('CANCELLED', 'The run was cancelled.');
        if (stop === STOP.deadline) {
          return new CoreError('DEADLINE_EXCEEDED', 'The run took longer than its timeout.');
        }
        if (performance.now() < deadline) return undefined;
        return new CoreError(
          'DEADLINE_EXCEEDED',
          `The script ran for ${limit} ms on one chunk of rows and was ended; does it loop for ever?`,
        );
      },
    };
  }
}

/** A script may have reached what answers for it. @throws CoreError SCRIPT_ERROR for what is no answer */
function readAnswer(text: string, rowCount: number): ScriptAnswer {
  try {
    const { verdicts, error, row, line, column } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof verdicts === 'string' && verdicts.length === rowCount) return { verdicts };
    if (typeof error === 'string') {
      const numbers = Object.entries({ row, line, column }).filter(([, n]) => Number.isSafeInteger(n));
      return { error: shorten(error, MAX_ERROR), ...Object.fromEntries(numbers) };
    }
  } catch {
    // Told below.
  }
  throw new CoreError('SCRIPT_ERROR', 'the sandbox gave no answer; does the script change its surroundings?');
}

/** The longest error of a script that is told, in characters. */
const MAX_ERROR = 500;

/** The longest argument that a message shows, in characters. */
const MAX_SHOWN = 120;

function scriptError(called: Called, failure: ScriptFailure, rows: readonly string[]): CoreError {
  const { path } = called.script;
  const { line, column, row } = failure;
  const code = line === undefined ? '' : (called.script.code.split('\n')[line - 1] ?? '').trim();
  const lineText = line === undefined ? '' : `, line ${line}${code === '' ? '' : ` (${shorten(code)})`}`;
  const given = row === undefined ? undefined : shorten((rows[row] ?? '').slice(1, -1));
  const rowText = row === undefined ? '' : `, row ${called.rows + row + 1} with ${given}`;
  return new CoreError('SCRIPT_ERROR', `In the search, ${path}${lineText}${rowText}: ${failure.error}.`, {
    path,
    ...(row !== undefined && { row: called.rows + row + 1, arguments: given }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  });
}

function shorten(text: string, length = MAX_SHOWN): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
