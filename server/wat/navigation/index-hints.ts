import type { InlayHint } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { declaration } from '../names/declaration.ts';
import type { WatNames } from '../names/names.ts';
import type { WatSpan } from '../syntax/tree.ts';

/** The names of what numbers stand for, behind them: `call 3` is that of `$f`. */
export function indexNameHints(document: TextDocument, names: WatNames, part: WatSpan): InlayHint[] {
  return names.uses.flatMap(({ token, definition }) => {
    if (token.kind !== 'number' || token.end < part.start || token.start > part.end) return [];
    if (definition?.id === undefined) return [];
    return [
      {
        position: document.positionAt(token.end),
        label: definition.id.text,
        paddingLeft: true,
        tooltip: declaration(definition, names),
      },
    ];
  });
}
