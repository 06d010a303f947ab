import { type TableReading, tableReading } from '../../wasm-core/protocol/table-query.ts';
import type { WorkspaceTable } from '../../wasm-core/protocol/workspace-tables.ts';

/** What is wrong with a table of a `quern.json`, and at which of its members. */
export interface TableFinding {
  /** From the file's root. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** More tables than this are not looked at: each has its files read for their columns. */
const MOST_TABLES = 100;

/**
 * What the engine says of tables: of their options, the types of their columns, and whether their files can be read.
 *
 * @param options.folder absolute, of the `quern.json`
 * @param options.check what is wrong with a query; undefined when nothing is, or when nobody knows
 */
export async function checkTables(
  tables: ReadonlyMap<string, WorkspaceTable>,
  options: {
    readonly folder: string;
    readonly check: (sql: string) => Promise<string | undefined>;
    readonly isCancelled: () => boolean;
  },
): Promise<TableFinding[]> {
  const found: TableFinding[] = [];
  for (const [name, table] of [...tables].slice(0, MOST_TABLES)) {
    if (options.isCancelled()) return found;
    const message = await faultOf(tableReading(table, options.folder), options.check);
    if (message !== undefined) found.push({ path: ['tables', name, ...memberOf(table, message)], message });
  }
  return found;
}

function faultOf(reading: TableReading, check: (sql: string) => Promise<string | undefined>) {
  return 'fault' in reading ? Promise.resolve(reading.fault) : check(reading.sql);
}

/** The member that a message is about, by what it names. */
function memberOf({ columns = {}, options = {} }: WorkspaceTable, message: string): readonly string[] {
  const names = [...message.matchAll(/"([^"]+)"|'([^']+)'/g)].map(([, a, b]) => a ?? b ?? '');
  const option = Object.keys(options).find((name) => names.includes(name));
  if (option !== undefined) return ['options', option];
  const type = /Type with name (\S+)/.exec(message)?.[1];
  const column = Object.entries(columns).find(([name, given]) => names.includes(name) || given === type);
  if (column !== undefined) return ['columns', column[0]];
  return /no ending/.test(message) ? [] : ['path'];
}
