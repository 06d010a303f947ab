import type { Location } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { sameName } from '../syntax/scope.ts';
import { mayDefine, statementsNaming } from './document-names.ts';
import { FILE_START, fileColumn } from './file-column.ts';
import { declarationOf, type NameAt, rangeOf, readNameAt, type SqlPlace } from './place.ts';
import { declaredAt } from './plugin-manifest.ts';
import type { SqlWorkspace } from './sql-workspace.ts';

/** Where the name at a position is declared: in the document, in another of the workspace, in a plugin; or its file, of a column, too. */
export async function findDefinition(place: SqlPlace, workspace: SqlWorkspace): Promise<Location | null> {
  const at = await readNameAt(place);
  if (at === undefined) return null;
  const { document } = place;
  const declared = declarationOf(at, at.meaning);
  if (declared !== undefined) {
    return { uri: document.uri, range: rangeOf(document, declared.statement, declared.place) };
  }
  const { kind, name } = at.meaning;
  if (at.meaning.kind === 'file') return fileLocation(document, at.meaning.file, workspace);
  if (at.meaning.kind === 'column') return fileColumn(document, at.meaning, workspace);
  if (kind !== 'table' && kind !== 'function' && kind !== 'type') return null;
  const own = definedIn(document, place.statements, { name, kind, before: at.index });
  return (
    own ??
    (kind === 'function' ? await pluginLocation(place, at, workspace) : null) ??
    (kind === 'table' ? workspace.tableEntry(document.uri, name) : undefined) ??
    elsewhere(place, at, workspace)
  );
}

/** Finds the statement of a document that creates something, the last before an index where there are several. */
export function definedIn(
  document: TextDocument,
  statements: readonly PlacedStatement[],
  wanted: { readonly name: string; readonly kind: string; readonly before: number },
): Location | null {
  const found = statementsNaming(statements, [wanted.name]).filter((index) => {
    const statement = statements[index];
    const definition = statement && mayDefine(statement) ? statement.syntax.definition : undefined;
    return (
      definition && sameName(definition.name.text, wanted.name) && KINDS[definition.kind] === wanted.kind
    );
  });
  const index = found.findLast((other) => other <= wanted.before) ?? found[0];
  const statement = index === undefined ? undefined : statements[index];
  const name = statement?.syntax.definition?.name;
  if (statement === undefined || name === undefined) return null;
  return { uri: document.uri, range: rangeOf(document, statement, name) };
}

const KINDS: Readonly<Record<string, string>> = {
  TABLE: 'table',
  VIEW: 'table',
  MACRO: 'function',
  TYPE: 'type',
};

function fileLocation({ uri }: TextDocument, file: string, workspace: SqlWorkspace): Location | null {
  const found = workspace.fileOf(uri, file);
  return found === undefined ? null : { uri: found, range: FILE_START };
}

async function pluginLocation(
  { knowledge }: SqlPlace,
  { meaning }: NameAt,
  workspace: SqlWorkspace,
): Promise<Location | null> {
  const known = (await knowledge.functions()).find(({ fn }) => sameName(fn.name, meaning.name));
  if (known?.uri === undefined) return null;
  return (await declaredAt(known, workspace)) ?? { uri: known.uri, range: known.range ?? FILE_START };
}

/** In another document of the workspace. */
async function elsewhere(
  { document }: SqlPlace,
  { meaning: { kind, name } }: NameAt,
  workspace: SqlWorkspace,
): Promise<Location | null> {
  for (const other of await workspace.others(document.uri)) {
    const before = other.statements.length;
    const found = definedIn(other.document, other.statements, { name, kind, before });
    if (found !== null) return found;
  }
  return null;
}
