import { MarkupKind, type Range } from 'vscode-languageserver';
import type { MarkdownHover } from '../../join-hovers.ts';
import { WORD_DOCS } from '../completion/words.ts';
import { INSTRUCTION_DOCS, typeText } from '../instructions/instruction-docs.ts';
import { declaration } from '../names/declaration.ts';
import type { WatDefinition, WatNames } from '../names/names.ts';
import { SPACE_WORDS } from '../syntax/space-words.ts';
import type { WatToken } from '../syntax/tokens.ts';
import { nameAt, rangeOf, type WatPlace } from './place.ts';

/** What is known of the name, number, instruction or word at a position. */
export function hoverWat(place: WatPlace): MarkdownHover | null {
  const { document, names, offset } = place;
  const named = nameAt(place);
  if (named !== undefined) return shown(nameText(named.definition, names), rangeOf(document, named.span));
  const { tokens } = names.syntax;
  const token = tokens.find(({ start, end, kind }) => kind === 'keyword' && start <= offset && offset <= end);
  const text = token && wordText(token.text);
  return token === undefined || text === undefined ? null : shown(text, rangeOf(document, token));
}

/** The name in quotes that the function defined at a position is exported by. */
export function exportOf(place: WatPlace): WatToken | undefined {
  const named = nameAt(place);
  const field = named?.use === undefined ? named?.definition.field : undefined;
  return named?.definition.space === 'func' && field?.kind === 'func' ? field.exports[0] : undefined;
}

function shown(value: string, range: Range): MarkdownHover {
  return { contents: { kind: MarkupKind.Markdown, value }, range };
}

function nameText(definition: WatDefinition, names: WatNames): string {
  const { space, index, block } = definition;
  const where =
    block === undefined
      ? `${capital(SPACE_WORDS[space])} ${index}.`
      : `A branch to it goes to the ${block.name === 'loop' ? 'beginning' : 'end'} of this ${block.name}.`;
  return `${watCode(declaration(definition, names))}\n\n${where}`;
}

function wordText(word: string): string | undefined {
  const doc = INSTRUCTION_DOCS.get(word);
  if (doc !== undefined) {
    const type = typeText(doc);
    return `${watCode(type === '' ? word : `${word} : ${type}`)}\n\n${doc.text}`;
  }
  const text = WORD_DOCS.get(/^(?:offset|align)=/.exec(word)?.[0] ?? word);
  return text === undefined ? undefined : `${watCode(word)}\n\n${text}`;
}

/** WebAssembly text as a block of code. */
function watCode(text: string): string {
  const fence = text.includes('```') ? '````' : '```';
  return `${fence}wat\n${text}\n${fence}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
