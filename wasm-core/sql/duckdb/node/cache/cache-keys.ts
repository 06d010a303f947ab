import type { SessionPlugin } from '../../../engine.ts';
import type { EngineContext } from '../../context.ts';
import { firstWords } from '../../statement-kind.ts';
import { type CacheableQuery, cacheKey } from './cacheable.ts';
import { changedFacts, readSessionFacts, type SessionFacts } from './session-facts.ts';

/** The keys of a session's queries. */
export class CacheKeys {
  readonly #context: EngineContext;
  /** That the facts are about. */
  #plugins: readonly SessionPlugin[] = [];
  /** What is known and still so. */
  #facts: Partial<SessionFacts> = {};

  /** @param context of the session's own connection */
  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** A statement ran that may have changed the catalog, on whichever connection. */
  changed(sql: string): void {
    const { relations, settings, ...functions } = this.#facts;
    const changed = changedFacts(firstWords(sql, 5));
    this.#facts = {
      ...(!changed.functions && functions),
      ...(!changed.relations && relations && { relations }),
      ...(!changed.settings && settings !== undefined && { settings }),
    };
  }

  /** As `cacheKey`. The running connection is idle. */
  of(query: Omit<CacheableQuery, 'plugins' | 'facts'>): string | undefined {
    try {
      this.#takePlugins();
      const facts = readSessionFacts(this.#context, this.#context.runs, this.#facts);
      this.#facts = facts;
      return cacheKey(this.#context, { ...query, plugins: this.#plugins, facts });
    } catch {
      // A transaction that was aborted answers nothing; what is wrong with the statement, its run tells.
      return undefined;
    }
  }

  #takePlugins(): void {
    const plugins = this.#context.functions.pluginsOf(this.#context.runs);
    if (plugins === this.#plugins) return;
    this.#plugins = plugins;
    const { relations, settings } = this.#facts;
    this.#facts = { ...(relations && { relations }), ...(settings !== undefined && { settings }) };
  }
}
