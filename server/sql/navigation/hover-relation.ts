import type { CatalogNamedTable } from '../../../wasm-core/protocol/catalog.ts';
import { loneRelation } from '../syntax/lone-relation.ts';
import { levelsAt, relationQuery, sameName, textOf } from '../syntax/scope.ts';
import { isDeclared } from './binding/meaning.ts';
import { mayDefine } from './document-names.ts';
import { code, columnsText, escaped, paragraphs, shortText } from './markdown.ts';
import { namedTable } from './named-table.ts';
import type { NameAt, SqlPlace } from './place.ts';
import { counted, sourceNotes } from './source-notes.ts';
import type { SqlWorkspace } from './sql-workspace.ts';

/** A common table or an alias: its columns, and what it stands for. */
export async function relationText({ knowledge }: SqlPlace, at: NameAt): Promise<string | undefined> {
  const { meaning } = at;
  if (!isDeclared(meaning)) return undefined;
  const { text, syntax } = at.statement;
  if (meaning.kind === 'commonTable') {
    const { name, query } = meaning.table;
    const levels = levelsAt(syntax, name.start).map((level, index) =>
      index === 0 ? { ...level, tables: level.query.tables } : level,
    );
    const { start, end } = name;
    const relation = loneRelation({ kind: 'table', path: [name], start, end });
    const columns = await knowledge.columns(relationQuery(syntax, relation, levels));
    const definition = query === undefined ? '' : code(shortText(textOf(text, meaning.table)));
    return paragraphs(columnsText(`${meaning.name} -- common table`, columns), definition);
  }
  if (meaning.kind !== 'alias') return undefined;
  const { relation } = meaning;
  const source = textOf(text, relation.source);
  const isQuery = relation.source.kind === 'query';
  const [columns, notes] = await Promise.all([
    knowledge.columns(relationQuery(syntax, relation, levelsAt(syntax, meaning.place.start))),
    isQuery ? undefined : sourceNotes(knowledge, source),
  ]);
  const origin = isQuery ? '' : ` -- ${source.replace(/\s+/g, ' ')}`;
  const title = `${meaning.name}${origin}`;
  return paragraphs(
    columnsText(title, columns, notes?.columns) ?? code(title),
    notes?.rows && `${notes.rows}.`,
  );
}

/** A table or a view: its columns, its rows where the engine has a count, and the statement that defines it here. */
export async function tableText({ knowledge }: SqlPlace, at: NameAt): Promise<string | undefined> {
  const { names, index, meaning, statement, occurrence } = at;
  const source = sourceAt(at) ?? textOf(statement.text, occurrence.place);
  const definition = names.statements.findLast((other, i) => {
    const defined = i <= index && mayDefine(other) ? other.syntax.definition : undefined;
    return (
      defined !== undefined &&
      /^(TABLE|VIEW)$/.test(defined.kind) &&
      sameName(defined.name.text, meaning.name)
    );
  });
  const [known, notes, named] = await Promise.all([
    knowledge.columns(`select * from ${source}`),
    sourceNotes(knowledge, source),
    definition === undefined ? namedTable(knowledge, meaning.name) : undefined,
  ]);
  const { query } = definition?.syntax ?? {};
  // What the document defines and has not run is described by its own query.
  const columns =
    known.length > 0 || definition === undefined || query === undefined
      ? known
      : await knowledge.columns(textOf(definition.text, query));
  return paragraphs(
    columnsText(meaning.name, columns, notes.columns),
    notes.rows && `${notes.rows}.`,
    named && namedText(named),
    definition && code(shortText(definition.text)),
  );
}

/** What a table of `quern.json` holds, and where; or why it cannot be read. */
function namedText({ description, files, fault }: CatalogNamedTable): string {
  const from = files.map((file) => escaped(file)).join(', ');
  const said =
    fault === undefined ? `From quern.json: ${from}.` : `quern.json is at fault: ${escaped(fault)}`;
  return [description && escaped(description), said].filter((part) => part !== undefined).join('\n\n');
}

/** A file: its size, its columns, and a Parquet file's rows. */
export async function fileText(
  { knowledge, document }: SqlPlace,
  { at, file }: { readonly at: NameAt; readonly file: string },
  workspace: SqlWorkspace,
): Promise<string | undefined> {
  const literal = `'${file.replaceAll("'", "''")}'`;
  const source = sourceAt(at) ?? literal;
  const [columns, notes] = await Promise.all([
    knowledge.columns(`select * from ${source}`),
    sourceNotes(knowledge, literal),
  ]);
  const size = workspace.sizeOf(document.uri, file);
  const facts = [size === undefined ? '' : sizeText(size), notes.rows ?? ''].filter((fact) => fact !== '');
  if (columns.length === 0 && facts.length === 0) return undefined;
  return paragraphs(
    columnsText(literal, columns, notes.columns) ?? escaped(file),
    facts.length === 0 ? undefined : `${facts.join(', ')}.`,
  );
}

/** The relation that a name is of, as the statement writes it: `schema.t`, `read_csv('f.csv')`. */
function sourceAt({ statement, occurrence, bound }: NameAt): string | undefined {
  const { start } = occurrence.place;
  const found = bound.sources.find(({ source }) => source.start <= start && start < source.end);
  return found && textOf(statement.text, found.source);
}

function sizeText(byteLength: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  if (byteLength < 1024) return counted(byteLength, 'byte');
  const power = Math.min(units.length, Math.floor(Math.log2(byteLength) / 10));
  const value = byteLength / 1024 ** power;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[power - 1] ?? ''}`;
}
