import type { DocumentLink } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { SlicedWork } from '../../turns.ts';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { type Token, tokenize } from '../tokens.ts';
import type { SqlWorkspace } from './sql-workspace.ts';

/** How many paths are looked for on disk. */
const MOST_PATHS = 1_000;

/** Links to the files whose paths stand in the strings of a document. Others have their turn in between. */
export async function documentLinks(
  document: TextDocument,
  statements: readonly PlacedStatement[],
  options: SlicedWork & { readonly workspace: Pick<SqlWorkspace, 'fileOf'> },
): Promise<DocumentLink[]> {
  const { workspace, turns, isCancelled } = options;
  const known = new Map<string, string | undefined>();
  const linkOf = ({ kind, text, start, end }: Token): DocumentLink[] => {
    if (kind !== 'string' || !/^'[^\n]{3,400}'$/.test(text) || !/[./]/.test(text)) return [];
    const file = text.slice(1, -1).replaceAll("''", "'");
    if (!known.has(file) && known.size < MOST_PATHS) known.set(file, workspace.fileOf(document.uri, file));
    const target = known.get(file);
    if (target === undefined) return [];
    return [{ range: { start: document.positionAt(start + 1), end: document.positionAt(end - 1) }, target }];
  };
  const whole = document.getText();
  return await turns.flatMap(
    statements,
    ({ start, end }) => tokenize(whole, start, end).flatMap(linkOf),
    isCancelled,
  );
}
