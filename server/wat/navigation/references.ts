import { type DocumentHighlight, DocumentHighlightKind, type Location } from 'vscode-languageserver';
import type { WatSpan } from '../syntax/tree.ts';
import { nameAt, rangeOf, type WatPlace } from './place.ts';

/** Every place that names what is named at a position. */
export function findWatReferences(
  place: WatPlace,
  { includeDeclaration }: { readonly includeDeclaration: boolean },
): Location[] {
  const { document } = place;
  const definition = nameAt(place)?.definition;
  if (definition === undefined) return [];
  const spans: WatSpan[] = definition.uses.map(({ token }) => token);
  if (includeDeclaration) spans.unshift(definition.place);
  return spans.map((span) => ({ uri: document.uri, range: rangeOf(document, span) }));
}

/** The same places, for the editor to mark while the cursor is in a name. */
export function findWatHighlights(place: WatPlace): DocumentHighlight[] {
  const { document } = place;
  const definition = nameAt(place)?.definition;
  if (definition === undefined) return [];
  const uses = definition.uses.map(({ token, isWrite }) => ({
    range: rangeOf(document, token),
    kind: isWrite ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
  return [{ range: rangeOf(document, definition.place), kind: DocumentHighlightKind.Write }, ...uses];
}
