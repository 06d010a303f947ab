import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { splitStatements } from '../../wasm-core/protocol/statements.ts';
import { type Token, tokenize } from './tokens.ts';

const LONGEST_NAME = 60;

/** The statements of a document, for the outline: each named by its first words. */
export function statementSymbols(document: TextDocument): DocumentSymbol[] {
  const text = document.getText();
  return splitStatements(text).map(({ start, end }) => {
    const range = { start: document.positionAt(start), end: document.positionAt(end) };
    const tokens = tokenize(text, start, end);
    const selectionEnd = document.positionAt(tokens[0]?.end ?? end);
    return {
      name: shortened(joined(tokens)),
      kind: SymbolKind.Event,
      range,
      selectionRange: { start: range.start, end: selectionEnd },
    };
  });
}

/** The tokens on one line, apart where the text has anything between them. */
function joined(tokens: readonly Token[]): string {
  return tokens
    .map(({ text, start }, i) => (i > 0 && tokens[i - 1]?.end !== start ? ` ${text}` : text))
    .join('')
    .replace(/\s+/g, ' ');
}

function shortened(text: string): string {
  return text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME - 1)}…`;
}
