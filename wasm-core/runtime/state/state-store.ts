import { CoalescedWriter } from './coalesced-writer.ts';
import { StateJournal } from './state-journal.ts';
import { StateOverlay } from './state-overlay.ts';
import type { CommittedState, ScopeChange, StateBase, StateFiles, StateScope } from './state-scope.ts';

/** The committed state of all modules, in memory and in files. */
export class StateStore implements StateBase {
  readonly #files: StateFiles;
  readonly #scopes = new Map<string, Scope>();

  private constructor(files: StateFiles) {
    this.#files = files;
  }

  /** @throws CoreError FILE_IO when the files cannot be used at all */
  static async open(files: StateFiles): Promise<StateStore> {
    const store = new StateStore(files);
    for (const { entries, ...scope } of await files.open()) {
      store.#scope(scope).committed = { entries: new Map(entries), epoch: 0 };
    }
    return store;
  }

  /** A journal for one run, or for one chain. */
  journal(): StateJournal {
    return new StateJournal(this);
  }

  /** The state of a scope as it is now; later commits do not change it. */
  committed(scope: StateScope): CommittedState {
    return this.#scopes.get(keyOf(scope))?.committed ?? NOTHING;
  }

  /**
   * Commits changes of several scopes: in memory all of them or none and before it returns, then in files, each scope's
   * by itself. Of two commits that set one key the later wins. Changes of a scope that was dropped since are left out.
   *
   * @returns resolves when the changes are durable; undefined when there was nothing to commit. When it rejects with
   *   FILE_IO they hold in memory still, and are written with the scope's next commit
   * @throws CoreError STATE_LIMIT, at once, when a state would outgrow its cap; nothing is committed then
   */
  commit(changes: readonly ScopeChange[]): Promise<void> | undefined {
    const ready = changes
      .filter(({ scope, seen, writes }) => writes.length > 0 && seen.epoch === this.committed(scope).epoch)
      .map(({ scope, writes }) => {
        const overlay = new StateOverlay(this.committed(scope).entries);
        overlay.apply(writes);
        return { scope, entries: overlay.merged() };
      });
    if (ready.length === 0) return undefined;
    const scopes = ready.map(({ scope, entries }) => {
      const kept = this.#scope(scope);
      kept.committed = { entries, epoch: kept.committed.epoch };
      return kept;
    });
    return allWritten(scopes);
  }

  /**
   * Forgets the state of a scope, for a label that was taken away. Runs under way keep what they see of it, and what
   * they set is not kept.
   *
   * @returns resolves when it is durable
   * @throws CoreError FILE_IO
   */
  async drop(scope: StateScope): Promise<void> {
    const kept = this.#scope(scope);
    const hadEntries = kept.committed.entries.size > 0;
    kept.committed = { entries: new Map(), epoch: kept.committed.epoch + 1 };
    if (hadEntries) await kept.writer.request();
  }

  /** Resolves when no write is under way. */
  async settled(): Promise<void> {
    for (const { writer } of this.#scopes.values()) await writer.settled();
  }

  #scope(scope: StateScope): Scope {
    const key = keyOf(scope);
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    const { namespace, name } = scope;
    const writer = new CoalescedWriter(() => this.#write({ namespace, name }));
    const added: Scope = { committed: NOTHING, writer };
    this.#scopes.set(key, added);
    return added;
  }

  #write(scope: StateScope): Promise<void> {
    const { entries } = this.committed(scope);
    return entries.size > 0 ? this.#files.put({ ...scope, entries: [...entries] }) : this.#files.drop(scope);
  }
}

/** Kept for good once it is there: it counts epochs, and its writer must not write beside another one's. */
interface Scope {
  committed: CommittedState;
  readonly writer: CoalescedWriter;
}

const NOTHING: CommittedState = { entries: new Map(), epoch: 0 };

/** Waits for all writes, also when one fails: nothing of a request goes on behind its answer. */
async function allWritten(scopes: readonly Scope[]): Promise<void> {
  const results = await Promise.allSettled(scopes.map(({ writer }) => writer.request()));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

function keyOf({ namespace, name }: StateScope): string {
  return `${namespace}\0${name}`;
}
