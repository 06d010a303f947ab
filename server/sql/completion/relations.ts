import { CompletionItemKind } from 'vscode-languageserver';
import type { CatalogTable } from '../../../wasm-core/protocol/catalog.ts';
import { sameName } from '../syntax/scope.ts';
import { quoted } from '../tokens.ts';
import type { CompletionScope } from './completion-scope.ts';
import { type Offer, RANK } from './offers.ts';

/** Tables, views and common tables that may stand as a relation. @param written only what can be written to */
export function relationOffers(scope: CompletionScope, { written }: { readonly written: boolean }): Offer[] {
  const { catalog, definitions, reserved, cursor } = scope;
  const common = written ? [] : cursor.levels.flatMap(({ tables }) => tables);
  const defined = definitions.filter(({ kind }) => kind === 'TABLE' || kind === 'VIEW');
  return [
    ...common.map(({ name }, order) => namedOffer(name.text, { detail: 'common table', reserved, order })),
    ...defined.map(({ name, kind }, order) =>
      namedOffer(name, { detail: `${kind.toLowerCase()} of this document`, reserved, order: 100 + order }),
    ),
    ...catalog.tables.map((table, order) => tableOffer(scope, table, 200 + order)),
    ...(written ? [] : namedTableOffers(scope)),
    ...schemaOffers(scope),
  ];
}

/** Tables of `quern.json` that nothing in the session hides; its files cannot be written to by their names. */
function namedTableOffers({ catalog, reserved, definitions }: CompletionScope): Offer[] {
  const hidden = [...catalog.tables, ...definitions].map(({ name }) => name);
  const shown = catalog.named.filter(({ name }) => !hidden.some((other) => sameName(other, name)));
  return shown.map(({ name, description }, index) => ({
    ...namedOffer(name, { detail: 'table of quern.json', reserved, order: 150 + index }),
    ...(description !== undefined && { doc: description }),
  }));
}

/** The tables of a schema or database, and the schemas of a database, behind its name and a dot. */
export function schemaMembers(scope: CompletionScope, path: readonly string[]): Offer[] {
  const { catalog, reserved } = scope;
  const [last = '', database] = [path.at(-1), path.at(-2)];
  const inSchema = catalog.tables.filter(
    (table) =>
      sameName(table.schema, last) &&
      (database === undefined
        ? table.database === catalog.current.database
        : sameName(table.database, database)),
  );
  const inDatabase = catalog.tables.filter(
    (table) => sameName(table.database, last) && table.schema === 'main',
  );
  const schemas = catalog.schemas.filter((schema) => sameName(schema.database, last));
  const isDatabase = path.length === 1;
  const tables = isDatabase ? [...inSchema, ...inDatabase] : inSchema;
  return [
    ...tables.map((table, order) => namedOffer(table.name, { detail: tableDetail(table), reserved, order })),
    ...(isDatabase ? schemas.map(({ schema }) => moduleOffer(schema, 'schema', reserved)) : []),
  ];
}

/** Attached databases and the schemas of the current one, for USE. */
export function databaseOffers({ catalog, reserved }: CompletionScope): Offer[] {
  const own = catalog.schemas.filter(({ database }) => database === catalog.current.database);
  return [
    ...catalog.databases.map((name) => moduleOffer(name, 'database', reserved)),
    ...own.map(({ schema }) => moduleOffer(schema, 'schema', reserved)),
  ];
}

/** The names of the relations in scope, to qualify columns with. */
export function qualifierOffers(
  { reserved }: CompletionScope,
  relations: readonly { readonly name: string; readonly columns: readonly unknown[] }[],
): Offer[] {
  return relations
    .filter(({ name }) => name !== '')
    .map(({ name, columns }, order) => namedOffer(name, { detail: count(columns.length), reserved, order }));
}

function tableOffer({ catalog, reserved }: CompletionScope, table: CatalogTable, order: number): Offer {
  const { current } = catalog;
  const isCurrent =
    table.database === 'temp' || (table.database === current.database && table.schema === current.schema);
  if (isCurrent) return namedOffer(table.name, { detail: tableDetail(table), reserved, order });
  const isOwnDatabase = table.database === current.database;
  const parts = isOwnDatabase
    ? [table.schema]
    : table.schema === 'main'
      ? [table.database]
      : [table.database, table.schema];
  const path = [...parts, table.name];
  return {
    ...namedOffer(path.join('.'), { detail: tableDetail(table), reserved, order: order + 1000 }),
    insert: path.map((part) => quoted(part, reserved)).join('.'),
  };
}

function schemaOffers({ catalog, reserved }: CompletionScope): Offer[] {
  const { current, schemas, databases } = catalog;
  const others = schemas.filter(
    ({ database, schema }) => database === current.database && schema !== current.schema,
  );
  return [
    ...others.map(({ schema }) => moduleOffer(schema, 'schema', reserved)),
    ...databases
      .filter((name) => name !== current.database)
      .map((name) => moduleOffer(name, 'database', reserved)),
  ];
}

function moduleOffer(name: string, detail: string, reserved: ReadonlySet<string>): Offer {
  return {
    label: name,
    kind: CompletionItemKind.Module,
    rank: RANK.relation,
    order: 5000,
    insert: quoted(name, reserved),
    detail,
  };
}

function namedOffer(
  name: string,
  {
    detail,
    reserved,
    order,
  }: { readonly detail: string; readonly reserved: ReadonlySet<string>; readonly order: number },
): Offer {
  return {
    label: name,
    kind: CompletionItemKind.Struct,
    rank: RANK.relation,
    order,
    insert: quoted(name, reserved),
    detail,
  };
}

function tableDetail({ kind, columns, database }: CatalogTable): string {
  return `${database === 'temp' ? 'temporary ' : ''}${kind} of ${count(columns.length)}`;
}

function count(columns: number): string {
  return `${columns} ${columns === 1 ? 'column' : 'columns'}`;
}
