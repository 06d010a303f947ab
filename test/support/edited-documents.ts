import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { LSPErrorCodes, ResponseError, type SemanticTokens } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { LanguageServerFixture, PlainDiagnostic } from './language-server.ts';
import { boundary, type Dice, edited, isBoundary, randomEdit } from './random-edits.ts';

/** A document that is edited at random. */
export interface EditedFile {
  /** From the workspace folder. */
  readonly name: string;
  readonly languageId: string;
  /** What is inserted. */
  readonly pieces: readonly string[];
}

/** Makes one edit, and tells the server of it as an editor does. */
export function changeAtRandom(
  server: LanguageServerFixture,
  document: TextDocument,
  { file, dice }: { readonly file: EditedFile; readonly dice: Dice },
): TextDocument {
  const text = document.getText();
  const edit = randomEdit(text, dice, file.pieces);
  const range = { start: document.positionAt(edit.start), end: document.positionAt(edit.end) };
  const version = server.edit(file.name, [{ range, text: edit.text }]);
  return TextDocument.create(document.uri, file.languageId, version, edited(text, edit));
}

const OF_POSITIONS = [
  'completion',
  'hover',
  'signatureHelp',
  'definition',
  'references',
  'documentHighlight',
  'prepareRename',
];
const OF_DOCUMENTS = ['documentSymbol', 'foldingRange', 'codeLens', 'documentLink', 'semanticTokens/full'];

/** Asks one thing; every place of the answer must be one of the document. */
export async function askSomething(
  server: LanguageServerFixture,
  document: TextDocument,
  dice: Dice,
): Promise<void> {
  const method =
    [...OF_POSITIONS, ...OF_DOCUMENTS, 'selectionRange', 'codeAction', 'formatting'][dice(15)] ?? 'hover';
  const text = document.getText();
  const position = document.positionAt(boundary(text, dice(text.length + 1)));
  const asked = server.request(method, {
    textDocument: { uri: document.uri },
    position,
    positions: [position],
    range: { start: position, end: position },
    context: { diagnostics: [], includeDeclaration: true },
    options: { tabSize: 2, insertSpaces: true },
  });
  const answer = await asked.catch((error: unknown) => {
    // What cannot be renamed is told so; nothing else may fail.
    const isTold = error instanceof ResponseError && error.code === LSPErrorCodes.RequestFailed;
    if (!isTold || method !== 'prepareRename') throw error;
    return null;
  });
  if (method === 'semanticTokens/full') checkTokens(answer as SemanticTokens, document);
  else checkPlaces(answer, document, method);
}

/** Whether every position in an answer is one of the document; places in other files are left out. */
function checkPlaces(value: unknown, document: TextDocument, what: string): void {
  if (typeof value !== 'object' || value === null) return;
  if ('uri' in value && value.uri !== document.uri) return;
  if ('line' in value && 'character' in value) {
    const { line, character } = value as { line: number; character: number };
    const lines = document.lineCount;
    assert.ok(line >= 0 && line < lines, `${what}: line ${line} of ${lines}`);
    const at = document.offsetAt({ line, character });
    const isThere = document.positionAt(at).character === character && document.positionAt(at).line === line;
    assert.ok(isThere && isBoundary(document.getText(), at), `${what}: ${line}:${character}`);
    return;
  }
  for (const part of Object.values(value)) checkPlaces(part, document, what);
}

function checkTokens({ data }: SemanticTokens, document: TextDocument): void {
  let line = 0;
  let character = 0;
  for (let i = 0; i < data.length; i += 5) {
    line += data[i] ?? 0;
    character = data[i] === 0 ? character + (data[i + 1] ?? 0) : (data[i + 1] ?? 0);
    const end = { line, character: character + (data[i + 2] ?? 0) };
    checkPlaces({ start: { line, character }, end }, document, 'semanticTokens');
  }
}

/** A server that opens the text as it is now must say the same of it. */
export async function compareServers(at: {
  readonly server: LanguageServerFixture;
  readonly fresh: LanguageServerFixture;
  readonly document: TextDocument;
  readonly file: EditedFile;
}): Promise<void> {
  const { server, fresh, document, file } = at;
  const { name } = file;
  fresh.open(name, file.languageId, document.getText());
  for (const method of ['documentSymbol', 'foldingRange', 'semanticTokens/full']) {
    const [mine, other] = await Promise.all(
      [server, fresh].map(async (s) => {
        const answer = await s.request<object>(method, { textDocument: { uri: s.uri(name) } });
        // The name of an answer is each server's own.
        return 'data' in answer ? answer.data : answer;
      }),
    );
    assert.deepEqual(mine, other, method);
  }
  const texts = (found: readonly PlainDiagnostic[] | undefined) =>
    found?.map(({ range, code, message }) => JSON.stringify([range, code, message])).sort();
  const deadline = Date.now() + 45_000;
  // Both speak as they learn: they agree when neither has anything to add.
  for (let agreed = 0; agreed < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const [mine, other] = [texts(server.published(name)), texts(fresh.published(name))];
    agreed = mine !== undefined && isDeepStrictEqual(mine, other) ? agreed + 1 : 0;
    if (Date.now() > deadline) assert.deepEqual(mine, other, document.getText());
  }
  for (const { range } of server.published(name) ?? []) checkPlaces(range, document, 'diagnostics');
  fresh.close(name);
}
