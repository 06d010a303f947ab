import { duckdb, formatDialect } from 'sql-formatter';
import type { FormatStyle } from './formatting.ts';

/** A statement as sql-formatter writes it in DuckDB's dialect; undefined when it cannot read it. */
export function formatText(text: string, { indentation, keywordCase }: FormatStyle): string | undefined {
  try {
    return formatDialect(text, {
      dialect: duckdb,
      tabWidth: indentation.tabSize,
      useTabs: !indentation.insertSpaces,
      keywordCase,
    });
  } catch {
    // It throws an Error with its own position for whatever its grammar does not know.
    return undefined;
  }
}
