import type * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { ParameterValue } from '../../wasm-core/protocol/parameters.ts';
import { isQuery } from '../../wasm-core/protocol/query.ts';
import type { Piece } from '../run/pieces.ts';

/** A statement of a document, to be run for its rows. */
export interface ExportedQuery {
  /** It need not be open, or there any longer. */
  readonly document: Pick<vscode.TextDocument, 'uri'>;
  /** The document's text when the statement was chosen, or what is known of it. */
  readonly text: string;
  readonly piece: Piece;
  readonly title: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/** Rows that a run gave, and the statement that gave them. */
export interface ExportedRun extends ExportedQuery {
  readonly statement: StatementResult;
}

/** How the rows of a run can be had: those that were kept, or all of them by running the statement again. */
export type Ways = 'kept' | 'again' | 'both';

/**
 * How the rows of a run can be had. A run that was cut at `quern.maxRows` has not kept all; and what changes something
 * must not happen twice.
 */
export function waysToExport({ statement, text, piece }: ExportedRun): Ways {
  if (!statement.truncated) return 'kept';
  return isQuery(text.slice(piece.start, piece.end)) ? 'both' : 'kept';
}

/** Whether an export failed since the host no longer has the rows of the run, so that it helps to run it again. */
export function areRowsGone(error: unknown, { text, piece }: ExportedQuery): boolean {
  const isGone =
    error instanceof CoreError &&
    ['SESSION_UNKNOWN', 'FILE_NOT_FOUND', 'PARAMS_INVALID', 'FORMAT_DATA'].includes(error.kind);
  return isGone && isQuery(text.slice(piece.start, piece.end));
}
