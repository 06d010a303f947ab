import { queriesOf } from '../syntax/walk.ts';
import { type Change, type Fix, quickFix } from './fix.ts';

/** A common table that nothing reads goes, with its comma, or with WITH when it is the only one. */
export const removeUnusedCte: Fix = {
  codes: ['unused-cte'],
  actions: (fault) => {
    const { syntax, text } = fault.statement;
    for (const { query } of queriesOf(syntax)) {
      const index = query.tables.findIndex(({ name }) => name.start === fault.span.start);
      const table = query.tables[index];
      if (table === undefined) continue;
      const change = removal(text, query, index);
      return [{ ...quickFix(fault, `Remove ${table.name.text}`, [change]), isPreferred: true }];
    }
    return [];
  },
};

function removal(
  text: string,
  { start, tables, blocks }: ReturnType<typeof queriesOf>[number]['query'],
  index: number,
): Change {
  const table = tables[index];
  const next = tables[index + 1];
  const before = tables[index - 1];
  const from = table?.start ?? start;
  if (next !== undefined) return { start: from, end: next.start, text: '' };
  if (before !== undefined) return { start: before.end, end: table?.end ?? from, text: '' };
  // What stands between the query's beginning and WITH, such as a comment, stays.
  const keyword = [...text.slice(start, from).matchAll(/\bwith\b(?=\s+(?:recursive\b)?)/gi)].at(-1);
  const end = table?.end ?? from;
  const behind = end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0);
  // The WITH of INSERT stands inside of its block.
  const body = Math.max(blocks[0]?.start ?? from, behind);
  return { start: start + (keyword?.index ?? 0), end: body, text: '' };
}
