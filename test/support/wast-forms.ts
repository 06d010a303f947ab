/** A form of a script: its words, its strings with their quotes, and the forms within, with its place. */
export interface Form {
  readonly items: readonly (string | Form)[];
  readonly start: number;
  readonly end: number;
}

/** The forms of a script, comments left out. */
export function formsOf(script: string): Form[] {
  const token = /"(?:[^"\\]|\\.)*"|;;[^\n]*|\(;|;\)|[()]|[^\s()";]+|;/g;
  const top: Form[] = [];
  const open: { readonly items: (string | Form)[]; readonly start: number }[] = [];
  let commentDepth = 0;
  for (let match = token.exec(script); match !== null; match = token.exec(script)) {
    const [text] = match;
    if (text === '(;') commentDepth++;
    else if (text === ';)') commentDepth--;
    else if (commentDepth > 0 || text.startsWith(';')) continue;
    else if (text === '(') open.push({ items: [], start: match.index });
    else if (text !== ')') open.at(-1)?.items.push(text);
    else {
      const closed = open.pop();
      if (closed) (open.at(-1)?.items ?? top).push({ ...closed, end: token.lastIndex });
    }
  }
  return top;
}

/** A constant of a script as JavaScript passes it; undefined for what does not cross the border, such as v128. */
export function constantOf(form: Form): { readonly value: unknown } | undefined {
  const [kind, text = ''] = form.items;
  if (typeof kind !== 'string' || typeof text !== 'string') return undefined;
  const plain = text.replaceAll('_', '');
  switch (kind) {
    case 'i32.const':
      return { value: Number(BigInt.asIntN(32, integer(plain))) };
    case 'i64.const':
      return { value: BigInt.asIntN(64, integer(plain)) };
    case 'f32.const':
    case 'f64.const':
      return { value: float(plain) };
    case 'ref.null':
      return { value: null };
    case 'ref.extern':
    case 'ref.host':
      return { value: `extern ${text}` };
  }
  return undefined;
}

/** The text of a quoted string with its escapes decoded; empty for anything else. */
export function stringOf(item: string | Form | undefined): string {
  if (typeof item !== 'string') return '';
  const bytes: number[] = [];
  for (const [piece] of item.slice(1, -1).matchAll(/\\[0-9a-fA-F]{2}|\\u\{[0-9a-fA-F]+\}|\\.|[^\\]/gsu)) {
    if (/^\\[0-9a-fA-F]{2}$/.test(piece)) bytes.push(Number.parseInt(piece.slice(1), 16));
    else bytes.push(...Buffer.from(unescaped(piece)));
  }
  return Buffer.from(bytes).toString();
}

const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\t': '\t', '\\r': '\r' };

function unescaped(piece: string): string {
  if (piece.startsWith('\\u')) return String.fromCodePoint(Number.parseInt(piece.slice(3), 16));
  return ESCAPES[piece] ?? piece.replace(/^\\/, '');
}

function integer(text: string): bigint {
  const value = BigInt(text.replace(/^[+-]/, ''));
  return text.startsWith('-') ? -value : value;
}

function float(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const plain = text.replace(/^[+-]/, '');
  if (plain.startsWith('nan')) return Number.NaN;
  if (plain === 'inf') return sign * Number.POSITIVE_INFINITY;
  if (!plain.startsWith('0x')) return sign * Number(plain);
  const [mantissa = '', exponent = '0'] = plain.slice(2).split(/p/i);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = Number(BigInt(`0x${whole}${fraction}`));
  return sign * digits * 2 ** (Number(exponent) - 4 * fraction.length);
}
