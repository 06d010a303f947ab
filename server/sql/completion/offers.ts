import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  InsertTextFormat,
  type Range,
} from 'vscode-languageserver';

/** What one wants most stands at the top; whatever has the same rank goes by `order`, then by label. */
export const RANK = {
  fitting: 0,
  column: 1,
  relation: 2,
  plugin: 3,
  commonFunction: 4,
  keyword: 5,
  outerColumn: 6,
  function: 7,
  rareFunction: 8,
  last: 9,
} as const;
export type Rank = (typeof RANK)[keyof typeof RANK];

/** Something that may stand at a position, whatever source it comes from. */
export interface Offer {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly rank: Rank;
  /** Place among those of its rank. */
  readonly order?: number;
  /** What is put in; absent: the label. */
  readonly insert?: string;
  /** The same with places to fill, for clients that have them. */
  readonly snippet?: string;
  /** By what it is found; absent: the label. */
  readonly filter?: string;
  readonly detail?: string;
  readonly doc?: string;
  /** The function whose documentation is there to be asked for. */
  readonly function?: string;
  /** Only offered once some of it has been typed. */
  readonly isRare?: boolean;
}

/** Where items are put, and for whom. */
export interface Target {
  readonly uri: string;
  /** What is replaced. */
  readonly range: Range;
  /** The part of it in front of the position. */
  readonly typed: string;
  /** Whether a quoted name is being typed. */
  readonly isQuoted: boolean;
  readonly supportsSnippets: boolean;
}

/** How many items are sent at a time. */
const MOST_ITEMS = 200;

/** The items of the offers that fit what is typed, the best of them when there are many. */
export function toCompletionList(offers: readonly Offer[], target: Target): CompletionList {
  const typed = target.typed.replace(/^"|"$/g, '').toLowerCase();
  const fitting = offers
    .filter((offer) => (target.isQuoted ? NAMES.has(offer.kind) : typed !== '' || offer.isRare !== true))
    .filter((offer) => hasLetters(filterOf(offer).toLowerCase(), typed));
  const sorted = distinct(fitting).sort((a, b) => compare(a, b, typed));
  const isIncomplete = sorted.length > MOST_ITEMS || (typed === '' && offers.some((o) => o.isRare));
  return {
    isIncomplete,
    items: sorted.slice(0, MOST_ITEMS).map((offer) => toItem(offer, target)),
  };
}

/** What may be written in double quotes. */
const NAMES: ReadonlySet<CompletionItemKind> = new Set([
  CompletionItemKind.Field,
  CompletionItemKind.Struct,
  CompletionItemKind.Interface,
  CompletionItemKind.Variable,
  CompletionItemKind.Module,
]);

function toItem(offer: Offer, target: Target): CompletionItem {
  const { label, kind, rank, order = 9999, detail, doc } = offer;
  const { range, uri, isQuoted: quoted } = target;
  const isSnippet = offer.snippet !== undefined && target.supportsSnippets && !quoted;
  const plain = offer.insert ?? label;
  const name = quoted && /^[\p{L}\p{N}_]+$/u.test(plain) ? `"${plain}"` : plain;
  return {
    label,
    kind,
    sortText: `${rank}${String(order).padStart(4, '0')}${label.toLowerCase()}`,
    filterText: quoted ? `"${filterOf(offer)}` : filterOf(offer),
    textEdit: { range, newText: isSnippet ? (offer.snippet ?? name) : name },
    ...(isSnippet && { insertTextFormat: InsertTextFormat.Snippet }),
    ...(detail !== undefined && { detail }),
    ...(doc !== undefined && doc !== '' && { documentation: doc }),
    ...(offer.function !== undefined && { data: { uri, function: offer.function } }),
  };
}

function filterOf({ filter, label }: Offer): string {
  return filter ?? label;
}

/** Whether the letters stand in the text in this order, as editors match them. */
function hasLetters(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    const found = text.indexOf(letter, at);
    if (found < 0) return false;
    at = found + 1;
  }
  return true;
}

/** Two sources may know the same thing; the better rank wins. */
function distinct(offers: readonly Offer[]): Offer[] {
  const known = new Map<string, Offer>();
  for (const offer of offers) {
    const key = `${offer.label.toLowerCase()}\0${offer.insert ?? offer.label}`;
    const other = known.get(key);
    if (other === undefined || other.rank > offer.rank) known.set(key, offer);
  }
  return [...known.values()];
}

/** What begins with the typed letters is not cut off for what merely has them. */
function compare(a: Offer, b: Offer, typed: string): number {
  const begins = (offer: Offer) => (filterOf(offer).toLowerCase().startsWith(typed) ? 0 : 1);
  return (
    begins(a) - begins(b) ||
    a.rank - b.rank ||
    (a.order ?? 9999) - (b.order ?? 9999) ||
    (a.label < b.label ? -1 : 1)
  );
}
