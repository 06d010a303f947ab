import type { LockedPlugin } from './lock-file.ts';
import type { Capability } from './plugins.ts';

/*
 * `lock/status` and `lock/update`; `methods.ts` has the other requests.
 */

/** `lock/status`: how the plugins of a folder compare to its `quern.lock.json`. */
export interface LockStatusParams {
  /** Absolute folder of the `quern.json`. */
  readonly folder: string;
  /** Whose modules are compared; absent: the folder's own. */
  readonly namespaces?: readonly string[];
}

/** A plugin that lies in the folder, as it is now and as the lock file has it. */
export interface LockedState {
  /** From the folder, with `/`. */
  readonly path: string;
  readonly module: string;
  readonly namespace: string;
  readonly digest: string;
  /** Without `log`. */
  readonly needs: readonly Capability[];
  /** By `quern.json`, without `log`. */
  readonly granted: readonly Capability[];
  /** What the file says of it; absent: nothing. */
  readonly locked?: LockedPlugin;
  /** Capabilities that it would use and that nobody has allowed to these bytes. */
  readonly asks: readonly Capability[];
  /** Whether the file says just this of it. */
  readonly isLocked: boolean;
}

export interface LockStatusResult {
  /** Absolute. */
  readonly file: string;
  /** Whether there is such a file. */
  readonly exists: boolean;
  readonly plugins: readonly LockedState[];
  /** Paths that the file has and that no module is from. */
  readonly gone: readonly string[];
}

/** `lock/update`: writes into the lock file what is now, which is consent to it. */
export interface LockUpdateParams extends LockStatusParams {
  /** These plugins alone, each with the digest that was looked at; absent: all, and what is gone is taken out. */
  readonly plugins?: readonly { readonly path: string; readonly digest: string }[];
}
