import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { Connection, DuckDb } from '../boot.ts';

/*
 * Functions are registered under internal names that never change; their public names are temporary macros, which can be
 * replaced and dropped. A macro has an overload for each number of arguments.
 */

/** How many arguments a variadic function takes at most: each number is an overload of its macro. */
export const MAX_ARGUMENTS = 32;

/** Functions of one public name, all of one kind. */
export interface PublicName {
  readonly name: string;
  readonly internalName: string;
  readonly functions: readonly PluginFunction[];
}

/** Statements that the engine parses and runs at a time. */
const STATEMENTS_A_TIME = 50;

/** Makes the public names of a connection: those that are new or moved are created, those that are gone dropped. */
export function movePublicNames(
  db: DuckDb,
  connection: Connection,
  names: {
    readonly before: ReadonlyMap<string, PublicName>;
    readonly after: ReadonlyMap<string, PublicName>;
  },
): void {
  const { before, after } = names;
  const moved = [...after.values()].filter(
    (name) => before.get(name.name)?.internalName !== name.internalName,
  );
  const gone = [...before.values()].filter(({ name, functions }) => {
    const next = after.get(name);
    return next === undefined || isTable(next.functions) !== isTable(functions);
  });
  const statements = [
    ...gone.map(
      ({ name, functions }) => `drop macro${isTable(functions) ? ' table' : ''} if exists temp."${name}"`,
    ),
    ...moved.map(macroSql),
  ];
  for (let i = 0; i < statements.length; i += STATEMENTS_A_TIME) {
    db.bindings.runQuery(connection.id, statements.slice(i, i + STATEMENTS_A_TIME).join(';\n'));
  }
}

function isTable(functions: readonly PluginFunction[]): boolean {
  return functions[0]?.kind === 'table';
}

function macroSql({ name, internalName, functions }: PublicName): string {
  const overloads = new Map<number, readonly string[]>();
  for (const fn of functions) {
    for (const parameters of parameterLists(fn)) {
      if (!overloads.has(parameters.length)) overloads.set(parameters.length, parameters);
    }
  }
  const body = isTable(functions) ? 'table select * from ' : '';
  const texts = [...overloads.values()].map((parameters) => {
    // Always quoted: a parameter may be called what is a keyword of SQL.
    const list = parameters.map((parameter) => `"${parameter.replaceAll('"', '""')}"`).join(', ');
    return `(${list}) as ${body}${internalName}(${list})`;
  });
  return `create or replace temp macro "${name}"${texts.join(', ')}`;
}

/** The parameters for each number of arguments that a function takes. */
function parameterLists({ parameters }: PluginFunction): readonly (readonly string[])[] {
  const names = parameters.map(({ name }) => name);
  const last = parameters.at(-1);
  if (last?.variadic === undefined) return [names];
  const fixed = names.slice(0, -1);
  return Array.from({ length: MAX_ARGUMENTS - fixed.length + 1 }, (_, more) => [
    ...fixed,
    ...Array.from({ length: more }, (_unused, i) => `${last.name}_${i + 1}`),
  ]);
}
