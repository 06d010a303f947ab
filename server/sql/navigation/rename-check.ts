import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { parseStatement } from '../syntax/parse-statement.ts';
import { type Meaning, meaningKey } from './binding/meaning.ts';
import { bindNames, type DocumentNames } from './document-names.ts';
import type { PlacedOccurrence } from './occurrences.ts';

/**
 * Whether every name of the statements still means the same when occurrences are written otherwise: the statements are
 * bound again, and what was one thing must be one thing, and what were two must be two.
 *
 * @param found what is written otherwise
 * @param newText as it is written, with quotes
 */
export function keepsMeaning(
  names: DocumentNames,
  found: readonly PlacedOccurrence[],
  newText: string,
): boolean {
  const renamed = bindNames(
    names.statements.map((statement, index) =>
      names.bound.has(index) ? rewritten(statement, found, newText) : statement,
    ),
    { wanted: [...names.bound.keys()], outside: names.outside },
  ).bound;
  const there = new Map<string, string>();
  const back = new Map<string, string>();
  for (const [index, before] of names.bound) {
    const after = renamed.get(index);
    if (after === undefined || after.clashes > before.clashes) return false;
    if (after.occurrences.length !== before.occurrences.length) return false;
    for (const [at, { meanings }] of before.occurrences.entries()) {
      const now = after.occurrences[at]?.meanings ?? [];
      if (now.length !== meanings.length) return false;
      if (!meanings.every((meaning, i) => isSame({ there, back }, meaning, now[i]))) return false;
    }
  }
  return true;
}

/** Notes that one meaning became another; false when either was part of another pair. */
function isSame(
  { there, back }: { readonly there: Map<string, string>; readonly back: Map<string, string> },
  before: Meaning,
  after: Meaning | undefined,
): boolean {
  if (after === undefined || after.kind !== before.kind) return false;
  const [from, to] = [meaningKey(before), meaningKey(after)];
  const known = there.get(from);
  if (known !== undefined) return known === to;
  if (back.has(to)) return false;
  there.set(from, to);
  back.set(to, from);
  return true;
}

/** A statement whose occurrences among those found are written otherwise. */
function rewritten(
  statement: PlacedStatement,
  found: readonly PlacedOccurrence[],
  newText: string,
): PlacedStatement {
  const places = found
    .filter((other) => other.statement === statement)
    .map(({ occurrence }) => occurrence.place);
  let text = '';
  let at = 0;
  for (const { start, end } of places) {
    text += `${statement.text.slice(at, start)}${newText}`;
    at = end;
  }
  text += statement.text.slice(at);
  const { start, database } = statement;
  return { start, end: start + text.length, text, syntax: parseStatement(text), database };
}
