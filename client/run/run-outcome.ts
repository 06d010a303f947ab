import { CoreError, type ErrorKind } from '../../wasm-core/protocol/errors.ts';
import type { RunResult, SqlErrorDetails } from '../../wasm-core/protocol/methods.ts';

/** How a run ended. */
export type RunOutcome =
  /** `sql` is the text that ran, which the statements' positions refer to. */
  | { readonly type: 'results'; readonly result: RunResult; readonly sql: string }
  /** Positions in `details` are the document's, UTF-16 code units. */
  | {
      readonly type: 'failed';
      readonly kind: ErrorKind;
      readonly message: string;
      readonly details: SqlErrorDetails;
    }
  | { readonly type: 'cancelled' };

/** What a run is doing. */
export type RunState =
  | { readonly type: 'idle' }
  /** `percent` is -1 while the engine cannot tell. */
  | { readonly type: 'running'; readonly title: string; readonly percent: number };

/**
 * The outcome of a run that threw.
 *
 * @param base where the text that ran begins in its document
 * @throws what is no `CoreError`: a bug
 */
export function failedOutcome(error: unknown, base: number): RunOutcome {
  if (!(error instanceof CoreError)) throw error;
  if (error.kind === 'CANCELLED') return { type: 'cancelled' };
  return { type: 'failed', kind: error.kind, message: error.message, details: documentDetails(error, base) };
}

/** The details of a SQL error that came from the host, checked, with positions of the document. */
function documentDetails(error: CoreError, base: number): SqlErrorDetails {
  const { start, end, statement, subtype, candidates } = error.details;
  return {
    ...(typeof start === 'number' ? { start: base + start } : {}),
    ...(typeof end === 'number' ? { end: base + end } : {}),
    ...(typeof statement === 'number' ? { statement } : {}),
    ...(typeof subtype === 'string' ? { subtype } : {}),
    ...(Array.isArray(candidates) ? { candidates: candidates.map(String) } : {}),
  };
}
