import type { Name } from '../../syntax/tree.ts';
import type { Context, TokenRange } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { EMPTY_SCOPE, type Scope } from './scope.ts';
import { TAKES_LAMBDA } from './words.ts';

/** Binds tokens; given to what follows, so that it need not know who binds the rest of an expression. */
type BindTokens = (binder: Binder, range: TokenRange, context: Context) => void;

/**
 * Binds a lambda that begins at a token: `x -> …`, `(x, y) -> …`, `lambda x, y: …`.
 *
 * @returns the index behind it; undefined when there is none
 */
export function bindLambda(
  binder: Binder,
  { first, last }: TokenRange,
  context: Context,
  bindTokens: BindTokens,
): number | undefined {
  const head = lambdaHead(binder, { first, last }, context);
  if (head === undefined) return undefined;
  const end = argumentEnd(binder, head.body, last);
  const scope = withVariables(binder, head.names, context.scope);
  bindTokens(binder, { first: head.body, last: end }, { ...context, scope });
  return end;
}

/**
 * Binds a list comprehension, when the brackets hold one: `[x + 1 for x in xs if x > 1]`.
 *
 * @returns whether they do
 */
export function bindComprehension(
  binder: Binder,
  { first, last }: TokenRange,
  context: Context,
  bindTokens: BindTokens,
): boolean {
  const { list } = binder;
  const find = (word: string, from: number) => {
    for (let at = from; at < last; at = list.next(at, last)) if (list.isWord(at, word)) return at;
    return last;
  };
  const start = find('FOR', first);
  const source = find('IN', start);
  if (source >= last) return false;
  const condition = find('IF', source);
  const names = between(binder, start + 1, source);
  const scope = withVariables(binder, names, context.scope);
  const inside = { scope, tables: context.tables };
  bindTokens(
    binder,
    { first: source + 1, last: condition },
    { scope: context.scope, tables: context.tables },
  );
  bindTokens(binder, { first, last: start }, inside);
  bindTokens(binder, { first: condition, last }, inside);
  return true;
}

function lambdaHead(
  binder: Binder,
  { first, last }: TokenRange,
  { bracket, call = '' }: Context,
): { readonly names: readonly Name[]; readonly body: number } | undefined {
  const { list } = binder;
  if (bracket !== '(') return undefined;
  if (list.isWord(first, 'LAMBDA')) {
    for (let at = first + 1; at < last; at++)
      if (list.isMark(at, ':')) return { names: between(binder, first + 1, at), body: at + 1 };
    return undefined;
  }
  const isStart = list.isOpen(first - 1) || list.isMark(first - 1, ',');
  if (!isStart || !TAKES_LAMBDA.test(call)) return undefined;
  const arrow = list.isOpen(first) ? list.next(first, last) : first + 1;
  if (!list.isMark(arrow, '-') || !list.isMark(arrow + 1, '>')) return undefined;
  const single = list.name(first);
  const names = single === undefined ? list.names(first) : [single];
  return { names, body: arrow + 2 };
}

function between({ list }: Binder, first: number, last: number): Name[] {
  const names: Name[] = [];
  for (let at = first; at < last; at++) {
    const name = list.name(at);
    if (name !== undefined) names.push(name);
  }
  return names;
}

function argumentEnd({ list }: Binder, first: number, last: number): number {
  for (let at = first; at < last; at = list.next(at, last)) if (list.isMark(at, ',')) return at;
  return last;
}

function withVariables(binder: Binder, names: readonly Name[], outer: Scope): Scope {
  const variables = names.map((name) => binder.declare({ kind: 'variable' }, name));
  return { ...EMPTY_SCOPE, clause: outer.clause, variables, outer };
}
