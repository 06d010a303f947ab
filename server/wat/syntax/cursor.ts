import { SPACE_WORDS } from './space-words.ts';
import type { WatToken } from './tokens.ts';
import type { IndexSpace, SyntaxFault, WatForm, WatItem, WatReference, WatSpan } from './tree.ts';

/** Reads the items of a form one after the other. */
export class Cursor {
  private at = 0;

  /**
   * @param items read instead of the form's
   * @param form undefined for what stands outside of all forms
   * @param faults where faults are put
   * @param references where is put what is named by index or name
   */
  constructor(
    readonly items: readonly WatItem[],
    readonly form: WatForm | undefined,
    readonly faults: SyntaxFault[],
    public references: WatReference[],
  ) {}

  get isAtEnd(): boolean {
    return this.at >= this.items.length;
  }

  /** The next item, or one further on. */
  peek(ahead = 0): WatItem | undefined {
    return this.items[this.at + ahead];
  }

  next(): WatItem | undefined {
    return this.items[this.at++];
  }

  /** A cursor behind the keyword of a form. */
  into(form: WatForm): Cursor {
    const inside = new Cursor(form.items, form, this.faults, this.references);
    if (form.head !== '') inside.at = 1;
    return inside;
  }

  /** A cursor over one item alone. */
  only(item: WatItem): Cursor {
    return new Cursor([item], this.form, this.faults, this.references);
  }

  /** The same cursor, from here on with what is named noted elsewhere. */
  noting(references: WatReference[]): this {
    this.references = references;
    return this;
  }

  /** Reads the next item if it is a form with one of the heads. */
  formOf(...heads: readonly string[]): Cursor | undefined {
    const item = this.peek();
    if (item?.kind !== 'form' || !heads.includes(item.head)) return undefined;
    this.at++;
    return this.into(item);
  }

  /** Reads the next item if it is the keyword. */
  keyword(word: string): WatToken | undefined {
    const item = this.peek();
    return item?.kind === 'keyword' && item.text === word ? this.token() : undefined;
  }

  id(): WatToken | undefined {
    return this.peek()?.kind === 'id' ? this.token() : undefined;
  }

  string(): WatToken | undefined {
    return this.peek()?.kind === 'string' ? this.token() : undefined;
  }

  number(): WatToken | undefined {
    return this.peek()?.kind === 'number' ? this.token() : undefined;
  }

  /** Whether an index stands at a place: a name or a number without a sign. */
  isIndex(ahead = 0): boolean {
    const item = this.peek(ahead);
    return item?.kind === 'id' || (item?.kind === 'number' && /^(?:0x[0-9a-f_]+|[0-9_]+)$/i.test(item.text));
  }

  /** Reads an index if one stands here, and notes what it names. */
  index(space: IndexSpace, owner?: WatToken): WatReference | undefined {
    if (!this.isIndex()) return undefined;
    const token = this.token();
    if (token === undefined) return undefined;
    const reference: WatReference = owner === undefined ? { space, token } : { space, token, owner };
    this.references.push(reference);
    return reference;
  }

  /** As `index`; tells where there is none. */
  needIndex(space: IndexSpace, owner?: WatToken): WatReference | undefined {
    const found = this.index(space, owner);
    if (found === undefined) this.expected(`the name or number of a ${SPACE_WORDS[space]}`);
    return found;
  }

  needString(what: string): WatToken | undefined {
    const found = this.string();
    if (found === undefined) this.expected(what);
    return found;
  }

  /** Notes that something is missing here, before what stands here. */
  expected(what: string): void {
    const item = this.peek();
    if (item !== undefined) {
      this.fault(placeOf(item), `Expected ${what} before ${written(item)}.`);
      return;
    }
    this.fault(this.endPlace(), `Expected ${what} here.`);
  }

  /** Notes everything that is left as one fault. @param what may stand here; a whole part of a sentence */
  end(what: string): void {
    const item = this.peek();
    if (item === undefined) return;
    this.fault(placeOf(item), `${capital(written(item))} does not belong here: expected ${what}.`);
    this.at = this.items.length;
  }

  fault(place: WatSpan, message: string): void {
    this.faults.push({ start: place.start, end: place.end, message });
  }

  /** From the start of the next item to the end of the last, so far as they are there. */
  restSpan(): WatSpan {
    const last = this.items.at(-1);
    const start = this.peek()?.start ?? this.endPlace().start;
    return { start, end: Math.max(start, last?.end ?? start) };
  }

  /** The span from a place to the end of what was read last. */
  spanFrom(start: number): WatSpan {
    return { start, end: Math.max(start, this.lastEnd) };
  }

  /** The end of what was read last. */
  get lastEnd(): number {
    return this.items[this.at - 1]?.end ?? 0;
  }

  /** Where the form ends: its parenthesis, else its last token. */
  private endPlace(): WatSpan {
    const place = this.form?.close ?? this.items.at(-1) ?? this.form?.open;
    return place === undefined ? { start: 0, end: 0 } : placeOf(place);
  }

  private token(): WatToken | undefined {
    const item = this.items[this.at++];
    return item === undefined || item.kind === 'form' ? undefined : item;
  }
}

/** What is shown as faulty: a token, or the beginning of a form. */
export function placeOf(item: WatItem): WatSpan {
  if (item.kind !== 'form') return item;
  const [first] = item.items;
  return { start: item.start, end: first !== undefined && first.kind !== 'form' ? first.end : item.open.end };
}

/** How a message names an item. */
export function written(item: WatItem): string {
  if (item.kind === 'form') return item.head === '' ? 'this (' : `(${item.head}`;
  return item.text.length <= 40 ? item.text : `${item.text.slice(0, 39)}…`;
}

function capital(text: string): string {
  return text.slice(0, 1) === 't' && text.startsWith('this ') ? `T${text.slice(1)}` : text;
}
