import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import { INSTRUCTION_DOCS, typeText } from '../instructions/instruction-docs.ts';
import { declaration } from '../names/declaration.ts';
import type { WatDefinition } from '../names/names.ts';
import { rangeOf, type WatPlace } from '../navigation/place.ts';
import type { IndexSpace, WatSpan } from '../syntax/tree.ts';
import { namesInScope } from './names-in-scope.ts';
import type { WatCursor } from './wat-cursor.ts';
import { WORD_DOCS } from './words.ts';

/** Something that may be typed. */
export interface Offer {
  readonly label: string;
  readonly kind: 'instruction' | 'word' | 'function' | 'variable' | 'type' | 'label' | 'snippet';
  readonly detail?: string;
  readonly documentation?: string;
  /** What is put in, if it is not the label. */
  readonly text?: string;
  /** Its place among the others, those without one last. */
  readonly rank?: number;
  /** The instruction whose documentation is added when somebody looks at it. */
  readonly instruction?: string;
}

const KINDS: Readonly<Record<Offer['kind'], CompletionItemKind>> = {
  instruction: CompletionItemKind.Operator,
  word: CompletionItemKind.Keyword,
  function: CompletionItemKind.Function,
  variable: CompletionItemKind.Variable,
  type: CompletionItemKind.Struct,
  label: CompletionItemKind.Reference,
  snippet: CompletionItemKind.Snippet,
};

/** Offers as the editor takes them. @param replaced what they take the place of */
export function offerItems(
  { document }: Pick<WatPlace, 'document'>,
  replaced: WatSpan,
  offers: readonly Offer[],
): CompletionItem[] {
  const range = rangeOf(document, replaced);
  const seen = new Set<string>();
  return offers.flatMap(({ label, kind, detail, documentation, text, rank, instruction }) => {
    if (seen.has(label)) return [];
    seen.add(label);
    const sortText = `${String(rank ?? LAST).padStart(5, '0')} ${label}`;
    return [
      {
        label,
        kind: KINDS[kind],
        sortText,
        textEdit: { range, newText: text ?? label },
        ...(detail !== undefined && { detail }),
        ...(documentation !== undefined && { documentation }),
        ...(instruction !== undefined && { data: { instruction } }),
      },
    ];
  });
}

const LAST = 90_000;

/** Adds to an item of an instruction what it does; undefined for an item of another language. */
export function resolveWatItem(item: CompletionItem): CompletionItem | undefined {
  const name = (item.data as { readonly instruction?: unknown } | undefined)?.instruction;
  if (typeof name !== 'string') return undefined;
  const doc = INSTRUCTION_DOCS.get(name);
  return doc === undefined ? item : { ...item, documentation: doc.text };
}

/** Words of the text format, with what they say. */
export function wordOffers(words: readonly string[]): Offer[] {
  return words.map((label, rank) => {
    const documentation = WORD_DOCS.get(label);
    return { label, kind: 'word', rank: 1_000 + rank, ...(documentation !== undefined && { documentation }) };
  });
}

/** Instructions whose names begin as the word that is typed does, up to its last point. */
export function instructionOffers({ word, offset, field }: WatCursor): Offer[] {
  const typed = word?.text.slice(0, offset - word.start) ?? '';
  if (typed.startsWith('$')) return [];
  // What a global or segment begins with is a constant.
  const isConstant = field !== undefined && field.kind !== 'func';
  const group = typed.slice(0, typed.lastIndexOf('.') + 1);
  return [...INSTRUCTION_DOCS.values()]
    .filter(({ name }) => name.startsWith(group) && (!isConstant || CONSTANT.test(name)))
    .map((doc) => ({
      label: doc.name,
      kind: 'instruction',
      detail: typeText(doc),
      instruction: doc.name,
      // Vectors and atomics are many, and seldom meant.
      rank: /v128|\dx\d|atomic/.test(doc.name) ? 3_000 : 2_000,
    }));
}

/** Instructions that constants may be made of. */
const CONSTANT =
  /^(?:(?:i32|i64|f32|f64|v128)\.const|i(?:32|64)\.(?:add|sub|mul)|global\.get|ref\.(?:null|func|i31)|struct\.new\w*|array\.new(?:_default|_fixed)?|any\.convert_extern|extern\.convert_any)$/;

/** What a space holds at a position: by name, else by number. */
export function nameOffers(cursor: WatCursor, space: Exclude<IndexSpace, 'field'>): Offer[] {
  const found = namesInScope(cursor, space);
  if (space !== 'label') return definitionOffers(cursor, found);
  const innermost = found[0]?.index ?? 0;
  return found.map((label, rank) => ({
    ...offerOf(cursor, label),
    ...(label.id === undefined && { label: String(innermost - label.index) }),
    rank,
  }));
}

/** Definitions as offers, in their order. */
export function definitionOffers(cursor: WatCursor, definitions: readonly WatDefinition[]): Offer[] {
  return definitions.map((definition, rank) => ({ ...offerOf(cursor, definition), rank }));
}

function offerOf({ names }: WatCursor, definition: WatDefinition): Offer {
  return {
    label: definition.id?.text ?? String(definition.index),
    kind: OFFER_KINDS[definition.space] ?? 'variable',
    detail: declaration(definition, names),
  };
}

const OFFER_KINDS: Partial<Readonly<Record<IndexSpace, Offer['kind']>>> = {
  func: 'function',
  type: 'type',
  label: 'label',
};
