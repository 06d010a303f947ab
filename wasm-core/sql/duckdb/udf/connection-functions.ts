import type { SessionPlugin } from '../../engine.ts';
import type { Connection, DuckDb } from '../boot.ts';
import { isInTransaction } from '../context.ts';
import { movePublicNames, type PublicName } from './public-names.ts';

/** Plugins, and the names that their functions have in SQL. */
export interface NamedFunctions {
  readonly plugins: readonly SessionPlugin[];
  /** By name, lower-case. */
  readonly names: ReadonlyMap<string, PublicName>;
  /** Internal names of the aggregates among them, by name. */
  readonly aggregates: ReadonlyMap<string, string>;
}

/** No functions. */
export const NO_FUNCTIONS: NamedFunctions = { plugins: [], names: new Map(), aggregates: new Map() };

/**
 * The plugin functions that one connection knows. A connection that runs statements takes up others only between two of
 * them, since any query ends the one under way, and not within a transaction that its user began: what was registered
 * since is not there for that, and the names would go with a rollback.
 */
export class ConnectionFunctions {
  readonly connection: Connection;
  readonly #db: DuckDb;
  #known = NO_FUNCTIONS;

  /** @param connection has no public names yet */
  constructor(db: DuckDb, connection: Connection) {
    this.#db = db;
    this.connection = connection;
  }

  /** What it knows now. */
  get known(): NamedFunctions {
    return this.#known;
  }

  /** Takes up other functions, where no transaction of its user is open. @returns whether it took up any */
  settle(latest: NamedFunctions): boolean {
    if (this.#known === latest || isInTransaction(this.#db, this.connection)) return false;
    this.move(latest);
    return true;
  }

  /** Takes up other functions at once. */
  move(latest: NamedFunctions): void {
    movePublicNames(this.#db, this.connection, { before: this.#known.names, after: latest.names });
    this.#known = latest;
  }
}
