import { RESERVED_WORDS } from '../reserved-words.ts';
import type { Block } from '../syntax/tree.ts';
import { queriesOf } from '../syntax/walk.ts';
import { quoted } from '../tokens.ts';
import { type Change, type Fix, quickFix } from './fix.ts';

/** UNION matches its columns by name. */
export const unionByName: Fix = {
  codes: ['union-order'],
  actions: (fault) => {
    const operator = queriesOf(fault.statement.syntax)
      .flatMap(({ query }) => query.operators)
      .find(({ start }) => start === fault.span.start);
    if (operator?.kind !== 'UNION') return [];
    return [
      quickFix(fault, 'Match columns BY NAME', [
        { start: operator.end, end: operator.end, text: ' by name' },
      ]),
    ];
  },
};

/** The columns of the other SELECT get the names of the first. */
export const unionAliases: Fix = {
  codes: ['union-names'],
  actions: (fault) => {
    for (const { query } of queriesOf(fault.statement.syntax)) {
      const index = query.operators.findIndex(({ start }) => start === fault.span.start);
      const [first] = query.blocks;
      const other = query.blocks[index + 1];
      if (index < 0 || first === undefined || other === undefined) continue;
      const changes = aliases(first, other);
      return changes.length === 0
        ? []
        : [quickFix(fault, 'Name the columns as the first SELECT does', changes)];
    }
    return [];
  },
};

function aliases(first: Block, other: Block): Change[] {
  if ([...first.items, ...other.items].some(({ isStar }) => isStar)) return [];
  return other.items.flatMap((item, index) => {
    const name = first.items[index]?.name;
    if (name === undefined || item.name === undefined || item.name.toLowerCase() === name.toLowerCase())
      return [];
    const text = quoted(name, RESERVED_WORDS);
    if (item.alias !== undefined) return [{ start: item.alias.start, end: item.alias.end, text }];
    return [{ start: item.end, end: item.end, text: ` as ${text}` }];
  });
}
