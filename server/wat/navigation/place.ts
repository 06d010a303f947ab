import type { Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { WatDefinition, WatNames, WatUse } from '../names/names.ts';
import type { WatSpan } from '../syntax/tree.ts';

/** A position in a document of WebAssembly text. */
export interface WatPlace {
  readonly document: TextDocument;
  readonly names: WatNames;
  /** UTF-16 code units. */
  readonly offset: number;
}

/** The name or number at a position, and what it means. */
export interface WatNameAt {
  readonly span: WatSpan;
  readonly definition: WatDefinition;
  /** Absent where it is defined. */
  readonly use?: WatUse;
}

/** What is named at a position, or directly before it; nothing for what is not there. */
export function nameAt({ names, offset }: Pick<WatPlace, 'names' | 'offset'>): WatNameAt | undefined {
  const touches = ({ start, end }: WatSpan): boolean => start <= offset && offset <= end;
  const use = names.uses.find(({ token }) => touches(token));
  if (use?.definition) return { span: use.token, definition: use.definition, use };
  const definition = names.definitions.find(({ id }) => id !== undefined && touches(id));
  return definition?.id && { span: definition.id, definition };
}

/** A span as the editor counts. */
export function rangeOf(document: TextDocument, { start, end }: WatSpan): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}
