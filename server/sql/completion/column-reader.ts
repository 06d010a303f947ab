import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';
import type { SqlKnowledge } from '../knowledge.ts';
import { joinedColumns } from '../syntax/merged-columns.ts';
import {
  commonTableOf,
  type Level,
  levelsAt,
  relationName,
  relationQuery,
  sameName,
  textOf,
} from '../syntax/scope.ts';
import type { Block, Query, RelationSyntax, StatementSyntax } from '../syntax/tree.ts';
import { identifier, tokenize } from '../tokens.ts';
import { type DocumentDefinition, definingQuery, findDefined, listedColumns } from './document-tables.ts';

interface NamedColumns {
  readonly name: string;
  readonly columns: readonly ColumnInfo[];
  readonly merges?: RelationSyntax['merges'];
}

/** Half-typed queries may name each other in a circle. */
const MAX_DEPTH = 8;

/**
 * Tells the columns of relations: the engine describes them, and where it cannot, because a text is half typed, what the
 * text itself names.
 */
export class ColumnReader {
  constructor(
    private readonly statement: StatementSyntax,
    private readonly knowledge: SqlKnowledge,
    private readonly definitions: readonly DocumentDefinition[],
  ) {}

  /**
   * The columns of a relation; a type is empty where nobody knows it.
   *
   * @param levels those around the relation, the innermost first
   */
  async columnsOf(
    relation: RelationSyntax,
    levels: readonly Level[],
    depth = 0,
  ): Promise<readonly ColumnInfo[]> {
    const columns = await this.sourceColumns(relation, levels, depth);
    // `t(a, b)` renames the first columns.
    return columns.length === 0 && relation.columns.length > 0
      ? relation.columns.map(({ text }) => ({ name: text, type: '' }))
      : columns.map((column, at) => ({ ...column, name: relation.columns[at]?.text ?? column.name }));
  }

  private async sourceColumns(
    relation: RelationSyntax,
    levels: readonly Level[],
    depth: number,
  ): Promise<readonly ColumnInfo[]> {
    const { source } = relation;
    const common = commonTableOf(relation, levels);
    if (source.kind === 'table' && common === undefined) {
      const known = await this.tableColumns(source.path.map(({ text }) => text));
      if (known !== undefined) return known;
    }
    if (source.kind === 'other' || depth > MAX_DEPTH) return [];
    const described = await this.describe(relationQuery(this.statement, relation, levels));
    if (described.length > 0) return described;
    if (source.kind === 'function') return this.lateralColumns(relation, levels);
    const query = source.kind === 'query' ? source.query : common?.query;
    const named = query === undefined ? [] : await this.namedColumns(query, depth + 1);
    return named.map((column, at) => ({ ...column, name: common?.columns[at]?.text ?? column.name }));
  }

  /** The columns of a table by its name; undefined when nobody has it. */
  async tableColumns(path: readonly string[]): Promise<readonly ColumnInfo[] | undefined> {
    const name = path.at(-1) ?? '';
    const defined = path.length === 1 ? findDefined(this.definitions, name) : undefined;
    const fromText = defined === undefined ? [] : await this.definedColumns(defined);
    if (fromText.length > 0) return fromText;
    const { tables, current } = await this.knowledge.catalog();
    const named = tables.filter((table) => sameName(table.name, name));
    const [qualifier, database] = [path.at(-2), path.at(-3)];
    const fits = named.filter(
      (table) =>
        (database === undefined || sameName(table.database, database)) &&
        (qualifier === undefined || sameName(table.schema, qualifier) || sameName(table.database, qualifier)),
    );
    const isCurrent = (table: { readonly database: string; readonly schema: string }) =>
      table.database === 'temp' || (table.database === current.database && table.schema === current.schema);
    return (qualifier === undefined ? fits.find(isCurrent) : fits[0])?.columns;
  }

  private async definedColumns(definition: DocumentDefinition): Promise<readonly ColumnInfo[]> {
    const listed = listedColumns(definition);
    if (listed.length > 0) return listed;
    const query = definingQuery(definition);
    if (query === undefined) return [];
    const described = await this.describe(query, definition);
    if (described.length > 0) return described;
    const reader = new ColumnReader(definition.statement, this.knowledge, this.before(definition));
    return reader.namedColumns(definition.statement.query, 1);
  }

  /** A function's columns when its arguments are columns of relations in front: `from t, unnest(t.xs) u(x)`. */
  private async lateralColumns(
    relation: RelationSyntax,
    levels: readonly Level[],
  ): Promise<readonly ColumnInfo[]> {
    const first = levels[0]?.block?.relations[0];
    const name = relationName(relation);
    if (first === undefined || first === relation || name === '') return [];
    const text = this.statement.text.slice(first.start, relation.end);
    return this.describe(`select "${name.replaceAll('"', '""')}".* from ${text}`);
  }

  /** The columns that a query's text names, as far as it goes. */
  private async namedColumns(query: Query, depth: number): Promise<readonly ColumnInfo[]> {
    const block = query.blocks[0];
    if (block === undefined || depth > MAX_DEPTH) return [];
    const levels = levelsAt(this.statement, block.start);
    const relations = await Promise.all(
      block.relations.map(async (relation) => ({
        name: relationName(relation),
        columns: await this.columnsOf(relation, levels, depth),
        ...(relation.merges !== undefined && { merges: relation.merges }),
      })),
    );
    // FROM without SELECT gives everything.
    if (block.items.length === 0) return joinedColumns(relations);
    return this.itemColumns(block, relations);
  }

  private itemColumns(block: Block, relations: readonly NamedColumns[]): ColumnInfo[] {
    const all = relations.flatMap(({ columns }) => columns);
    return block.items.flatMap((item) => {
      const text = textOf(this.statement.text, item.expression);
      if (!item.isStar) {
        if (item.name === undefined) return [];
        const source = all.find((column) => sameName(column.name, text.slice(text.lastIndexOf('.') + 1)));
        return [{ name: item.name, type: source?.type ?? '' }];
      }
      const [first, dot] = tokenize(text);
      const qualifier = dot?.text === '.' ? identifier(first) : undefined;
      const excluded = excludedNames(text);
      const named = relations.filter(({ name }) => qualifier !== undefined && sameName(name, qualifier));
      return joinedColumns(
        qualifier === undefined ? relations : named.map(({ columns }) => ({ columns })),
      ).filter(({ name }) => !excluded.has(name.toLowerCase()));
    });
  }

  /** Describes a query that may read what earlier statements of the document define. */
  private describe(sql: string, definition?: DocumentDefinition): Promise<readonly ColumnInfo[]> {
    const known = definition === undefined ? this.definitions : this.before(definition);
    return this.knowledge.columns(withDefinitions(sql, known));
  }

  private before(definition: DocumentDefinition): readonly DocumentDefinition[] {
    return this.definitions.slice(0, this.definitions.indexOf(definition));
  }
}

/** Puts in front of a query, as common tables, the tables of the document that it names. */
export function withDefinitions(sql: string, definitions: readonly DocumentDefinition[]): string {
  const named = namesIn(sql);
  const clauses: string[] = [];
  for (const definition of [...definitions].reverse()) {
    if (!/^(TABLE|VIEW)$/.test(definition.kind) || !named.has(definition.name.toLowerCase())) continue;
    const body = bodyOf(definition);
    if (body === undefined) continue;
    for (const name of namesIn(body)) named.add(name);
    clauses.unshift(`"${definition.name.replaceAll('"', '""')}" as (${body}\n)`);
  }
  return clauses.length === 0 ? sql : `with ${clauses.join(', ')} select * from (${sql}\n)`;
}

function bodyOf(definition: DocumentDefinition): string | undefined {
  const listed = listedColumns(definition);
  if (listed.length === 0) return definingQuery(definition);
  const columns = listed.map(({ name, type }) => `cast(null as ${type}) as "${name.replaceAll('"', '""')}"`);
  return `select ${columns.join(', ')}`;
}

function namesIn(sql: string): Set<string> {
  return new Set(tokenize(sql).map((token) => (identifier(token) ?? '').toLowerCase()));
}

/** The names behind EXCLUDE, in lower case. */
function excludedNames(text: string): Set<string> {
  const list = /\bexclude\s*(?:\(([^)]*)\)|(\S+))/i.exec(text);
  return new Set(
    (list?.[1] ?? list?.[2] ?? '').split(',').map((name) => name.trim().replace(/^"|"$/g, '').toLowerCase()),
  );
}
