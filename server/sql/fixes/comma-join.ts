import { joinGroups } from '../lints/join-groups.ts';
import { textOf } from '../syntax/scope.ts';
import { queriesOf } from '../syntax/walk.ts';
import { isMark } from '../tokens.ts';
import { type Fix, quickFix } from './fix.ts';

/** A comma between relations becomes CROSS JOIN. */
export const crossJoin: Fix = {
  codes: ['comma-join'],
  actions: (fault) => {
    const { syntax, text } = fault.statement;
    const blocks = queriesOf(syntax).flatMap(({ query }) => query.blocks);
    const block = blocks.find(({ relations }) => relations.some(({ start }) => start === fault.span.start));
    const group = joinGroups(block?.relations ?? []).find(([first]) => first?.start === fault.span.start);
    const comma = syntax.tokens.findLast((token) => token.end <= fault.span.start && isMark(token, ','));
    if (group === undefined || comma === undefined) return [];
    // A comma binds less than JOIN: for an outer join behind it the rows would be others.
    const joins = group.slice(1).map((relation, index) => {
      const before = group[index];
      return textOf(text, { start: before?.end ?? relation.start, end: relation.start });
    });
    if (joins.some((words) => /\b(right|full|positional|natural|asof)\b/i.test(words))) return [];
    const space = /\s/.test(text[comma.start - 1] ?? '') ? '' : ' ';
    const behind = /\s/.test(text[comma.end] ?? '') ? '' : ' ';
    return [quickFix(fault, 'Change to CROSS JOIN', [{ ...comma, text: `${space}cross join${behind}` }])];
  },
};
