import type { ColumnInfo } from '../../protocol/methods.ts';
import type { Effect } from '../../protocol/statement-effect.ts';
import { type EngineContext, queryRows } from './context.ts';
import { describeStatement, prepareFirst, withPrepared } from './describe.ts';
import { KeptState } from './kept-state.ts';
import { type Known, type StandIn, standInFor } from './stand-ins.ts';

/**
 * The checking connection while a text is looked through: what statements define is known to those behind them, and
 * gone when it is closed. Tables and the like live in a transaction that is rolled back; what is no part of
 * transactions is put back by hand.
 */
export class CheckWorld {
  readonly #context: EngineContext;
  /** What was run since the transaction began. */
  readonly #applied: string[] = [];
  /** Tables that the text made, which are empty. */
  readonly #made = new Set<string>();
  readonly #kept: KeptState;

  /** Tables in place of data files; none once the files themselves have to be read. */
  #files: readonly string[];

  /** @param files statements that make tables in place of data files, whose columns are known */
  constructor(context: EngineContext, files: readonly string[]) {
    this.#context = context;
    this.#files = files;
    this.#kept = new KeptState({ rows: (sql) => this.rows(sql), run: (sql) => this.#run(sql) });
    this.#begin();
  }

  /** Whether tables stand in place of files, so that an error may be one of theirs. */
  get hasFileTables(): boolean {
    return this.#files.length > 0;
  }

  /** Has the engine read the files themselves from now on. */
  dropFileTables(): void {
    this.#files = [];
    this.#restart();
  }

  /** @throws Error with the engine's message when the statement does not prepare */
  prepare(sql: string): void {
    const statement = { connection: this.#context.checks, sql };
    this.#whole(() => {
      try {
        withPrepared(this.#context, statement, () => undefined);
      } catch (error) {
        if (!isSeveral(error)) throw error;
        prepareFirst(this.#context, statement);
      }
    });
  }

  /** The types of a query's columns; undefined when it does not prepare. */
  types(sql: string): string[] | undefined {
    return this.#describe(sql)?.map(({ type }) => type);
  }

  /** The columns of a query; undefined when it does not prepare, or its parameters leave them open. */
  columns(sql: string): ColumnInfo[] | undefined {
    const columns = this.#describe(sql);
    // The engine has this one for whatever they will be.
    const isOpen = columns?.length === 1 && columns[0]?.name === 'unknown' && /[$?]/.test(sql);
    return isOpen ? undefined : columns;
  }

  /** Whether the text made a table of this name, lower-case. */
  hasMade(name: string): boolean {
    return this.#made.has(name);
  }

  /** Rows that tell of the engine's state. @throws Error */
  rows(sql: string): Record<string, unknown>[] {
    return this.#whole(() => queryRows(this.#context.db, this.#context.checks, sql));
  }

  /**
   * Makes what a statement defines known, as far as that takes no rows and leaves nothing behind.
   *
   * @returns what is known of it now
   */
  apply(sql: string, effect: Effect): Known {
    const standIn = this.#standIn(sql, effect);
    try {
      this.#perform(standIn, effect);
    } catch (error) {
      // Two of a name: the session has one already, which the statements behind it use.
      return isThere(error) ? standIn.known : 'nothing';
    }
    return standIn.known;
  }

  /** Makes a definition known that can be made as a whole. @returns whether that went well, so that it prepares, too */
  defines(sql: string, effect: Effect): boolean {
    const standIn = this.#standIn(sql, effect);
    if (standIn.known !== 'all') return false;
    try {
      this.#perform(standIn, effect);
      return true;
    } catch {
      return false;
    }
  }

  /** Takes everything back. */
  close(): void {
    this.#rollback();
    this.#kept.restore();
  }

  #describe(sql: string): ColumnInfo[] | undefined {
    const statement = { connection: this.#context.checks, sql };
    try {
      return this.#whole(() => describeStatement(this.#context, statement));
    } catch {
      return undefined;
    }
  }

  #standIn(sql: string, effect: Effect): StandIn {
    const { paths, attachments } = this.#context;
    return standInFor({ sql, effect, world: this, paths, attachments });
  }

  /** @throws Error */
  #perform({ statements }: StandIn, effect: Effect): void {
    this.#kept.keepBefore(effect);
    for (const part of statements) {
      this.#whole(() => this.#define(part));
      this.#applied.push(part);
    }
    if (effect.kind === 'table') for (const { name } of effect.targets) this.#made.add(name);
  }

  /** Runs something; a transaction that an error before it ended is made anew. */
  #whole<T>(use: () => T): T {
    try {
      return use();
    } catch (error) {
      if (!isAborted(error)) throw error;
      this.#restart();
      return use();
    }
  }

  #restart(): void {
    this.#rollback();
    this.#begin();
    for (const sql of this.#applied) {
      try {
        this.#define(sql);
      } catch {
        // It went well before; statements that need it will say so.
      }
    }
  }

  #begin(): void {
    this.#run('begin transaction');
    try {
      for (const file of this.#files) this.#run(file);
    } catch {
      this.#files = [];
      this.#run('rollback');
      this.#run('begin transaction');
    }
  }

  #rollback(): void {
    // A database that goes with the transaction must not be the one where names are looked up.
    this.#kept.restoreLookup();
    this.#run('rollback');
    this.#kept.restoreLookup();
  }

  #run(sql: string): void {
    this.#context.db.bindings.runQuery(this.#context.checks.id, sql);
  }

  #define(sql: string): void {
    const { functions, checks } = this.#context;
    functions.withoutCalls(() => this.#run(functions.engineText(sql, checks)));
  }
}

/** The engine takes only single statements to prepare. */
function isSeveral(error: unknown): boolean {
  return error instanceof Error && /Cannot prepare multiple statements/.test(error.message);
}

/** Some errors, also of preparing, end the transaction: everything behind them fails with this. */
function isAborted(error: unknown): boolean {
  return error instanceof Error && /Current transaction is aborted/.test(error.message);
}

function isThere(error: unknown): boolean {
  return error instanceof Error && /already exists/.test(error.message);
}
