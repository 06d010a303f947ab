import type { CatalogSetting } from '../../protocol/catalog.ts';
import { readSettings } from './catalog.ts';
import { type EngineContext, PINNED_NAMES, pinSettings, queryRows } from './context.ts';
import { mirrorTemporaries } from './mirror.ts';
import { firstWords } from './statement-kind.ts';

/** Statements behind which what is temporary, or the search path, may be another. */
const CHANGES_TEMPORARIES =
  /^(SET|RESET|USE|CREATE|DROP|ALTER|ATTACH|DETACH|PREPARE|DEALLOCATE|COMMIT|END|ROLLBACK|ABORT)$/;

/**
 * Keeps what the session knows beside the running connection up with it: the checking connection's copies of what is
 * temporary, and the settings. Reading them is a query like any other, which the engine's log and its profiler show, so
 * that nothing is read before somebody asks.
 */
export class FollowedState {
  readonly #context: EngineContext;
  /** Of the running connection, once a statement may have changed them. */
  #settings: readonly CatalogSetting[] | undefined;
  #settingsAreOld = false;
  /** Whether the checking connection is behind. */
  #isDue = false;
  /** Whether the session was ever asked about a text or its catalog: then that is likely to happen while statements run. */
  #isAsked = false;
  #isProfiling = false;
  #errorsAsJson = false;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Whether the checking connection does not know all that the running one does. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** Whether the user wants the engine's errors as JSON; the session itself always gets them so. */
  get errorsAsJson(): boolean {
    return this.#errorsAsJson;
  }

  /** Takes note of a statement that ran on a connection of the session. */
  after(context: EngineContext, sql: string): void {
    const { db, runs, checks } = context;
    const [word = ''] = firstWords(sql, 1);
    const isOwn = context === this.#context;
    if (/^(SET|RESET|PRAGMA)$/.test(word)) {
      if (/errors_as_json/i.test(sql)) this.#errorsAsJson = /(=|\bto)\s*('?t(rue)?'?|'?1'?)\s*$/i.test(sql);
      if (PINNED_NAMES.test(sql)) pinSettings(db, [runs, checks]);
      if (/home_directory/i.test(sql)) this.#readHome(context);
      if (isOwn) this.#settingsAreOld = true;
    }
    // Checks follow the session's own connection alone.
    if (!isOwn) return;
    if (/profil/i.test(sql) && /^(SET|RESET|PRAGMA)$/.test(word)) this.#isProfiling = !/disable/i.test(sql);
    if (CHANGES_TEMPORARIES.test(word)) {
      context.macros.remember(sql);
      // What an aborted transaction left of a database for one statement must not be copied.
      context.databases.settle(runs);
      this.#isDue = true;
    }
    // The profiler writes its output anew for each query, also for one of ours.
    if (this.#isAsked && !this.#isProfiling) this.bringUp();
  }

  /** Called before a question about a text or the catalog. @param isRunning whether the running connection is busy */
  beforeQuestion(isRunning: boolean): void {
    this.#isAsked = true;
    if (!isRunning && !this.#isProfiling) this.bringUp();
  }

  /** Brings the checking connection up with the running one, which must be idle. */
  bringUp(): void {
    if (!this.#isDue) return;
    try {
      mirrorTemporaries(this.#context);
      this.#isDue = false;
    } catch {
      // The statement itself has succeeded. An aborted transaction cannot be looked at, nor can a session whose settings
      // refuse our queries, such as a small max_expression_depth; it is tried again before the next question.
    }
  }

  #readHome({ db, runs, paths }: EngineContext): void {
    const [row] = queryRows(db, runs, "select current_setting('home_directory') as home");
    paths.setHome(String(row?.home ?? ''));
  }

  /** The settings of the running connection; undefined where no statement has changed them. */
  settings(isRunning: boolean): readonly CatalogSetting[] | undefined {
    if (this.#settingsAreOld && !isRunning) {
      this.#settings = readSettings(this.#context, this.#context.runs);
      this.#settingsAreOld = false;
    }
    return this.#settings;
  }
}
