import type { Name } from '../../syntax/tree.ts';
import { bindChain, bindStar } from './bind-chain.ts';
import { bindComprehension, bindLambda } from './bind-variables.ts';
import type { Around, Binder } from './binder.ts';
import { READS_FILES, RESERVED } from './words.ts';

/** From a token to before another, by their indexes. */
export interface TokenRange {
  readonly first: number;
  readonly last: number;
}

/** Where tokens of an expression stand. */
export interface Context extends Around {
  readonly bracket?: '(' | '[' | '{';
  /** The function whose arguments they are, or the word before the parenthesis. */
  readonly call?: string;
}

/** Binds the names of expressions and of what else stands in a clause; those that are bound already stay as they are. */
export function bindTokens(binder: Binder, { first, last }: TokenRange, context: Context): void {
  if (context.bracket === '[' && bindComprehension(binder, { first, last }, context, bindTokens)) return;
  for (let at = first; at < last; ) at = Math.max(at + 1, bindAt(binder, { first: at, last }, context));
}

/** Binds what begins at a token; gives the index behind it. */
function bindAt(binder: Binder, { first: at, last }: TokenRange, context: Context): number {
  const { list } = binder;
  const token = list.at(at);
  if (token === undefined) return last;
  const lambda = bindLambda(binder, { first: at, last }, context, bindTokens);
  if (lambda !== undefined) return lambda;
  if (token.kind === 'mark') return bindMark(binder, { first: at, last }, context);
  if (token.kind === 'string') bindString(binder, at, context);
  const name = list.name(at);
  if (name === undefined || binder.at(name.start) !== undefined) return at + 1;
  if (token.kind === 'word' && name.text.startsWith('$')) {
    binder.name(name, { kind: 'parameter', name: name.text });
    return at + 1;
  }
  return bindWord(binder, { first: at, last }, { context, name });
}

function bindMark(binder: Binder, { first: at, last }: TokenRange, context: Context): number {
  const { list } = binder;
  const bracket = list.at(at)?.text;
  if (bracket === ':' && list.isMark(at + 1, ':')) return bindType(binder, at + 2, last);
  if (bracket !== '(' && bracket !== '[' && bracket !== '{') return at + 1;
  const close = list.close(at, last);
  const query = bracket === '(' ? binder.queries.get(list.at(at)?.end ?? -1) : undefined;
  if (query === undefined) {
    const call = bracket === '(' ? list.name(at - 1)?.text : context.call;
    const { scope, tables } = context;
    const inside: Context = { scope, tables, bracket, ...(call !== undefined && { call }) };
    binder.nested(() => bindTokens(binder, { first: at + 1, last: close }, inside));
  } else if (!binder.done.has(query)) binder.bind(query, context);
  return Math.min(close + 1, last);
}

function bindWord(
  binder: Binder,
  { first: at, last }: TokenRange,
  { context, name }: { readonly context: Context; readonly name: Name },
): number {
  const { list } = binder;
  const argument = argumentEnd(binder, at, context);
  if (argument !== undefined) {
    binder.name(name, { kind: argument.kind, name: name.text });
    return argument.next;
  }
  const word = list.at(at)?.kind === 'word' && !list.isMark(at - 1, '.') ? name.text.toUpperCase() : '';
  // The type in a cast, and the word between a value and its type: `cast(x as T)`.
  if (word === 'AS' && /^(try_)?cast$/i.test(context.call ?? '')) return bindType(binder, at + 1, last);
  if (word === 'COLLATE') return at + 2;
  if (word === 'OVER' && !list.isOpen(at + 1)) return bindWindow(binder, at + 1, context);
  if (word === 'NULLS' && list.isWord(at + 1, 'FIRST', 'LAST')) return at + 2;
  if (word === 'EXTRACT' && list.isOpen(at + 1) && list.isWord(at + 3, 'FROM')) return at + 1;
  if (isPartOfDate(binder, at, context)) return at + 1;
  if (isWindowName(binder, at, context)) return bindWindow(binder, at, context);
  if (RESERVED.has(word) && !binder.calls.has(name.start)) return at + 1;
  // A type's name before a literal: `date '2020-01-01'`.
  if (word !== '' && list.at(at + 1)?.kind === 'string') {
    if (!/^(I?LIKE|GLOB|TO|ESCAPE|IS|INTERVAL|AT|ZONE)$/.test(word) && !isBehindOperand(binder, at))
      binder.name(name, { kind: 'type', name: name.text });
    return at + 1;
  }
  if (isBehindOperand(binder, at)) return at + 1;
  return bindNames(binder, { first: at, last }, context);
}

/** `a.b.c`, `a.b.*`, `f(…)`, `a.f(…)`. */
function bindNames(binder: Binder, { first, last }: TokenRange, context: Context): number {
  const { list } = binder;
  const names: Name[] = [];
  let at = first;
  for (let name = list.name(at); name !== undefined && at < last; name = list.name(at)) {
    names.push(name);
    at++;
    if (!list.isMark(at, '.') || list.name(at + 1) === undefined) break;
    at++;
  }
  if (list.isMark(at, '.') && list.isMark(at + 1, '*')) {
    bindStar(binder, names, context.scope);
    return at + 2;
  }
  const isCall = list.isOpen(at) && binder.calls.has(names.at(-1)?.start ?? -1);
  const called = isCall ? names.pop() : undefined;
  if (called !== undefined) binder.name(called, { kind: 'function', name: called.text });
  if (list.isMark(first - 1, '.')) {
    for (const name of names) binder.name(name, { kind: 'field', name: name.text });
  } else {
    const scope = isPartOfOrder(binder, { first, last: at }, context)
      ? { ...context.scope, clause: 'ORDER EXPRESSION' }
      : context.scope;
    bindChain(binder, names, { scope, isQualifier: isCall });
  }
  return at;
}

/** Whether a name in ORDER BY is only part of what it orders by: there a column goes before an alias. */
function isPartOfOrder({ list }: Binder, { first, last }: TokenRange, { scope, bracket }: Context): boolean {
  if (scope.clause !== 'ORDER') return false;
  const begins = list.isWord(first - 1, 'BY') || list.isMark(first - 1, ',');
  const ends = list.at(last)?.kind !== 'mark' || list.isMark(last, ',') || list.isMark(last, ')');
  const isOperator = list.isWord(last, 'AND', 'OR', 'IS', 'IN', 'LIKE', 'ILIKE', 'BETWEEN', 'NOT', 'GLOB');
  return bracket !== undefined || !begins || !ends || isOperator;
}

/** `name := …`, `name => …`, `{name: …}` and, where a file is read, `name = …`. */
function argumentEnd(
  { list }: Binder,
  at: number,
  { bracket, call = '' }: Context,
): { readonly kind: 'argument' | 'field'; readonly next: number } | undefined {
  const isColon = list.isMark(at + 1, ':');
  const isStart = list.isMark(at - 1, ',') || list.isOpen(at - 1) || list.isMark(at - 1, '{');
  if (bracket === '{' && isStart && isColon) return { kind: 'field', next: at + 2 };
  if (bracket !== '(' || !isStart) return undefined;
  if (isColon && list.isMark(at + 2, '=')) return { kind: 'argument', next: at + 3 };
  const isEqual = list.isMark(at + 1, '=');
  if (isEqual && list.isMark(at + 2, '>')) return { kind: 'argument', next: at + 3 };
  return isEqual && READS_FILES.test(call) ? { kind: 'argument', next: at + 2 } : undefined;
}

/** Binds a type: `decimal(10, 2)[]`, `struct(a int)`, `timestamp with time zone`. Gives the index behind its name. */
function bindType(binder: Binder, at: number, last: number): number {
  const { list } = binder;
  const name = at < last ? list.name(at) : undefined;
  if (name === undefined) return at;
  binder.name(name, { kind: 'type', name: name.text });
  if (list.isWord(at + 1, 'WITH', 'WITHOUT') && list.isWord(at + 2, 'TIME')) return at + 4;
  if (list.isWord(at + 1, 'PRECISION', 'VARYING')) return at + 2;
  // Fields and their types in parentheses name nothing outside of them.
  return list.isOpen(at + 1) ? list.next(at + 1, last) : at + 1;
}

function bindString(binder: Binder, at: number, { call, bracket }: Context): void {
  const token = binder.list.at(at);
  const isFile = bracket !== undefined && READS_FILES.test(call ?? '') && token?.text.startsWith("'");
  if (token === undefined || !isFile || binder.at(token.start) !== undefined) return;
  const file = token.text.replace(/^'|'$/g, '').replaceAll("''", "'");
  binder.name({ text: file, start: token.start, end: token.end }, { kind: 'file', name: file, file });
}

const DATE_PART =
  /^(YEAR|MONTH|DAY|HOUR|MINUTE|SECOND|WEEK|QUARTER|DECADE|CENTURY|MILLENNIUM|MILLISECOND|MICROSECOND|DOW|DOY|EPOCH|ISODOW|ISOYEAR|ERA|TIMEZONE)S?$/i;

/** `extract(year from x)`. Behind a value, as in `interval 1 day`, a word is no name anyway. */
function isPartOfDate({ list }: Binder, at: number, { call = '' }: Context): boolean {
  return /^extract$/i.test(call) && list.isWord(at + 1, 'FROM') && DATE_PART.test(list.word(at));
}

/** The name of another window at the beginning of one: `over (w order by x)`. */
function isWindowName({ list }: Binder, at: number, { call = '' }: Context): boolean {
  return /^over$/i.test(call) && list.isOpen(at - 1) && !list.isWord(at, ...FRAME_WORDS);
}

const FRAME_WORDS = ['PARTITION', 'ORDER', 'ROWS', 'RANGE', 'GROUPS'];

function bindWindow(binder: Binder, at: number, context: Context): number {
  const name = binder.list.name(at);
  if (name === undefined) return at;
  const declared = binder.windows.findLast((window) => window.name.toLowerCase() === name.text.toLowerCase());
  if (declared !== undefined) binder.refer(name, { meanings: [declared], isCertain: true });
  else if (!/^over$/i.test(context.call ?? '')) return at;
  return at + 1;
}

/** Whether a value ends right before a token, so that a word there is an operator, an alias, or part of the grammar. */
function isBehindOperand(binder: Binder, at: number): boolean {
  const { list } = binder;
  const before = list.at(at - 1);
  if (before === undefined) return false;
  if (before.kind === 'string' || before.kind === 'number' || before.kind === 'name') return true;
  if (before.kind === 'mark') return /[)\]}]/.test(before.text);
  return binder.at(before.start) !== undefined || list.isWord(at - 1, 'END', 'NULL', 'TRUE', 'FALSE');
}
