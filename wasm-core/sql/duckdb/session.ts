import type { RawProfile } from '../../binary/profile/profile-map.ts';
import type { CatalogResult } from '../../protocol/catalog.ts';
import { CoreError } from '../../protocol/errors.ts';
import type { DescribeResult, StatementResult } from '../../protocol/methods.ts';
import { type StatementRange, splitStatements } from '../../protocol/statements.ts';
import type { SummaryResult } from '../../protocol/summary.ts';
import { addTimelines } from '../../protocol/timeline.ts';
import type { EngineRunResult } from '../engine.ts';
import { type BoundText, bindParameters } from '../parameters.ts';
import type { ResultAnswer } from '../result/result-question.ts';
import type { Connection } from './boot.ts';
import { type BuiltIns, readBuiltIns, readCatalog } from './catalog.ts';
import { checkText } from './check.ts';
import { type EngineContext, pinSettings } from './context.ts';
import { describeStatement } from './describe.ts';
import { type DirectedStatement, type EnteredDirectives, enterDirectives, inDatabase } from './directives.ts';
import { runExplain } from './explain/run-explain.ts';
import { Exports } from './export/exports.ts';
import { RowsConnection } from './export/rows-connection.ts';
import { FollowedState } from './followed-state.ts';
import { withEngineText } from './missing-parameters.ts';
import { CacheKeys } from './node/cache/cache-keys.ts';
import { runCached } from './node/cache/cached-run.ts';
import { deleteFile } from './node/export/delete-file.ts';
import { LiveStatement } from './node/live-sink.ts';
import { NotedInputs } from './node/noted-inputs.ts';
import { runConsistently } from './node/run-consistently.ts';
import { ResultQuestions } from './result/result-questions.ts';
import type { StatementRun } from './run-statement.ts';
import { Slices } from './slices.ts';
import { changesCatalog, onlyAsks } from './statement-kind.ts';
import { summarize } from './summary.ts';
import { type RunListener, SIGNAL, type WorkerAnswers, type WorkerRequest } from './worker-messages.ts';

interface RangeRun {
  /** Of the connection that it runs on. */
  readonly context: EngineContext;
  readonly request: Request<'run'>;
  readonly range: StatementRange;
  readonly index: number;
  readonly isLast: boolean;
  readonly slices: Slices;
  /** When its text began to be read. */
  readonly begun: number;
  readonly directives: EnteredDirectives;
  readonly onProfiles: (profiles: readonly RawProfile[]) => void;
  readonly onRows: Required<RunListener>['onRows'];
}

/** A statement without its place in the text. */
type RanStatement = Omit<StatementResult, 'start' | 'end'>;

type Request<T extends WorkerRequest['type']> = Extract<WorkerRequest, { readonly type: T }>;

/** One client's database inside its worker. Runs queue; everything else is served between their slices. */
export class WorkerSession {
  readonly #context: EngineContext;
  readonly #connect: () => Connection;
  #queue: Promise<unknown> = Promise.resolve();
  /** Contexts of the connections that were named, by name. */
  readonly #named = new Map<string, EngineContext>();
  #resultCount = 0;
  #builtIns: BuiltIns | undefined;
  readonly #followed: FollowedState;
  /** Runs under way. */
  #running = 0;
  /** Counts what may have changed the catalog. */
  #catalogChanges = 0;
  readonly #exports: Exports;
  readonly #results: ResultQuestions;
  readonly #cacheKeys: CacheKeys;

  /** @param connect makes a connection to the session's database */
  constructor(context: EngineContext, connect: () => Connection) {
    this.#context = context;
    this.#connect = connect;
    this.#followed = new FollowedState(context);
    this.#cacheKeys = new CacheKeys(context);
    prepareConnections(context, [context.runs, context.checks]);
    const rows = new RowsConnection(() => this.#newContext());
    this.#exports = new Exports(context, rows);
    this.#results = new ResultQuestions(context, rows);
  }

  setPlugins(request: Request<'setPlugins'>): WorkerAnswers['setPlugins'] {
    const leftOut = this.#context.functions.set(request.plugins, request.modules);
    return { functions: this.#context.functions.functions(), leftOut };
  }

  setTables(request: Request<'setTables'>): WorkerAnswers['setTables'] {
    this.#context.tables.set(request.tables);
  }

  /**
   * Runs statements in order.
   *
   * @throws CoreError of the first that fails, with its place in the text
   */
  run(request: Request<'run'>, listener: Required<RunListener>): Promise<EngineRunResult> {
    const asked = performance.now();
    const result = this.#queue.then(() => {
      this.#running++;
      const queueMicros = microsSince(asked);
      return this.#runNoting(request, listener)
        .then((done) => withQueue(done, queueMicros))
        .finally(() => this.#running--);
    });
    this.#queue = result.catch(() => {}).then(() => this.#noteMemory());
    return result;
  }

  /** Writes the rows of a results file to a file of another format. @throws CoreError as `Exports.rows` */
  export(request: Request<'export'>, { onProgress }: Required<RunListener>): Promise<undefined> {
    const result = this.#queue.then(() => this.#exports.rows(request, onProgress));
    this.#queue = result.catch(() => {}).then(() => this.#noteMemory());
    return result;
  }

  /** Answers a question about the rows of a results file. @throws CoreError as `ResultQuestions.answer` */
  result(request: Request<'result'>): Promise<ResultAnswer> {
    const result = this.#queue.then(() => this.#results.answer(request.question));
    this.#queue = result.catch(() => {}).then(() => this.#noteMemory());
    return result;
  }

  /** Writes the log of the database into it, behind the runs; a transaction that is open leaves it for later. */
  checkpoint(): Promise<undefined> {
    const { db, runs } = this.#context;
    const result = this.#queue.then(() => {
      try {
        db.bindings.runQuery(runs.id, 'checkpoint');
      } catch {
        // The log has everything, too: it is read when the database is opened the next time.
      }
      return undefined;
    });
    this.#queue = result;
    return result;
  }

  check(request: Request<'check'>): WorkerAnswers['check'] {
    this.#followed.beforeQuestion(this.#running > 0);
    return checkText(this.#context, request);
  }

  describe(request: Request<'describe'>): DescribeResult {
    this.#followed.beforeQuestion(this.#running > 0);
    const connection = this.#context.checks;
    const { sql, folder } = request;
    let directives: EnteredDirectives | undefined;
    try {
      const ranges = splitStatements(sql);
      directives = enterDirectives(this.#context, { connection, folder, text: sql, ranges, index: 0 });
      this.#context.paths.enter(folder);
      return { columns: describeStatement(this.#context, { connection, sql }) };
    } catch {
      this.#context.paths.takeRefused();
      return { columns: [] };
    } finally {
      directives?.leave();
    }
  }

  summary(request: Request<'summary'>): SummaryResult {
    return this.#inDatabase(request, () => summarize(this.#context, request));
  }

  catalog(request: Request<'catalog'>): CatalogResult {
    return this.#inDatabase(request, (stamp) => {
      const version = `${this.#context.resultPrefix}.${this.#catalogChanges}.${this.#context.tables.version}${stamp}`;
      if (version === request.version) return { version };
      this.#builtIns ??= readBuiltIns(this.#context);
      const known = { builtIns: this.#builtIns, settings: this.#followed.settings(this.#running > 0) };
      return { version, catalog: readCatalog(this.#context, known) };
    });
  }

  /** Without the database where it cannot be read: the statement's own error tells why. */
  #inDatabase<T>(request: Request<'catalog' | 'summary'>, use: (stamp: string) => T): T {
    this.#followed.beforeQuestion(this.#running > 0);
    try {
      return inDatabase(this.#context, request, use);
    } catch (error) {
      this.#context.paths.takeRefused();
      if (request.database === undefined || !(error instanceof CoreError)) throw error;
      return use('');
    }
  }

  async #runNoting(request: Request<'run'>, listener: Required<RunListener>): Promise<EngineRunResult> {
    const { paths } = this.#context;
    const inputs = new NotedInputs({ patterns: false });
    const stopNoting = paths.noteInto(inputs);
    try {
      return await this.#run(request, listener);
    } finally {
      stopNoting();
      listener.onInputs(inputs.files());
    }
  }

  async #run(request: Request<'run'>, listener: Required<RunListener>): Promise<EngineRunResult> {
    const started = performance.now();
    const context = this.#contextOf(request.connection);
    const slices = new Slices(context.signals, (text) => listener.onProgress(percentOf(context), text));
    const statements: StatementResult[] = [];
    const { onRows } = listener;
    const profiles: RawProfile[] = [];
    const onProfiles = (more: readonly RawProfile[]): void => void profiles.push(...more);
    const ranges = splitStatements(request.sql);
    const { sql: text, folder } = request;
    let begun = started;
    for (const [index, range] of ranges.entries()) {
      slices.check();
      const at = { connection: context.runs, folder, text, ranges, index };
      statements.push(
        await this.#runDirected(at, { context, request, range, slices, onProfiles, onRows, begun }),
      );
      begun = performance.now();
    }
    return { statements, micros: microsSince(started), ...(request.profiled && { profiles }) };
  }

  async #runDirected(
    at: DirectedStatement,
    options: Omit<RangeRun, 'index' | 'isLast' | 'directives'>,
  ): Promise<StatementResult> {
    const { index, ranges } = at;
    const { context, request, range } = options;
    const directives = enterDirectives(context, at);
    try {
      return await this.#runRange({ ...options, directives, index, isLast: index === ranges.length - 1 });
    } finally {
      directives.leave();
      // The path of before is the one that checks have to follow.
      if (directives.hasDatabase) this.#followed.after(context, request.sql.slice(range.start, range.end));
    }
  }

  async #runRange(options: RangeRun): Promise<StatementResult> {
    const { context, request, range, index, slices, directives, onProfiles, onRows } = options;
    let bound: BoundText | undefined;
    try {
      context.functions.settle(context.runs);
      bound = bindParameters(request.sql.slice(range.start, range.end), request.parameters);
      const { live: isLive, ...told } = request;
      const live = new LiveStatement((rows) => onRows({ statement: index, ...rows }));
      const run = {
        ...told,
        ...(isLive && { live }),
        sql: bound.sql,
        maxRows: Math.min(request.maxRows, directives.limit ?? request.maxRows),
        hasDatabase: directives.hasDatabase,
        isTerminated: request.sql[range.end] === ';',
        copiesAreOld: this.#followed.isDue,
        errorsAsJson: this.#followed.errorsAsJson,
        slices,
        onProfiles,
        resultName: `${this.#context.resultPrefix}-${++this.#resultCount}.arrow`,
      };
      const parseMicros = microsSince(options.begun);
      const result = await this.#runAs(options, run);
      if (!directives.hasDatabase) this.#followed.after(context, bound.sql);
      const timeline = addTimelines(result.timeline ?? {}, { parse: parseMicros });
      return { ...result, ...range, timeline };
    } catch (error) {
      const sql = request.sql.slice(range.start, range.end);
      const told = bound === undefined ? withEngineText(context, error, sql) : error;
      throw placed(told, { range, index, bound });
    } finally {
      const sql = bound?.sql ?? '';
      if (changesCatalog(sql)) {
        this.#catalogChanges++;
        this.#cacheKeys.changed(sql);
      }
    }
  }

  /** Runs a statement for what is wanted of it: its rows, a file of them, or its plan. */
  #runAs({ context, request, isLast }: RangeRun, run: StatementRun): Promise<RanStatement> {
    const { target, explain } = request;
    if (isLast && target !== undefined) {
      return runConsistently(context, run, {
        isRepeatable: onlyAsks(run.sql),
        perform: (_, attempt) => this.#exports.run(context, { run: attempt, target }),
        discard: () => deleteFile(target.file),
      });
    }
    if (isLast && explain !== undefined) return runExplain(context, run, { analyze: explain === 'analyze' });
    return this.#runOrReuse(context, run, request);
  }

  async #runOrReuse(
    context: EngineContext,
    run: StatementRun,
    { cache, scripts, profiled }: Request<'run'>,
  ): Promise<RanStatement> {
    const isRepeatable = onlyAsks(run.sql);
    if (cache === undefined || scripts !== undefined || profiled !== undefined)
      return runConsistently(context, run, { isRepeatable });
    const isOwn = context === this.#context && !run.hasDatabase;
    const key = isOwn ? this.#cacheKeys.of(run) : undefined;
    return runCached(context, {
      cache,
      key,
      resultName: run.resultName,
      run: () => runConsistently(context, run, { isRepeatable }),
    });
  }

  #noteMemory(): void {
    const { signals, db } = this.#context;
    Atomics.store(signals, SIGNAL.memoryPages, db.native.memory.buffer.byteLength / 65_536);
  }

  /** The context of a connection, which is made when it is first named. */
  #contextOf(name: string | undefined): EngineContext {
    if (name === undefined) return this.#context;
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const context = this.#newContext();
    this.#context.functions.join(context.runs);
    this.#named.set(name, context);
    return context;
  }

  /** The context of a new connection, which knows no plugin functions. */
  #newContext(): EngineContext {
    const context = { ...this.#context, runs: this.#connect() };
    prepareConnections(context, [context.runs]);
    return context;
  }
}

function microsSince(started: number): number {
  return Math.round((performance.now() - started) * 1000);
}

/** What a run gave, with the time that its first statement waited. */
function withQueue(done: EngineRunResult, queueMicros: number): EngineRunResult {
  const [first, ...others] = done.statements;
  if (first === undefined || queueMicros === 0) return done;
  const timeline = addTimelines({ queue: queueMicros }, first.timeline ?? {});
  return { ...done, statements: [{ ...first, timeline }, ...others] };
}

function percentOf({ db: { native }, runs }: EngineContext): number {
  return native.withBlock(24, (slot) => {
    native.api.duckdb_query_progress(slot, runs.pointer);
    return Math.round(native.double(slot));
  });
}

/** What every connection of a session begins with. */
function prepareConnections({ db }: EngineContext, connections: readonly Connection[]): void {
  pinSettings(db, connections);
  for (const { id } of connections) {
    for (const setting of FIRST_SETTINGS) {
      try {
        db.bindings.runQuery(id, setting);
      } catch {
        // Without the icu extension there is no other time zone.
      }
    }
  }
}

/** What a statement may set to something else. */
const FIRST_SETTINGS = [
  // Else it is the machine's, and the same query differs from one to the next.
  "set TimeZone = 'UTC'",
  // The engine holds rows back until this much is there: with its own 1 MB a slow query shows its first rows when it ends.
  "set streaming_buffer_size = '1KB'",
] as const;

/** Moves an error's range from the statement as the engine got it to the text as the client sent it. */
function placed(
  error: unknown,
  at: { readonly range: StatementRange; readonly index: number; readonly bound: BoundText | undefined },
): unknown {
  if (!(error instanceof CoreError)) return error;
  const { start, end } = error.details as { start?: number; end?: number };
  const original = (offset: number) => at.range.start + (at.bound?.original(offset) ?? offset);
  return new CoreError(error.kind, error.message, {
    ...error.details,
    statement: at.index,
    start: start === undefined ? at.range.start : original(start),
    end: end === undefined ? at.range.end : original(end),
  });
}
