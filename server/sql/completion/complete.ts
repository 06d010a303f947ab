import type { CompletionList } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';
import { completeDirective } from '../directives/complete-directive.ts';
import { directivePlaceAt } from '../directives/directive-place.ts';
import type { SqlKnowledge } from '../knowledge.ts';
import type { DocumentSyntaxes } from '../syntax/document-syntax.ts';
import { isInComment } from '../tokens.ts';
import { ColumnReader } from './column-reader.ts';
import type { CompletionScope } from './completion-scope.ts';
import { type Cursor, cursorAt } from './cursor.ts';
import { documentDefinitions } from './document-tables.ts';
import { placeAt } from './find-place.ts';
import { toCompletionList } from './offers.ts';
import { typedPart } from './paths.ts';
import { offersAt } from './sources.ts';

/** What a completion is asked for. */
export interface CompletionRequest {
  readonly document: TextDocument;
  /** UTF-16 code units in the document. */
  readonly offset: number;
  readonly syntaxes: DocumentSyntaxes;
  readonly knowledge: SqlKnowledge;
  readonly supportsSnippets: boolean;
  /** The columns that a check told of a statement with a chart above it, by its text. */
  readonly checkedColumns: (statement: string) => readonly ColumnInfo[] | undefined;
  /** Whether what was typed asks for completions in directives alone. */
  readonly isDirectiveAsked?: boolean;
}

const NOTHING: CompletionList = { isIncomplete: false, items: [] };

/**
 * What may stand at a position of a SQL document, half typed or not, the likeliest first. Of very many only the best are
 * given, and the list then says that it is incomplete.
 */
export async function completeSql(request: CompletionRequest): Promise<CompletionList> {
  const { document, offset, syntaxes, knowledge, supportsSnippets, checkedColumns } = request;
  const statements = syntaxes.of(document);
  const documentText = document.getText();
  const passed = statements.findLast(({ end }) => end < offset)?.end ?? 0;
  if (isInComment(documentText.slice(passed), offset - passed)) {
    const isInside = statements.some(({ start, end }) => start < offset && offset <= end);
    const directive = isInside ? undefined : directivePlaceAt(documentText, { from: passed, offset });
    return directive === undefined
      ? NOTHING
      : completeDirective(directive, { document, offset, statements, knowledge, checkedColumns });
  }
  if (request.isDirectiveAsked) return NOTHING;
  const placed = syntaxes.at(document, offset);
  const cursor = cursorAt(placed.text, offset - placed.start);
  const place = placeAt(cursor);
  if (place.kind === 'nothing') return NOTHING;
  const [catalog, plugins] = await Promise.all([knowledge.catalog(), knowledge.functions()]);
  const definitions = documentDefinitions(statements, placed.start);
  const scope: CompletionScope = {
    cursor,
    knowledge,
    catalog,
    reserved: new Set(catalog.reserved),
    plugins,
    definitions,
    reader: new ColumnReader(cursor.statement, knowledge, definitions),
    documentText,
  };
  const { start, end } = replaced(cursor);
  const typed = placed.text.slice(start, cursor.offset);
  const range = {
    start: document.positionAt(placed.start + start),
    end: document.positionAt(placed.start + end),
  };
  return toCompletionList(await offersAt(scope, place), {
    uri: document.uri,
    range,
    typed,
    isQuoted: cursor.typed?.kind === 'name',
    supportsSnippets,
  });
}

/** What an item replaces: the word in front of the position, and the rest of a quoted name. */
function replaced(cursor: Cursor): { readonly start: number; readonly end: number } {
  const { typed, offset, isInString, statement } = cursor;
  if (typed === undefined) return { start: offset, end: offset };
  if (isInString) return { start: offset - typedPart(cursor), end: offset };
  const whole = statement.tokens.find(({ start }) => start === typed.start);
  const isQuoted = typed.kind === 'name' && whole !== undefined && /^"[^"\n]*"$/.test(whole.text);
  return { start: typed.start, end: isQuoted ? Math.max(whole.end, offset) : offset };
}
