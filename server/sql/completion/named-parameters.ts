import { CompletionItemKind } from 'vscode-languageserver';
import { isMark } from '../tokens.ts';
import { calledName } from './brackets.ts';
import type { CompletionScope } from './completion-scope.ts';
import { wordAt } from './cursor.ts';
import { type Offer, RANK } from './offers.ts';

/** What the table function around the position takes by name: `read_csv('…', header = true)`. */
export function namedParameterOffers(scope: CompletionScope): Offer[] {
  const { cursor, catalog, reserved } = scope;
  const name = calledName(cursor)?.toLowerCase();
  const isStart = isMark(cursor.before.at(-1), ',');
  const functions = catalog.functions.filter((fn) => fn.name.toLowerCase() === name && fn.named.length > 0);
  if (!isStart) return [];
  const given = new Set(cursor.before.map((_, at) => wordAt(cursor, at).toLowerCase()));
  const named = functions
    .flatMap((fn) => fn.named)
    .filter((parameter) => !given.has(parameter.name.toLowerCase()));
  return named.map(({ name: parameter, type }) => ({
    label: parameter,
    kind: CompletionItemKind.Property,
    rank: RANK.fitting,
    insert: `${reserved.has(parameter) ? `"${parameter}"` : parameter} = `,
    detail: type,
  }));
}

/** Values of the parameter by name that is being given. */
export function namedValueOffers({ cursor, catalog }: CompletionScope): Offer[] {
  const { before } = cursor;
  if (!isMark(before.at(-1), '=')) return [];
  const parameter = before.at(-2)?.text.toLowerCase();
  const called = calledName(cursor)?.toLowerCase();
  const type = catalog.functions
    .filter(({ name }) => name.toLowerCase() === called)
    .flatMap(({ named }) => named)
    .find(({ name }) => name.toLowerCase() === parameter)?.type;
  if (type !== 'BOOLEAN') return [];
  return ['true', 'false'].map((label, order) => ({
    label,
    kind: CompletionItemKind.Value,
    rank: RANK.fitting,
    order,
  }));
}
