import { type SemanticTokens, SemanticTokensBuilder } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { WatDefinition, WatNames } from '../names/names.ts';
import type { IndexSpace, WatSpan } from '../syntax/tree.ts';

/** Names of the types that tokens have, all of the protocol's own. */
export const WAT_TOKEN_TYPES = [
  'type',
  'function',
  'variable',
  'parameter',
  'property',
  'event',
  'label',
] as const;

/**
 * The colours of names and numbers, which a grammar cannot tell from one another.
 *
 * @param options.part what of the document is wanted
 * @param options.typeNumber the number of a type in the server's legend; modifiers are `declaration`, the first
 */
export function watSemanticTokens(
  document: TextDocument,
  { definitions, uses }: WatNames,
  options: { readonly part?: WatSpan; readonly typeNumber: (type: string) => number },
): SemanticTokens {
  const named = [
    ...definitions.flatMap((d) =>
      d.id === undefined ? [] : [{ token: d.id, type: typeOf(d.space, d), isOwn: true }],
    ),
    ...uses.map(({ space, token, definition }) => ({ token, type: typeOf(space, definition), isOwn: false })),
  ];
  const { part, typeNumber } = options;
  const wanted =
    part === undefined
      ? named
      : named.filter(({ token }) => token.end >= part.start && token.start <= part.end);
  const builder = new SemanticTokensBuilder();
  for (const { token, type, isOwn } of wanted.sort((a, b) => a.token.start - b.token.start)) {
    const { line, character } = document.positionAt(token.start);
    builder.push(line, character, token.end - token.start, typeNumber(type), isOwn ? 1 : 0);
  }
  return builder.build();
}

function typeOf(space: IndexSpace, definition: WatDefinition | undefined): (typeof WAT_TOKEN_TYPES)[number] {
  return space === 'local' && definition?.variable?.form.head === 'param' ? 'parameter' : TYPES[space];
}

const TYPES: Readonly<Record<IndexSpace, (typeof WAT_TOKEN_TYPES)[number]>> = {
  type: 'type',
  func: 'function',
  table: 'variable',
  memory: 'variable',
  global: 'variable',
  tag: 'event',
  elem: 'variable',
  data: 'variable',
  local: 'variable',
  label: 'label',
  field: 'property',
};
