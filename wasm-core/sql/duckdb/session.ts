import { CoreError } from '../../protocol/errors.ts';
import type { DescribeResult, RunResult, StatementResult } from '../../protocol/methods.ts';
import { type StatementRange, splitStatements } from '../../protocol/statements.ts';
import { type BoundText, bindParameters } from '../parameters.ts';
import { readCatalog } from './catalog.ts';
import { checkText } from './check.ts';
import { type EngineContext, pinSettings, quoteText } from './context.ts';
import { describeStatement } from './describe.ts';
import { mirrorTemporaries } from './mirror.ts';
import { copyResult } from './node/copy-result.ts';
import { runStatement } from './run-statement.ts';
import { Slices } from './slices.ts';
import { firstWords } from './statement-kind.ts';
import type { WorkerAnswers, WorkerRequest } from './worker-messages.ts';

type Request<T extends WorkerRequest['type']> = Extract<WorkerRequest, { readonly type: T }>;

/** One client's database inside its worker. Runs queue; everything else is served between their slices. */
export class WorkerSession {
  readonly #context: EngineContext;
  #queue: Promise<unknown> = Promise.resolve();
  #results = 0;

  constructor(context: EngineContext) {
    this.#context = context;
    pinSettings(context.db, [context.runs, context.checks]);
    // Else it is the machine's, and the same query differs from one to the next. It may be set to another.
    for (const { id } of [context.runs, context.checks])
      context.db.bindings.runQuery(id, "set TimeZone = 'UTC'");
  }

  setPlugins(request: Request<'setPlugins'>): WorkerAnswers['setPlugins'] {
    const leftOut = this.#context.functions.set(request.plugins);
    return { names: this.#context.functions.names(), leftOut };
  }

  /**
   * Runs statements in order.
   *
   * @throws CoreError of the first that fails, with its place in the text
   */
  run(request: Request<'run'>, onProgress: (percent: number) => void): Promise<RunResult> {
    const result = this.#queue.then(() => this.#run(request, onProgress));
    this.#queue = result.catch(() => {});
    return result;
  }

  check(request: Request<'check'>): WorkerAnswers['check'] {
    return checkText(this.#context, request);
  }

  describe(request: Request<'describe'>): DescribeResult {
    this.#context.paths.enter(request.folder);
    try {
      return {
        columns: describeStatement(this.#context, { connection: this.#context.checks, sql: request.sql }),
      };
    } catch {
      this.#context.paths.takeRefused();
      return { columns: [] };
    }
  }

  catalog(): WorkerAnswers['catalog'] {
    return readCatalog(this.#context);
  }

  async #run(request: Request<'run'>, onProgress: (percent: number) => void): Promise<RunResult> {
    const started = performance.now();
    const slices = new Slices(this.#context.signals, () => onProgress(this.#percent()));
    const statements: StatementResult[] = [];
    const ranges = splitStatements(request.sql);
    for (const [index, range] of ranges.entries()) {
      slices.check();
      const isLast = index === ranges.length - 1;
      statements.push(await this.#runRange({ request, range, index, isLast, slices }));
    }
    return { statements, micros: Math.round((performance.now() - started) * 1000) };
  }

  async #runRange(options: {
    readonly request: Request<'run'>;
    readonly range: StatementRange;
    readonly index: number;
    readonly isLast: boolean;
    readonly slices: Slices;
  }): Promise<StatementResult> {
    const { request, range, index, slices } = options;
    let bound: BoundText | undefined;
    try {
      bound = bindParameters(request.sql.slice(range.start, range.end), request.parameters);
      const run = {
        ...request,
        sql: bound.sql,
        slices,
        resultName: `${this.#context.resultPrefix}-${++this.#results}.arrow`,
      };
      const parquet = options.isLast ? request.parquetPath : undefined;
      const result =
        parquet === undefined
          ? await runStatement(this.#context, run)
          : await this.#runToParquet(run, parquet);
      this.#afterStatement(bound.sql);
      return { ...result, ...range };
    } catch (error) {
      throw placed(error, { range, index, bound });
    }
  }

  /** The engine writes where it may; from there the file moves to where the user asked for it. */
  async #runToParquet(run: Parameters<typeof runStatement>[1], target: string) {
    const file = `${this.#context.resultsFolder}/${run.resultName}.parquet`;
    const sql = `copy (\n${run.sql}\n) to ${quoteText(file)} (format parquet)`;
    const result = await runStatement(this.#context, { ...run, sql });
    copyResult(file, target);
    return result;
  }

  #afterStatement(sql: string): void {
    const [word = ''] = firstWords(sql, 1);
    const { db, runs, checks } = this.#context;
    if (/^(SET|RESET|PRAGMA)$/.test(word)) pinSettings(db, [runs, checks]);
    if (/^(SET|RESET|USE|CREATE|DROP|ALTER|ATTACH|DETACH)$/.test(word)) mirrorTemporaries(this.#context);
  }

  #percent(): number {
    const { native } = this.#context.db;
    return native.withBlock(24, (slot) => {
      native.api.duckdb_query_progress(slot, this.#context.runs.pointer);
      return Math.round(native.double(slot));
    });
  }
}

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
