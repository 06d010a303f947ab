import { TextDocument } from 'vscode-languageserver-textdocument';
import { bindWat } from '../../server/wat/names/bind-wat.ts';
import type { WatPlace } from '../../server/wat/navigation/place.ts';
import { parseWat } from '../../server/wat/syntax/parse-wat.ts';
import { withoutMark } from './marked-text.ts';

/** The place that `|` marks in WebAssembly text. */
export function watPlaceIn(marked: string): WatPlace {
  return watPlaceAt(withoutMark(marked), marked.indexOf('|'));
}

/** A place in WebAssembly text. */
export function watPlaceAt(text: string, offset: number): WatPlace {
  const document = TextDocument.create('file:///a.wat', 'wat', 1, text);
  return { document, names: bindWat(parseWat(text)), offset };
}
