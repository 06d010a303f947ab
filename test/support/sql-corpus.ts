import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { splitStatements } from '../../wasm-core/protocol/statements.ts';
import { projectRoot } from './project.ts';

/** DuckDB's own tests of SQL, where `QUERN_CORPORA` has them; none without it. */
export function corpusFiles(): string[] {
  const base = process.env.QUERN_CORPORA;
  const folder = base && path.join(path.resolve(projectRoot(), base), 'duckdb-v1.4.3/test/sql');
  if (!folder || !existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** The single statements of a sqllogictest that ought to run, without those that need its loops and variables. */
export function corpusStatements(text: string): string[] {
  const blocks = text.split(/\n\s*\n/);
  return blocks.flatMap((block) => {
    const [head = '', ...lines] = block.split('\n').filter((line) => !line.startsWith('#'));
    if (!/^(statement ok|query )/.test(head)) return [];
    const end = lines.findIndex((line) => line.startsWith('----'));
    const sql = lines.slice(0, end < 0 ? undefined : end).join('\n');
    const statements = splitStatements(sql).map((range) => sql.slice(range.start, range.end));
    const isPlain = statements.length === 1 && !/\$\{|__TEST_DIR__|__WORKING|\{DATA_DIR\}/.test(sql);
    return isPlain ? statements : [];
  });
}
