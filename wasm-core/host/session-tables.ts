import { tableFiles, tableReading } from '../protocol/table-query.ts';
import type { WorkspaceSettings } from '../protocol/workspace-file.ts';
import type { SessionTable } from '../sql/engine.ts';

/**
 * The tables that a folder's `quern.json` names, as a session takes them; those at fault with what is wrong.
 *
 * @param folder absolute
 */
export function sessionTables({ tables, tableFaults }: WorkspaceSettings, folder: string): SessionTable[] {
  const readable = [...tables].map(([name, table]) => ({
    name,
    files: tableFiles(table, folder),
    reading: tableReading(table, folder),
    ...(table.description !== undefined && { description: table.description }),
  }));
  const known = new Set(readable.map(({ name }) => name.toLowerCase()));
  const faulty = [...tableFaults].flatMap(([name, fault]) =>
    known.has(name.toLowerCase()) ? [] : [{ name, files: [], reading: { fault } }],
  );
  return [...readable, ...faulty];
}
