import * as vscode from 'vscode';
import { EMBEDDING_LANGUAGES } from '../../wasm-core/protocol/embedded-sql.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { RunTarget, StatementsResult } from '../../wasm-core/protocol/lsp.ts';
import { splitStatements, statementAt } from '../../wasm-core/protocol/statements.ts';
import type { EditHistory } from './edit-history.ts';
import { embeddedChoice, embeddedStatementAt, type Reach } from './embedded-choice.ts';
import { type Piece, piecesBetween, piecesUpTo } from './pieces.ts';
import { titleOf } from './statement-title.ts';

/** Statements that the user chose to run. */
export interface Chosen {
  readonly document: vscode.TextDocument;
  readonly pieces: readonly Piece[];
  readonly title: string;
}

/** Gives the SQL inside a document of another language. */
export type StatementSource = (uri: string) => Promise<StatementsResult>;

/**
 * The selection of the active editor, or the statement that its cursor is in.
 *
 * @throws CoreError REQUEST_INVALID without an editor of SQL, or where the cursor is in none
 */
export async function cursorChoice(reach: Reach, statements: StatementSource): Promise<Chosen> {
  const { document, selection } = activeEditor();
  const text = document.getText();
  if (document.languageId !== 'sql') {
    const at = { from: document.offsetAt(selection.start), to: document.offsetAt(selection.end) };
    return chosen(document, embeddedChoice(await textsOf(document, statements), at, reach));
  }
  if (reach === 'one' && !selection.isEmpty) {
    const [from, to] = [document.offsetAt(selection.start), document.offsetAt(selection.end)];
    return chosen(document, piecesBetween(text, from, to));
  }
  const ranges = splitStatements(text);
  const range = ranges[statementAt(ranges, document.offsetAt(selection.active))];
  return chosen(document, range === undefined ? [] : reached(text, range.start, reach));
}

/**
 * The statement that a lens stands above, wherever edits have moved it since the lens was drawn.
 *
 * @throws CoreError REQUEST_INVALID when it cannot be told where it is
 */
export async function targetChoice(
  target: RunTarget,
  options: {
    readonly edits: EditHistory;
    readonly reach: Reach;
    readonly statements: StatementSource;
  },
): Promise<Chosen> {
  const { edits, reach, statements } = options;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(target.uri));
  const { version } = document;
  const uri = document.uri.toString();
  const start = edits.map(uri, target.start, target.version, version);
  if (start === undefined) throw textChanged();
  const text = document.getText();
  if (document.languageId === 'sql') {
    const ranges = splitStatements(text);
    const range = ranges[statementAt(ranges, start)];
    return chosen(document, range === undefined ? [] : reached(text, range.start, reach));
  }
  const pieces = embeddedStatementAt(await textsOf(document, statements), start, reach);
  if (pieces === undefined) throw textChanged();
  return chosen(document, pieces);
}

function textChanged(): CoreError {
  return new CoreError(
    'REQUEST_INVALID',
    vscode.l10n.t('The text has changed since this Run was drawn. Press it again.'),
  );
}

/** The SQL inside a document as it is now. */
async function textsOf(document: vscode.TextDocument, statements: StatementSource) {
  const { version, texts } = await statements(document.uri.toString());
  if (version !== undefined && version !== document.version) throw textChanged();
  return texts;
}

/**
 * Every statement of a document.
 *
 * @param argument a menu's address of it; absent: the active editor's
 * @throws CoreError REQUEST_INVALID
 */
export async function fileChoice(argument: unknown): Promise<Chosen> {
  const document =
    argument instanceof vscode.Uri
      ? await vscode.workspace.openTextDocument(argument)
      : activeEditor(['sql']).document;
  const title = vscode.workspace.asRelativePath(document.uri, false);
  return { document, pieces: piecesUpTo(document.getText()), title };
}

function reached(text: string, start: number, reach: Reach): Piece[] {
  const pieces = piecesUpTo(text, start);
  return reach === 'above' ? pieces : pieces.slice(-1);
}

function chosen(document: vscode.TextDocument, pieces: readonly Piece[]): Chosen {
  const last = pieces.at(-1);
  return { document, pieces, title: last === undefined ? '' : titleOf(document.getText(), last) };
}

function activeEditor(languages: readonly string[] = ['sql', ...EMBEDDING_LANGUAGES]): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined && languages.includes(editor.document.languageId)) return editor;
  throw new CoreError(
    'REQUEST_INVALID',
    vscode.l10n.t('Open a SQL document first, and put the cursor into the statement to run.'),
  );
}
