import type { Location } from 'vscode-languageserver';
import { nameAt, rangeOf, type WatPlace } from './place.ts';

/** Where the name or number at a position is defined: its name there, or the keyword of what has none. */
export function findWatDefinition(place: WatPlace): Location | null {
  const at = nameAt(place);
  if (at === undefined) return null;
  return { uri: place.document.uri, range: rangeOf(place.document, at.definition.place) };
}
