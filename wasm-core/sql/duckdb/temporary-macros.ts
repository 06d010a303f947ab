import { statementWords } from '../../protocol/statement-words.ts';
import type { Connection, DuckDb } from './boot.ts';
import { queryRows } from './context.ts';
import { quoteName } from './logical-type.ts';

/** What defines a macro: `name(parameters) as …`, and whether it gives a table. */
interface Definition {
  readonly text: string;
  readonly isTable: boolean;
}

/** Where macros are, and where they are to be known. */
interface Connections {
  readonly db: DuckDb;
  readonly runs: Connection;
  readonly checks: Connection;
}

/**
 * The macros that only the running connection has, temporary ones and those of an open transaction, made known to the
 * checking one. Their texts are kept as they ran, since the catalog does not tell defaults of parameters.
 */
export class TemporaryMacros {
  /** By name, lower-case. */
  readonly #texts = new Map<string, string>();
  readonly #mirrored = new Map<string, Definition>();
  #isUsed = false;

  /** Takes note of a statement that ran. */
  remember(sql: string): void {
    const defined = definitionIn(sql);
    if (defined === undefined) return;
    this.#isUsed = true;
    this.#texts.set(defined.name, defined.text);
  }

  /** Makes them known, and what is gone unknown. @throws Error */
  mirror({ db, runs, checks }: Connections): void {
    // Reading the functions of both connections is not free, and most sessions define no macro.
    if (!this.#isUsed) return;
    const run = (sql: string) => db.bindings.runQuery(checks.id, sql);
    const wanted = this.#wanted(queryRows(db, runs, MACROS), queryRows(db, checks, MACROS));
    for (const [name, { isTable }] of this.#mirrored) {
      if (!wanted.has(name)) run(`drop macro${isTable ? ' table' : ''} if exists temp.${quoteName(name)}`);
    }
    this.#mirrored.clear();
    for (const [name, definition] of wanted) {
      try {
        run(`create or replace temp macro ${definition.text}`);
        this.#mirrored.set(name, definition);
      } catch {
        // One that has lost what it reads: the checks then say so where it is used.
      }
    }
  }

  #wanted(
    running: readonly Record<string, unknown>[],
    checking: readonly Record<string, unknown>[],
  ): Map<string, Definition> {
    const shared = new Set(checking.filter(({ database }) => database !== 'temp').map(({ path }) => path));
    const rows = running.filter(({ database, path }) => database === 'temp' || !shared.has(path));
    const byName = new Map<string, Record<string, unknown>[]>();
    for (const row of rows) {
      const name = String(row.name).toLowerCase();
      byName.set(name, [...(byName.get(name) ?? []), row]);
    }
    return new Map(
      [...byName].map(([name, overloads]) => {
        const isTable = overloads[0]?.kind === 'table_macro';
        return [name, { isTable, text: this.#texts.get(name) ?? builtText(name, overloads) }];
      }),
    );
  }
}

/** Those of plugin functions are macros over internal names; each connection has its own. */
const MACROS = `select database_name as database, database_name || '.' || schema_name || '.' || function_name as path,
    function_name as name, function_type as kind, macro_definition as body,
    array_to_string([format('"{}"', replace(p, '"', '""')) for p in parameters], ', ') as parameters
  from duckdb_functions()
  where not internal and function_type in ('macro', 'table_macro')
    and not (database_name = 'temp' and macro_definition like '%\\_\\_quern\\_%' escape '\\')`;

function builtText(name: string, overloads: readonly Record<string, unknown>[]): string {
  const definitions = overloads.map(
    ({ parameters, kind, body }) =>
      `(${String(parameters)}) as ${kind === 'table_macro' ? 'table ' : ''}${String(body)}`,
  );
  return `${quoteName(name)}${definitions.join(', ')}`;
}

/** The macro that a statement creates, from its name on. */
function definitionIn(sql: string): { readonly name: string; readonly text: string } | undefined {
  if (!/^create\b/i.test(sql)) return undefined;
  const words = statementWords(sql);
  const at = words.findIndex(({ text }, index) => index > 0 && index < 5 && /^(MACRO|FUNCTION)$/.test(text));
  if (at < 0) return undefined;
  let next = at + 1;
  while (/^(IF|NOT|EXISTS)$/.test(words[next]?.text ?? '') && words[next]?.kind === 'word') next++;
  while (words[next + 1]?.text === '.') next += 2;
  const name = words[next];
  const [key] = name?.names ?? [];
  return name === undefined || key === undefined ? undefined : { name: key, text: sql.slice(name.start) };
}
