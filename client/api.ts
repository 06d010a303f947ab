import type { HostState } from './host/host-link.ts';
import type { RunOutcome } from './run/run-outcome.ts';

/** What `activate` returns: what a test, or another extension, may know of Quern in this window. It cannot act. */
export interface QuernApi {
  /** How the window's last run ended; undefined before the first. Results files belong to the host. */
  lastOutcome(): RunOutcome | undefined;
  hostState(): HostState;
  /** Resolves when the language server runs. */
  readonly ready: Promise<void>;
}
