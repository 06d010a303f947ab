import type { TextDocument } from 'vscode-languageserver-textdocument';
import { bindWat } from './names/bind-wat.ts';
import type { WatNames } from './names/names.ts';
import { parseWat } from './syntax/parse-wat.ts';
import { rereadWat } from './syntax/reread.ts';

/**
 * What is read of open documents of WebAssembly text, each version once. Nobody may keep it beyond an edit: what the edit
 * leaves alone is moved, and is part of the next version.
 */
export class WatDocuments {
  private readonly known = new WeakMap<
    TextDocument,
    { readonly version: number; readonly names: WatNames }
  >();

  /** What the names of a document mean as it is now; its syntax is `names.syntax`. */
  of(document: TextDocument): WatNames {
    const known = this.known.get(document);
    if (known?.version === document.version) return known.names;
    const text = document.getText();
    const names = bindWat((known && rereadWat(known.names.syntax, text)) ?? parseWat(text));
    this.known.set(document, { version: document.version, names });
    return names;
  }
}
