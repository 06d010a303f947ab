import { CoreError, type ErrorKind } from '../../wasm-core/protocol/errors.ts';
import type { RunResult, SqlErrorDetails } from '../../wasm-core/protocol/methods.ts';
import type { ProfileResult } from '../../wasm-core/protocol/profile.ts';

/** What statements gave. */
export interface RunResults {
  readonly result: RunResult;
  /** The document's text when it ran, which the statements' positions refer to. */
  readonly sql: string;
  /** Under which ids `history/result` knows the statements, by their indexes; undefined where one is not recorded. */
  readonly history?: readonly (string | undefined)[];
}

/** How a run ended. */
export type RunOutcome =
  | ({
      readonly type: 'results';
      /** `plan`: there are no rows, but the statement's plan. */
      readonly look: 'rows' | 'plan';
    } & RunResults)
  | { readonly type: 'profile'; readonly result: ProfileResult }
  /** Positions in `details` are the document's, UTF-16 code units. */
  | {
      readonly type: 'failed';
      readonly kind: ErrorKind;
      readonly message: string;
      readonly details: SqlErrorDetails;
      /** Of REMOTE_DENIED: the origin, the one that it is redirected to, and the folder whose `quern.json` asks for it. */
      readonly refused?: {
        readonly origin?: string;
        readonly redirect?: string;
        readonly folder?: string;
      };
      /** What the statements before the one that failed gave. */
      readonly before: RunResults;
    }
  | { readonly type: 'cancelled' };

/** What a run is doing. */
export type RunState =
  | { readonly type: 'idle' }
  /** `percent` is -1 while the engine cannot tell. */
  | {
      readonly type: 'running';
      readonly title: string;
      readonly percent: number;
      /** What it waits for, such as `12 of 40 MB from data.example.org`. */
      readonly message?: string;
    };

/**
 * The outcome of a run that threw.
 *
 * @param options.place where a position of the text that was sent is in the document
 * @throws what is no `CoreError`: a bug
 */
export function failedOutcome(
  error: unknown,
  options: { readonly place: (offset: number) => number; readonly before: RunResults },
): RunOutcome {
  if (!(error instanceof CoreError)) throw error;
  if (error.kind === 'CANCELLED') return { type: 'cancelled' };
  const { message, kind } = error;
  const { before, place } = options;
  const details = documentDetails(error, { before, place });
  return { type: 'failed', kind, message, details, before, ...refusedPlace(error) };
}

function refusedPlace({ kind, details }: CoreError): Pick<RunOutcome & { type: 'failed' }, 'refused'> {
  if (kind !== 'REMOTE_DENIED') return {};
  const { origin, redirect, folder } = details;
  return {
    refused: {
      ...(typeof origin === 'string' && { origin }),
      ...(typeof redirect === 'string' && { redirect }),
      ...(typeof folder === 'string' && { folder }),
    },
  };
}

/** The details of a SQL error that came from the host, checked, with positions of the document. */
function documentDetails(
  error: CoreError,
  { place, before }: { readonly place: (offset: number) => number; readonly before: RunResults },
): SqlErrorDetails {
  const { start, end, statement, subtype, candidates } = error.details;
  return {
    ...(typeof start === 'number' ? { start: place(start) } : {}),
    ...(typeof end === 'number' ? { end: place(end) } : {}),
    ...(typeof statement === 'number' ? { statement: before.result.statements.length + statement } : {}),
    ...(typeof subtype === 'string' ? { subtype } : {}),
    ...(Array.isArray(candidates) ? { candidates: candidates.map(String) } : {}),
  };
}
