import { levelsAt, textOf } from '../syntax/scope.ts';
import type { Block } from '../syntax/tree.ts';
import { type Change, type Fix, quickFix, trimmedEnd } from './fix.ts';

/** A column beside aggregates goes into GROUP BY, or any of its values is taken. */
export const groupBy: Fix = {
  codes: ['SQL_BIND'],
  actions: (fault) => {
    if (!/^column .+ must appear in the GROUP BY clause/.test(fault.message)) return [];
    const { syntax, text } = fault.statement;
    const column = textOf(text, fault.span);
    const block = levelsAt(syntax, fault.span.start)[0]?.block;
    const any = quickFix(fault, `Change to any_value(${column})`, [
      { ...fault.span, text: `any_value(${column})` },
    ]);
    if (block === undefined) return [any];
    return [quickFix(fault, `Add ${column} to GROUP BY`, [addition(text, block, column)]), any];
  },
};

function addition(text: string, { start, end, clauses }: Block, column: string): Change {
  const group = clauses.find(({ keyword }) => keyword === 'GROUP');
  if (group !== undefined) {
    const at = trimmedEnd(text, group);
    return { start: at, end: at, text: `, ${column}` };
  }
  // GROUP BY stands behind FROM and WHERE; a query may begin with FROM.
  const last = clauses.findLast(({ keyword }) => /^(SELECT|FROM|WHERE)$/.test(keyword));
  const at = trimmedEnd(text, last ?? { start, end });
  return { start: at, end: at, text: `${/\n/.test(text.slice(start, at)) ? '\n' : ' '}group by ${column}` };
}
