import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { splitStatements } from '../../wasm-core/protocol/statements.ts';
import { tokenize } from './tokens.ts';

const LONGEST_NAME = 60;

/** The statements of a document, for the outline: each named by its first words. */
export function statementSymbols(document: TextDocument): DocumentSymbol[] {
  const text = document.getText();
  return splitStatements(text).map(({ start, end }) => {
    const range = { start: document.positionAt(start), end: document.positionAt(end) };
    const words = tokenize(text.slice(start, end)).map((token) => token.text);
    const first = tokenize(text, start, end)[0];
    const selectionEnd = document.positionAt(first?.end ?? end);
    return {
      name: shortened(joined(words)),
      kind: SymbolKind.Event,
      range,
      selectionRange: { start: range.start, end: selectionEnd },
    };
  });
}

/** The words on one line, without space where SQL is written without it. */
function joined(words: readonly string[]): string {
  return words
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.()])/g, '$1')
    .replace(/([.(]) /g, '$1');
}

function shortened(text: string): string {
  return text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME - 1)}…`;
}
