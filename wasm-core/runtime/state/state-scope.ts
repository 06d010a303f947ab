import type { StateEntries, StateWrites } from './state-overlay.ts';

/** Whose state it is: a module's under its label. */
export interface StateScope {
  readonly namespace: string;
  readonly name: string;
}

/** The state of one scope, as it is kept. */
export interface StoredState extends StateScope {
  readonly entries: StateEntries;
}

/** Where states are kept beyond the process. When a method that writes resolves, it survives a power cut. */
export interface StateFiles {
  /** Everything that is whole; what is not is set aside with a warning. @throws CoreError FILE_IO */
  open(): Promise<readonly StoredState[]>;
  /** Replaces the state of a scope. @throws CoreError FILE_IO */
  put(state: StoredState): Promise<void>;
  /** @throws CoreError FILE_IO */
  drop(scope: StateScope): Promise<void>;
}

/** What one journal changes in one scope. */
export interface ScopeChange {
  readonly scope: StateScope;
  /** What the journal saw of the scope. */
  readonly seen: CommittedState;
  readonly writes: StateWrites;
}

/** The committed state of a scope at one time. */
export interface CommittedState {
  readonly entries: ReadonlyMap<string, Uint8Array>;
  /** Grows by one each time that the scope is dropped. */
  readonly epoch: number;
}

/** What a journal reads from and commits to. */
export interface StateBase {
  committed(scope: StateScope): CommittedState;
  commit(changes: readonly ScopeChange[]): Promise<void> | undefined;
}
