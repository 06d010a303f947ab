import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { loneRelation } from '../syntax/lone-relation.ts';
import { type Level, levelsAt, relationQuery, sameName, textOf } from '../syntax/scope.ts';
import type { CommonTable, Query } from '../syntax/tree.ts';
import { isDeclared, type Meaning } from './binding/meaning.ts';
import { code, escaped, paragraphs, shortText } from './markdown.ts';
import type { NameAt, SqlPlace } from './place.ts';
import { sourceNotes } from './source-notes.ts';

/** A column: its type, what computes it, and where it comes from. */
export async function columnText(place: SqlPlace, at: NameAt): Promise<string | undefined> {
  const { meaning } = at;
  const [type, notes] = await Promise.all([columnType(place, at), columnNotes(place, at)]);
  const computed =
    meaning.kind === 'item' ? textOf(statementOf(at, meaning)?.text ?? '', meaning.item.expression) : '';
  const isPlain = computed === '' || sameName(computed, meaning.name);
  const title = `${meaning.name}${type === undefined ? '' : ` ${type}`}`;
  if (
    type === undefined &&
    isPlain &&
    notes === undefined &&
    meaning.kind === 'column' &&
    meaning.source === ''
  )
    return undefined;
  return paragraphs(code(`${title}${isPlain ? '' : ` = ${shortText(computed)}`}`), origin(at), notes);
}

/** The column's type as the engine tells it: of the relation that has it, else of the query that computes it. */
async function columnType({ knowledge }: SqlPlace, at: NameAt): Promise<string | undefined> {
  const { meaning } = at;
  if (meaning.kind === 'column' && meaning.type !== undefined) return meaning.type;
  if (!isDeclared(meaning)) return undefined;
  const statement = statementOf(at, meaning);
  if (statement === undefined) return undefined;
  const columns = await knowledge.columns(declaringQuery(statement, meaning.place.start));
  return columns.find(({ name }) => sameName(name, meaning.name))?.type;
}

/** A query with the columns that are declared at a position of a statement. */
function declaringQuery(statement: PlacedStatement, offset: number): string {
  const { syntax } = statement;
  const levels = levelsAt(syntax, offset);
  const table = tableDeclaring(levels, offset);
  const relation = levels[0]?.block?.relations.find(({ columns }) =>
    columns.some(({ start }) => start === offset),
  );
  if (relation !== undefined) return relationQuery(syntax, relation, levels);
  if (table !== undefined && levels[0] !== undefined) {
    // Its own name, read from below it.
    const source = {
      kind: 'table',
      path: [table.name],
      start: table.name.start,
      end: table.name.end,
    } as const;
    const level: Level = { ...levels[0], tables: levels[0].query.tables };
    return relationQuery(syntax, loneRelation(source), [level, ...levels.slice(1)]);
  }
  const [inner, ...outer] = levels;
  if (inner === undefined) return statement.text;
  if (outer.length === 0) return textOf(statement.text, inner.query);
  const { start, end } = inner.query;
  const source = {
    kind: 'query',
    query: inner.query,
    start: start - 1,
    end: Math.min(end + 1, statement.text.length),
  } as const;
  return relationQuery(syntax, loneRelation(source), outer);
}

/** The common table in whose list of columns a position is. */
function tableDeclaring(levels: readonly Level[], offset: number): CommonTable | undefined {
  return levels[0]?.query.tables.find(({ columns }) => columns.some(({ start }) => start === offset));
}

/** Where a column comes from, and through which common table. */
function origin(at: NameAt): string {
  const { meaning } = at;
  const through = throughTable(at);
  const by = through === undefined ? '' : `, through ${inline(through)}`;
  if (meaning.kind === 'column')
    return meaning.source === '' ? '' : `Column of ${inline(meaning.source)}${by}.`;
  if (!isDeclared(meaning) || at.occurrence.isDeclaration) return '';
  const statement = statementOf(at, meaning);
  if (statement === undefined) return '';
  const table = enclosingTable(statement.syntax.query, meaning.place.start);
  const { definition } = statement.syntax;
  if (table !== undefined) return `Column of the common table ${inline(table.name.text)}.`;
  return definition === undefined || statement === at.statement
    ? ''
    : `Column of ${inline(definition.name.text)}.`;
}

/** The common table that gives an outside column to the block of the name. */
function throughTable({ statement, occurrence, meaning }: NameAt): string | undefined {
  if (meaning.kind !== 'column') return undefined;
  const levels = levelsAt(statement.syntax, occurrence.place.start);
  const sources = levels.flatMap(({ block }) => block?.relations ?? []);
  if (sources.some(({ source }) => sameName(textOf(statement.text, source), meaning.source)))
    return undefined;
  const names = new Set(levels.flatMap(({ tables }) => tables.map(({ name }) => name.text.toLowerCase())));
  const tables = sources.flatMap(({ source }) => {
    const name = source.kind === 'table' && source.path.length === 1 ? source.path[0]?.text : undefined;
    return name !== undefined && names.has(name.toLowerCase()) ? [name] : [];
  });
  return tables.length === 1 ? tables[0] : undefined;
}

function enclosingTable(query: Query, offset: number): CommonTable | undefined {
  for (const table of query.tables) {
    if (offset < table.start || offset > table.end) continue;
    return (table.query && enclosingTable(table.query, offset)) ?? table;
  }
  return undefined;
}

/** What is known of an outside column's values without reading them. */
async function columnNotes({ knowledge }: SqlPlace, { meaning }: NameAt): Promise<string | undefined> {
  if (meaning.kind !== 'column') return undefined;
  const notes = await sourceNotes(knowledge, meaning.source);
  const rows = notes.rows === undefined ? '' : `in ${notes.rows}`;
  const known = [notes.columns.get(meaning.name.toLowerCase()) ?? '', rows].filter((note) => note !== '');
  const text = known.join(', ');
  return text === '' ? undefined : escaped(`${text[0]?.toUpperCase()}${text.slice(1)}.`);
}

function statementOf({ names }: NameAt, meaning: Meaning): PlacedStatement | undefined {
  return isDeclared(meaning) ? names.statements[meaning.statement] : undefined;
}

function inline(text: string): string {
  return text.includes('`') ? escaped(text) : `\`${text.replace(/\s+/g, ' ')}\``;
}
