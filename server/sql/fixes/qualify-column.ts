import { RESERVED_WORDS } from '../reserved-words.ts';
import { quoted } from '../tokens.ts';
import { type Fix, quickFix } from './fix.ts';

/** An ambiguous column gets the name of each relation that has it. */
export const qualifyColumn: Fix = {
  codes: ['SQL_BIND'],
  actions: (fault) => {
    const [, column, list] =
      /^Ambiguous reference to column name "(.+?)" \(use: (.+)\)$/s.exec(fault.message) ?? [];
    if (column === undefined || list === undefined) return [];
    const names = [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '');
    return names.flatMap((name) => {
      if (!name.endsWith(`.${column}`)) return [];
      const relation = name.slice(0, -column.length - 1);
      const text = `${quoted(relation, RESERVED_WORDS)}.${quoted(column, RESERVED_WORDS)}`;
      return [quickFix(fault, `Change to ${text}`, [{ ...fault.span, text }])];
    });
  },
};
