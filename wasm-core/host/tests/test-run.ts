import { CoreError } from '../../protocol/errors.ts';
import { conditionsHold } from '../../protocol/logictest/conditions.ts';
import { loopValues, loopVariables } from '../../protocol/logictest/loops.ts';
import type {
  CommandRecord,
  LogicRecord,
  LoopRecord,
  QueryRecord,
  StatementRecord,
} from '../../protocol/logictest/records.ts';
import type { TestFailure } from '../../protocol/tests.ts';
import { runCommand } from './commands.ts';
import { judgeQuery, judgeStatement, type StatementOutcome } from './judge-record.ts';
import { EarlyEnd, NextTurn, type RunState, type TestWorld } from './run-state.ts';
import { readTestRows } from './test-values.ts';

/**
 * DuckDB's check of itself, which makes every statement several times. Its files begin with it; it says nothing of the
 * SQL, and fails over statements that look at the engine's state.
 */
const VERIFICATION = /^\s*pragma\s+((enable|disable)_)?(verification|verify_\w+)\s*;?\s*$/i;

/** What DuckDB's runner does not count as failures, and what an engine with one thread says to more. */
const NOT_FAILURES = ['HTTP', 'Unable to connect', 'compiled without threads'];

/** Runs the records of one file, in their order. */
export class TestRun {
  readonly #world: TestWorld;
  readonly #state: RunState = { labels: new Map(), skipLevel: 0, ignoredErrors: NOT_FAILURES };
  readonly #variables: (readonly [string, string])[] = [];

  constructor(world: TestWorld) {
    this.#world = world;
  }

  /**
   * @param lastLine records below it are not run
   * @throws EarlyEnd; CoreError CANCELLED, DEADLINE_EXCEEDED
   */
  async run(records: readonly LogicRecord[], lastLine: number): Promise<void> {
    for (const record of records) {
      if (record.line > lastLine) return;
      if (this.#world.signal.aborted) throw new CoreError('CANCELLED', 'The run was cancelled.');
      await this.#record(record, lastLine);
    }
  }

  async #record(record: LogicRecord, lastLine: number): Promise<void> {
    const isMode = record.type === 'command' && record.name === 'mode';
    if (this.#state.skipLevel > 0 && !isMode) return;
    if (record.type === 'loop') return this.#loop(record, lastLine);
    if (record.foreign || !this.#holds(record)) return;
    if (record.type === 'command') return this.#command(record);
    const started = performance.now();
    const failure = await this.#judge(record);
    const loops = this.#variables.map(([name, value]) => `${name}=${value}`).join(' ');
    this.#world.results.add(record, {
      micros: Math.round((performance.now() - started) * 1000),
      ...(failure && { failure: { ...failure, ...(loops !== '' && { loops }) } }),
    });
  }

  async #loop(loop: LoopRecord, lastLine: number): Promise<void> {
    if (loop.concurrent) {
      const reason = 'This loop runs its turns at once, in threads, which the engine has not.';
      throw new EarlyEnd({ line: loop.line, reason });
    }
    for (const value of loopValues(loop.values)) {
      const variables = loopVariables(loop.variable, this.#world.keywords.replace(value));
      this.#variables.push(...variables);
      try {
        await this.run(loop.body, lastLine);
      } catch (error) {
        if (!(error instanceof NextTurn)) throw error;
      } finally {
        this.#variables.splice(-variables.length);
      }
    }
  }

  #holds({ conditions, line }: Exclude<LogicRecord, LoopRecord>): boolean {
    if (conditions.length === 0) return true;
    const variables = new Map(this.#variables.map(([name, value]) => [name.toLowerCase(), value]));
    const holds = conditionsHold(conditions, variables);
    if (holds !== undefined) return holds;
    throw new EarlyEnd({
      line,
      reason: 'skipif and onlyif compare a variable of a loop that stands around them.',
    });
  }

  async #command(record: CommandRecord): Promise<void> {
    const words = record.words.map((word) => this.#replace(word));
    try {
      await runCommand({ ...record, words }, { world: this.#world, state: this.#state });
    } catch (error) {
      if (!(error instanceof CoreError) || this.#world.signal.aborted) throw error;
      this.#world.results.add(record, { micros: 0, failure: { message: error.message } });
    }
  }

  async #judge(record: StatementRecord | QueryRecord): Promise<TestFailure | undefined> {
    const outcome = await this.#execute(record);
    const wantsError = record.type === 'statement' && record.outcome !== 'ok';
    if (outcome.type === 'failed' && !wantsError) this.#endIfIgnored(record, outcome.error);
    const judgement = {
      outcome,
      replace: (text: string) => this.#replace(text),
      labels: this.#state.labels,
      readFile: (file: string) => this.#readRows(file),
      zone: () => this.#zone(record.connection),
      mayUpdate: this.#variables.length === 0,
    };
    return record.type === 'query' ? judgeQuery(record, judgement) : judgeStatement(record, judgement);
  }

  async #execute({ sql, connection }: StatementRecord | QueryRecord): Promise<StatementOutcome> {
    if (VERIFICATION.test(sql)) return { type: 'done', statements: [] };
    try {
      const statements = await this.#world.database.run(this.#replace(sql), connection);
      return { type: 'done', statements };
    } catch (error) {
      if (!(error instanceof CoreError) || this.#world.signal.aborted) throw error;
      return { type: 'failed', error };
    }
  }

  #endIfIgnored({ line }: LogicRecord, { message }: CoreError): void {
    const ignored = this.#state.ignoredErrors.find((text) => message.includes(text));
    if (ignored === undefined) return;
    throw new EarlyEnd({
      line,
      reason: `The file ends at errors with ${JSON.stringify(ignored)}: ${message}`,
    });
  }

  /** Lines of a file of expected rows: values with `|` between them below a line of names. */
  async #readRows(file: string): Promise<readonly string[]> {
    const path = file.trim().replaceAll("'", "''");
    const sql = `select * from read_csv('${path}', header = true, sep = '|', all_varchar = true)`;
    const [statement] = await this.#world.database.run(sql, ' expected rows');
    return statement === undefined ? [] : (await readTestRows(statement)).values;
  }

  async #zone(connection: string | undefined): Promise<string> {
    try {
      const [statement] = await this.#world.database.run("select current_setting('TimeZone')", connection);
      const [zone = 'UTC'] = statement === undefined ? [] : (await readTestRows(statement)).values;
      return zone;
    } catch (error) {
      // Without the icu extension, or in a transaction that was aborted.
      if (!(error instanceof CoreError) || this.#world.signal.aborted) throw error;
      return 'UTC';
    }
  }

  #replace(text: string): string {
    let replaced = this.#world.keywords.replace(text);
    for (const [name, value] of this.#variables) {
      replaced = replaced.replaceAll(`\${${name}}`, () => value).replaceAll(`{${name}}`, () => value);
    }
    return replaced;
  }
}
