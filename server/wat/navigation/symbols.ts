import { type DocumentSymbol, SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { shownName, type WatDefinition, type WatNames } from '../names/names.ts';
import { stringText } from '../syntax/strings.ts';
import type { WatField, WatSpan } from '../syntax/tree.ts';
import { rangeOf } from './place.ts';

/** What a module defines, for the outline; in the module when it has a name. */
export function watSymbols(document: TextDocument, names: WatNames): DocumentSymbol[] {
  const symbols = moduleDefinitions(names).map((definition): DocumentSymbol => {
    const { field, span, place } = definition;
    const detail = detailOf(field, names.syntax.text);
    return {
      name: symbolName(definition),
      ...(detail !== '' && { detail }),
      kind: kindOf(field),
      range: rangeOf(document, span),
      selectionRange: rangeOf(document, place),
    };
  });
  const { module, moduleId } = names.syntax;
  if (module === undefined || moduleId === undefined) return symbols;
  return [
    {
      name: moduleId.text,
      kind: SymbolKind.Module,
      range: rangeOf(document, module),
      selectionRange: rangeOf(document, moduleId),
      children: symbols,
    },
  ];
}

/** Named or exported definitions of a module whose name fits what the user types. */
export function watWorkspaceSymbols(
  document: TextDocument,
  names: WatNames,
  fits: (name: string) => boolean,
): WorkspaceSymbol[] {
  return moduleDefinitions(names).flatMap((definition) => {
    const name = symbolName(definition);
    const isNamed = definition.id !== undefined || exportName(definition.field) !== undefined;
    if (!isNamed || !fits(name)) return [];
    const location = { uri: document.uri, range: rangeOf(document, definition.place) };
    return [{ name, kind: kindOf(definition.field), location }];
  });
}

/** Without what a table or memory defines within. */
function moduleDefinitions({ definitions }: WatNames): WatDefinition[] {
  return definitions.filter(({ space, field }) => space === field.kind);
}

function symbolName(definition: WatDefinition): string {
  return definition.id?.text ?? exportName(definition.field) ?? shownName(definition);
}

function exportName(field: WatField): string | undefined {
  const [first] = 'exports' in field ? field.exports : [];
  const name = first && stringText(first.text);
  // An editor shows no symbol without a name.
  return name?.trim() === '' ? undefined : name;
}

const LONGEST_DETAIL = 80;

function detailOf(field: WatField, text: string): string {
  const detail = (spanOf(field, text) ?? '').replace(/\s+/g, ' ').trim();
  return detail.length <= LONGEST_DETAIL ? detail : `${detail.slice(0, LONGEST_DETAIL - 1)}…`;
}

function spanOf(field: WatField, text: string): string | undefined {
  const written = ({ start, end }: WatSpan): string => text.slice(start, end);
  switch (field.kind) {
    case 'func':
    case 'tag': {
      const { type, parameters, results } = field.typeUse;
      const types = [...new Set(parameters.map(({ form }) => form))].map(written);
      const used = type === undefined ? [] : [`(type ${type.token.text})`];
      return [...used, ...types, ...results.map((result) => `(result ${written(result)})`)].join(' ');
    }
    case 'global':
    case 'table':
    case 'memory':
      return written(field.type);
    case 'type':
      return field.shape.kind === 'unknown' ? undefined : field.shape.kind;
    default:
      return undefined;
  }
}

function kindOf(field: WatField): SymbolKind {
  if (field.kind === 'type') return field.shape.kind === 'func' ? SymbolKind.Interface : SymbolKind.Struct;
  return KINDS[field.kind];
}

const KINDS: Readonly<Record<Exclude<WatField['kind'], 'type'>, SymbolKind>> = {
  func: SymbolKind.Function,
  table: SymbolKind.Array,
  memory: SymbolKind.Array,
  global: SymbolKind.Variable,
  tag: SymbolKind.Event,
  elem: SymbolKind.Object,
  data: SymbolKind.Object,
  export: SymbolKind.Key,
  start: SymbolKind.Key,
};
