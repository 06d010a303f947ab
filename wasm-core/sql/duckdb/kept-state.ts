import { type Effect, LOOKUP_SETTINGS } from '../../protocol/statement-effect.ts';
import { quoteText } from './context.ts';
import { quoteName } from './logical-type.ts';

/** A connection, as far as its state is kept. */
export interface KeptConnection {
  /** @throws Error */
  rows(sql: string): Record<string, unknown>[];
  /** @throws Error */
  run(sql: string): void;
}

/** `schema` is the search path by another name. */
const SETTINGS = LOOKUP_SETTINGS.filter((name) => name !== 'schema');

/** The state of a connection that no transaction takes back: settings, variables, prepared statements. */
export class KeptState {
  readonly #connection: KeptConnection;
  #settings: readonly string[] = [];
  readonly #variables = new Map<string, readonly string[]>();
  #prepared: readonly Record<string, unknown>[] | undefined;

  constructor(connection: KeptConnection) {
    this.#connection = connection;
  }

  /** Keeps what a statement is about to change. @throws Error */
  keepBefore({ kind, targets }: Effect): void {
    if (kind === 'use' || kind === 'setting') this.#keepSettings();
    if (kind === 'variable' || kind === 'resetVariable') {
      for (const { name } of targets) this.#keepVariable(name);
    }
    if (kind === 'prepare' || kind === 'deallocate') this.#prepared ??= this.#connection.rows(PREPARED);
  }

  /** Puts the settings back that say how names are looked up. */
  restoreLookup(): void {
    for (const sql of this.#settings) this.#attempt(sql);
  }

  /** Puts everything back that was kept, outside of a transaction. */
  restore(): void {
    this.restoreLookup();
    for (const sql of [...this.#variables.values()].flat()) this.#attempt(sql);
    if (this.#prepared === undefined) return;
    for (const { name } of this.#connection.rows(PREPARED))
      this.#attempt(`deallocate ${quoteName(String(name))}`);
    for (const { name, statement } of this.#prepared) {
      this.#attempt(`prepare ${quoteName(String(name))} as ${String(statement)}`);
    }
  }

  #keepSettings(): void {
    if (this.#settings.length > 0) return;
    const list = SETTINGS.map((name) => `current_setting('${name}')::varchar as ${name}`).join(', ');
    const [values] = this.#connection.rows(`select ${list}`);
    this.#settings = SETTINGS.map((name) => `set ${name} = ${quoteText(String(values?.[name] ?? ''))}`);
  }

  #keepVariable(name: string): void {
    if (this.#variables.has(name)) return;
    const known = `select 1 from duckdb_variables() where lower(name) = ${quoteText(name)}`;
    if (this.#connection.rows(known).length === 0) {
      this.#variables.set(name, [`reset variable ${quoteName(name)}`]);
      return;
    }
    const kept = `__quern_kept_${name}`;
    this.#connection.run(`set variable ${quoteName(kept)} = getvariable(${quoteText(name)})`);
    this.#variables.set(name, [
      `set variable ${quoteName(name)} = getvariable(${quoteText(kept)})`,
      `reset variable ${quoteName(kept)}`,
    ]);
  }

  #attempt(sql: string): void {
    try {
      this.#connection.run(sql);
    } catch {
      // What cannot be put back was not changed.
    }
  }
}

const PREPARED = 'select name, statement from duckdb_prepared_statements()';
