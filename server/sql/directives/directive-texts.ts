import type { StatementRange } from '../../../wasm-core/protocol/statements.ts';

/** What begins as a directive that the engine heeds, at the beginning of a line. */
export const DIRECTIVE = /^[ \t]*--[ \t]*@/m;

/** A query that reads a database, as a directive above it says. @param database as the directive writes it */
export function inDatabase(query: string, database: string | undefined): string {
  return database === undefined ? query : `-- @db ${database}\n${query}`;
}

/**
 * The statements of a text as they are checked: with the comments above them where directives are among these, which say
 * what database a statement reads.
 *
 * @param ranges all statements of the text
 */
export function textsWithDirectives(text: string, ranges: readonly StatementRange[]): string[] {
  return ranges.map(({ start, end }, index) => {
    const before = ranges[index - 1]?.end ?? 0;
    const gap = text.slice(before, start);
    if (!DIRECTIVE.test(gap)) return text.slice(start, end);
    // What follows the statement before on its own line is no directive.
    const from = index === 0 ? 0 : before + gap.indexOf('\n') + 1;
    return text.slice(from, end);
  });
}
