import type { DocumentHighlight, Location } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { sameName } from '../syntax/scope.ts';
import { isDeclared, type Meaning, meaningKey, type Occurrence } from './binding/meaning.ts';
import { type DocumentNames, readLocalNames, readNames, statementsNaming } from './document-names.ts';
import { type NameAt, rangeOf, readNameAt, type SqlPlace } from './place.ts';
import { declaredAt } from './plugin-manifest.ts';
import type { SqlWorkspace } from './sql-workspace.ts';

/** An occurrence in a document. */
export interface PlacedOccurrence {
  readonly statement: PlacedStatement;
  readonly occurrence: Occurrence;
}

/** LSP: 2 reads, 3 writes. */
const READ = 2;
const WRITE = 3;

/** Every place that means what the name at a position means: in the document, and of what is known by its name in others. */
export async function findReferences(
  place: SqlPlace,
  options: { readonly includeDeclaration: boolean; readonly workspace: SqlWorkspace },
): Promise<Location[]> {
  const at = await readNameAt(place);
  if (at === undefined) return [];
  const { document } = place;
  const found = occurrencesOf(await namesOfMeaning(place, at), at.meaning);
  const own = locations(document, found, options);
  return [...own, ...(await referencesElsewhere(place, at.meaning, options))];
}

function locations(
  document: TextDocument,
  found: readonly PlacedOccurrence[],
  { includeDeclaration }: { readonly includeDeclaration: boolean },
): Location[] {
  return found
    .filter(({ occurrence }) => includeDeclaration || !occurrence.isDeclaration)
    .map(({ statement, occurrence }) => ({
      uri: document.uri,
      range: rangeOf(document, statement, occurrence.place),
    }));
}

/** Every place in the workspace's SQL documents that names a plugin's function. */
export async function functionReferences(workspace: SqlWorkspace, name: string): Promise<Location[]> {
  const meaning: Meaning = { kind: 'function', name };
  return (await workspace.all()).flatMap(({ document, statements }) => {
    const names = readLocalNames(statements, statementsNaming(statements, [name]));
    return locations(document, occurrencesOf(names, meaning), { includeDeclaration: false });
  });
}

/** In other SQL documents of the workspace, and in the plugin that gives a function. */
async function referencesElsewhere(
  { document, knowledge }: SqlPlace,
  meaning: Meaning,
  options: { readonly includeDeclaration: boolean; readonly workspace: SqlWorkspace },
): Promise<Location[]> {
  const { kind, name } = meaning;
  if (kind !== 'function' && kind !== 'table' && kind !== 'type') return [];
  const others = (await options.workspace.others(document.uri)).flatMap((other) => {
    const names = readLocalNames(other.statements, statementsNaming(other.statements, [name]));
    return locations(other.document, occurrencesOf(names, meaning), options);
  });
  if (kind !== 'function' || !options.includeDeclaration) return others;
  const known = (await knowledge.functions()).filter(({ fn }) => sameName(fn.name, name));
  const declared = await Promise.all(known.map((fn) => declaredAt(fn, options.workspace)));
  return [...declared.filter((place) => place !== undefined), ...others];
}

/** The same places, for the editor to mark while the cursor is in a name. */
export async function findHighlights(place: SqlPlace): Promise<DocumentHighlight[]> {
  const at = await readNameAt(place);
  if (at === undefined) return [];
  return occurrencesOf(await namesOfMeaning(place, at), at.meaning).map(({ statement, occurrence }) => ({
    range: rangeOf(place.document, statement, occurrence.place),
    kind: occurrence.isDeclaration ? WRITE : READ,
  }));
}

/** The names of every statement that may name what a name means. @param others further names that are looked for */
export async function namesOfMeaning(
  { statements, knowledge }: Pick<SqlPlace, 'statements' | 'knowledge'>,
  { meaning, index, names }: NameAt,
  others: readonly string[] = [],
): Promise<DocumentNames> {
  if (isLocal(meaning)) return others.length === 0 ? names : readNames(statements, [index], knowledge);
  const name = meaning.kind === 'file' ? meaning.file : meaning.name;
  return readNames(
    statements,
    new Set([index, ...statementsNaming(statements, [name, ...others])]),
    knowledge,
  );
}

/** Where names of a document mean something, in the order of the text. */
export function occurrencesOf({ statements, bound }: DocumentNames, meaning: Meaning): PlacedOccurrence[] {
  const key = meaningKey(meaning);
  return [...bound]
    .sort(([a], [b]) => a - b)
    .flatMap(([index, { occurrences }]) => {
      const statement = statements[index];
      if (statement === undefined) return [];
      return occurrences
        .filter(({ meanings }) => meanings.some((other) => meaningKey(other) === key))
        .map((occurrence) => ({ statement, occurrence }));
    });
}

/** Whether nothing outside of its statement can mean it. */
function isLocal(meaning: Meaning): boolean {
  return isDeclared(meaning) && meaning.kind !== 'item' && meaning.kind !== 'columnName';
}
