import { type StateEntries, StateOverlay, type StateWrites } from './state-overlay.ts';
import type { CommittedState, ScopeChange, StateBase, StateScope } from './state-scope.ts';

/**
 * What one run, or one chain, sets: kept apart until it has succeeded, then committed as a whole. A run that failed
 * leaves nothing behind: its journal is let go of. A scope is seen as it was when the journal first looked at it.
 *
 * A run in another thread takes `snapshot(scope)` along, uses `StateOverlay.over(snapshot)`, and gives back its
 * `writes()` for `apply`.
 */
export class StateJournal {
  readonly #base: StateBase;
  readonly #scopes = new Map<string, Journaled>();

  /** @param base where it reads and commits; `StateStore.journal` makes journals */
  constructor(base: StateBase) {
    this.#base = base;
  }

  /** What a step of the run sees and sets, steps before it included. */
  view(scope: StateScope): StateOverlay {
    return this.#journaled(scope).overlay;
  }

  /** What the next step of a scope would see, to be sent to another thread. */
  snapshot(scope: StateScope): StateEntries {
    return this.view(scope).entries();
  }

  /** Takes over what a run in another thread wrote. @throws CoreError STATE_LIMIT */
  apply(scope: StateScope, writes: StateWrites): void {
    if (writes.length > 0) this.view(scope).apply(writes);
  }

  /**
   * Commits everything that was set; to be called once. The answer to a request must wait for the result.
   *
   * @returns as `StateStore.commit`: undefined when nothing was set
   * @throws CoreError STATE_LIMIT, at once
   */
  commit(): Promise<void> | undefined {
    const changes: ScopeChange[] = [];
    for (const { scope, seen, overlay } of this.#scopes.values()) {
      if (overlay.isChanged) changes.push({ scope, seen, writes: overlay.writes() });
    }
    return changes.length === 0 ? undefined : this.#base.commit(changes);
  }

  #journaled(scope: StateScope): Journaled {
    const key = `${scope.namespace}\0${scope.name}`;
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    const seen = this.#base.committed(scope);
    const added = { scope, seen, overlay: new StateOverlay(seen.entries) };
    this.#scopes.set(key, added);
    return added;
  }
}

interface Journaled {
  readonly scope: StateScope;
  readonly seen: CommittedState;
  readonly overlay: StateOverlay;
}
