import * as l10n from '@vscode/l10n';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { EmbeddedStatement, EmbeddedText } from '../../wasm-core/protocol/lsp.ts';
import type { Piece } from './pieces.ts';

/** One statement, or it and those above it that it may depend on. */
export type Reach = 'one' | 'above';

/** Whether a position is in the SQL of a document of another language. */
export function isInSql(texts: readonly EmbeddedText[], offset: number): boolean {
  return partAt(texts, offset) !== undefined;
}

/**
 * What a cursor or a selection chooses of the SQL inside a document of another language: the statement that the cursor is
 * in or behind, or every statement that the selection touches.
 *
 * @param at UTF-16 code units; equal for a cursor
 * @throws CoreError REQUEST_INVALID where there is no SQL, or where a program puts something in
 */
export function embeddedChoice(
  texts: readonly EmbeddedText[],
  at: { readonly from: number; readonly to: number },
  reach: Reach,
): readonly Piece[] {
  const found = partAt(texts, at.to) ?? partAt(texts, at.from);
  if (found === undefined) {
    throw new CoreError(
      'REQUEST_INVALID',
      l10n.t('Here is no SQL. Put the cursor into a statement to run it.'),
    );
  }
  const { text, part } = found;
  const inPart = text.statements.filter(({ start, end }) => start < part.end && part.start < end);
  if (reach === 'one' && at.from < at.to) {
    return runnable(inPart.filter(({ start, end }) => start < at.to && at.from < end));
  }
  const statement = inPart.findLast(({ start }) => start <= at.to) ?? inPart[0];
  return statement === undefined ? [] : reached(text, statement, reach);
}

/**
 * The statement that begins at a position, and those above it when they are asked for.
 *
 * @returns undefined when none begins there
 * @throws CoreError REQUEST_INVALID where a program puts something in
 */
export function embeddedStatementAt(
  texts: readonly EmbeddedText[],
  start: number,
  reach: Reach,
): readonly Piece[] | undefined {
  for (const text of texts) {
    const statement = text.statements.find((other) => other.start === start);
    if (statement !== undefined) return reached(text, statement, reach);
  }
  return undefined;
}

function partAt(texts: readonly EmbeddedText[], offset: number) {
  for (const text of texts) {
    const part = text.parts.find(({ start, end }) => start <= offset && offset <= end);
    if (part !== undefined) return { text, part };
  }
  return undefined;
}

function reached(text: EmbeddedText, last: EmbeddedStatement, reach: Reach): readonly Piece[] {
  return runnable(reach === 'one' ? [last] : text.statements.filter(({ start }) => start <= last.start));
}

function runnable(statements: readonly EmbeddedStatement[]): readonly Piece[] {
  if (statements.some(({ isRunnable }) => !isRunnable)) {
    const message = l10n.t(
      'This statement cannot run from here: the program puts something into it, or writes it in another way than SQL does.',
    );
    throw new CoreError('REQUEST_INVALID', message);
  }
  return statements.map(({ from, start, end }) => ({ from, start, end }));
}
