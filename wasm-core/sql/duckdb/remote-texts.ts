import { CoreError } from '../../protocol/errors.ts';
import { type StatementWord, statementWords } from '../../protocol/statement-words.ts';
import { isRemoteAddress } from '../remote/remote-address.ts';
import type { EngineContext } from './context.ts';

/**
 * Has the files on a network that a statement reads asked for before it begins, so that the worker answers others
 * meanwhile. The engine asks for those that its text does not tell.
 *
 * @throws CoreError REMOTE_* with the address's place in the statement
 */
export async function prepareRemoteFiles(
  { remote }: Pick<EngineContext, 'remote'>,
  sql: string,
): Promise<void> {
  const texts = remoteTexts(sql);
  try {
    if (texts.length > 0) await remote.prepare(texts.map(({ text }) => text));
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    const { written, ...details } = error.details as { readonly written?: string };
    const at = texts.find(({ text }) => text === written);
    throw new CoreError(error.kind, error.message, {
      ...details,
      ...(at && { start: at.start, end: at.end }),
    });
  }
}

/** Addresses that stand where a statement names what it reads; others are values. */
function remoteTexts(sql: string): StatementWord[] {
  // Most statements have none, and are not worth being taken apart.
  if (!/(?:https?|s3):\/\//i.test(sql)) return [];
  const words = statementWords(sql);
  return words.filter(
    ({ kind, text }, index) =>
      (kind === 'text' || kind === 'name') &&
      isRemoteAddress(text) &&
      !text.includes('*') &&
      isRead(words, index),
  );
}

/** Behind FROM or JOIN, or an argument of a function such as `read_csv`, alone or in a list. */
function isRead(words: readonly StatementWord[], index: number): boolean {
  let at = index - 1;
  if (/^(?:FROM|JOIN)$/.test(words[at]?.text ?? '')) return true;
  while (at >= 0 && (words[at]?.text === ',' || words[at]?.text === '[' || words[at]?.kind === 'text')) at--;
  return (
    words[at]?.text === '(' &&
    /^(?:(?:read_|parquet_|sniff_)\w+|sqlite_scan)$/i.test(words[at - 1]?.text ?? '')
  );
}
