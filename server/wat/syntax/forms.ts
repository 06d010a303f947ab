import type { LexedWat, WatToken } from './tokens.ts';
import type { SyntaxFault, WatForm, WatItem } from './tree.ts';

/** The forms of a text, one after the other, and what is wrong with its parentheses. */
export interface ReadForms {
  readonly items: readonly WatItem[];
  readonly faults: readonly SyntaxFault[];
}

/**
 * Reads the forms that tokens make. Where a parenthesis is missing, a field that cannot stand where it does ends those
 * before it, so that the rest of a half-typed module is read as what it is. Takes linear time, whatever the depth.
 */
export function readForms({ tokens, hidesText }: LexedWat): ReadForms {
  const reader = new FormReader(tokens);
  reader.read();
  // Parentheses that a comment or string hides are missing until that is closed.
  return hidesText ? { items: reader.items, faults: [] } : reader;
}

/** A form that is being read. */
interface OpenForm extends WatForm {
  readonly items: WatItem[];
  annotations: WatForm[];
  close: WatToken | undefined;
  end: number;
}

class FormReader implements ReadForms {
  readonly items: WatItem[] = [];
  readonly faults: SyntaxFault[] = [];
  private readonly stack: OpenForm[] = [];
  /** How many of the open forms are annotations, in which nothing is looked at. */
  private annotationDepth = 0;

  constructor(private readonly tokens: readonly WatToken[]) {}

  read(): void {
    for (const [index, token] of this.tokens.entries()) this.token(token, index);
    this.endUnclosed(0, 'at the end of the file');
  }

  private token(token: WatToken, index: number): void {
    switch (token.kind) {
      case 'open':
        if (this.annotationDepth === 0) this.endBefore(index);
        this.open(token, this.tokens[index + 1]);
        break;
      case 'annotation':
        if (this.annotationDepth === 0 && /^\(@(?:"")?$/.test(token.text)) {
          this.faults.push({ ...spanOf(token), message: UNNAMED });
        }
        this.open(token, undefined);
        this.annotationDepth++;
        break;
      case 'close':
        this.close(token);
        break;
      default:
        this.word(token);
    }
  }

  private word(token: WatToken): void {
    if (token.isGlued && this.annotationDepth === 0) {
      this.faults.push({ ...spanOf(token), message: `A space is missing before ${shortened(token.text)}.` });
    }
    (this.stack.at(-1)?.items ?? this.items).push(token);
  }

  private open(token: WatToken, next: WatToken | undefined): void {
    const parent = this.stack.at(-1);
    const form: OpenForm = {
      kind: 'form',
      open: token,
      head: next?.kind === 'keyword' ? next.text : '',
      parent,
      close: undefined,
      items: [],
      annotations: NONE,
      start: token.start,
      end: token.end,
    };
    if (token.kind !== 'annotation') (parent?.items ?? this.items).push(form);
    else if (parent !== undefined) annotate(parent, form);
    this.stack.push(form);
  }

  private close(token: WatToken): void {
    const form = this.stack.pop();
    if (form === undefined) {
      // What stands behind the end of a module is told there.
      if (!this.isBehindModule()) this.faults.push({ ...spanOf(token), message: 'This ) closes nothing.' });
      return;
    }
    form.close = token;
    form.end = token.end;
    if (form.open.kind === 'annotation') this.annotationDepth--;
  }

  private isBehindModule(): boolean {
    const [first] = this.items;
    return first?.kind === 'form' && first.head === 'module' && this.items.length > 1;
  }

  /** Ends the forms that the form beginning at a token cannot stand in. */
  private endBefore(index: number): void {
    const [outermost] = this.stack;
    const depth = outermost?.head === 'module' ? 1 : 0;
    const parent = this.stack.at(-1);
    if (parent === undefined || this.stack.length <= depth || outermost?.head === 'component') return;
    const head = this.tokens[index + 1];
    if (head?.kind !== 'keyword' || !FIELDS.has(head.text)) return;
    if (isPart(parent, head.text) && !this.isField(index)) return;
    if (head.text === 'type' && !this.isField(index)) return;
    if (parent.head === 'rec' && head.text === 'type') return;
    this.endUnclosed(depth, `before this ${head.text}`);
  }

  /** Whether what begins at a token is written as a field alone is: not as `(export "a")` or `(type $t)`. */
  private isField(index: number): boolean {
    const kinds = this.tokens.slice(index + 2, index + 5).map(({ kind }) => kind);
    switch (this.tokens[index + 1]?.text) {
      case 'export':
        return kinds[0] === 'string' && kinds[1] === 'open';
      case 'import':
        return kinds[0] === 'string' && kinds[1] === 'string' && kinds[2] === 'open';
      case 'type':
        return kinds[0] === 'open' || (kinds[0] === 'id' && kinds[1] === 'open');
      default:
        return false;
    }
  }

  /** Ends open forms down to a depth where their parentheses are missing. */
  private endUnclosed(depth: number, where: string): void {
    const unclosed = this.stack.splice(depth).reverse();
    const [inner] = unclosed;
    if (inner === undefined) return;
    this.annotationDepth = 0;
    for (const form of unclosed) {
      form.end = Math.max(form.open.end, form.items.at(-1)?.end ?? 0, form.annotations.at(-1)?.end ?? 0);
    }
    // The innermost is where one types, or forgot to close first.
    const [first] = inner.items;
    const end = first !== undefined && first.kind !== 'form' ? first.end : inner.open.end;
    const count = unclosed.length === 1 ? 'A ) is' : `${unclosed.length} ) are`;
    const message = `${count} missing ${where}: this ${inner.head || '('} is not closed.`;
    this.faults.push({ start: inner.start, end, message });
  }
}

/** Whether a form may be a part of another; a function, say, is in a type or an import once. */
function isPart(parent: WatForm, head: string): boolean {
  if (!CHILDREN.get(parent.head)?.includes(head)) return false;
  return head === 'export' || !parent.items.some((item) => item.kind === 'form' && item.head === head);
}

/** Shared until there is one, since few forms have an annotation; never added to. */
const NONE: WatForm[] = [];

function annotate(form: OpenForm, annotation: WatForm): void {
  if (form.annotations === NONE) form.annotations = [annotation];
  else form.annotations.push(annotation);
}

const UNNAMED = 'An annotation has its name directly behind (@, as in (@custom "name" "bytes").';

function spanOf({ start, end }: WatToken): { readonly start: number; readonly end: number } {
  return { start, end };
}

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

/** What begins the fields of a module. */
const FIELDS = new Set([
  ...['type', 'rec', 'import', 'func', 'table', 'memory', 'global'],
  ...['tag', 'export', 'start', 'elem', 'data'],
]);

const ENTITIES = ['func', 'table', 'memory', 'global', 'tag'];

/** Words of `FIELDS` that also begin a part of such a form. */
const CHILDREN: ReadonlyMap<string, readonly string[]> = new Map([
  ['import', ENTITIES],
  ['export', ENTITIES],
  ['func', ['export', 'import']],
  ['table', ['export', 'import', 'elem']],
  ['memory', ['export', 'import', 'data']],
  ['global', ['export', 'import']],
  ['tag', ['export', 'import']],
  ['elem', ['table']],
  ['data', ['memory']],
  ['type', ['func']],
  ['sub', ['func']],
]);
