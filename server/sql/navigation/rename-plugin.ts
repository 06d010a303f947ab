import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { refused } from '../../refusal.ts';
import type { KnownFunction } from '../knowledge.ts';
import { sameName } from '../syntax/scope.ts';
import { readLocalNames, statementsNaming } from './document-names.ts';
import { occurrencesOf } from './occurrences.ts';
import { type NameAt, rangeOf, type SqlPlace } from './place.ts';
import { manifestEdits, manifestOf } from './plugin-manifest.ts';
import { renameInSource, type SourceRename } from './plugin-source.ts';
import type { SqlDocument, SqlWorkspace } from './sql-workspace.ts';

/**
 * Renames a plugin's function: in its source, and in every SQL document of the workspace.
 *
 * @throws ResponseError when the source cannot be changed, or the name is taken
 */
export async function pluginRename(
  { document, statements, knowledge }: SqlPlace,
  { at, name }: { readonly at: NameAt; readonly name: string },
  workspace: SqlWorkspace,
): Promise<WorkspaceEdit> {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name))
    throw refused(
      `${name} is no name of a plugin's function; use lower-case letters, digits and underscores, at most 63.`,
    );
  const functions = await knowledge.functions();
  const taken = functions.some(({ fn }) => sameName(fn.name, name));
  if (taken || (await knowledge.catalog()).functions.some((fn) => sameName(fn.name, name)))
    throw refused(`There is a function ${name} already; use another name.`);
  const own = functions.filter(({ fn }) => sameName(fn.name, at.meaning.name));
  const changes: Record<string, TextEdit[]> = {};
  for (const uri of new Set(own.map((known) => known.uri)))
    Object.assign(changes, await sourceEdits(own, { uri, name }, workspace));
  for (const other of [{ document, statements }, ...(await workspace.others(document.uri))]) {
    const edits = sqlEdits(other, at, name);
    if (edits.length > 0) changes[other.document.uri] = edits;
  }
  return { changes };
}

/** The edits of one source or manifest, by its URI. */
async function sourceEdits(
  functions: readonly KnownFunction[],
  { uri, name }: { readonly uri: string | undefined; readonly name: string },
  workspace: SqlWorkspace,
): Promise<Record<string, TextEdit[]>> {
  const [known] = functions;
  const old = known?.fn.name ?? name;
  const manifest =
    uri === undefined || /\.(ts|wat)$/i.test(uri) ? undefined : await manifestOf(uri, old, workspace);
  if (manifest !== undefined) return { [manifest.uri]: manifestEdits(manifest, { old, name }) };
  const text = uri === undefined ? undefined : workspace.textOf(uri);
  const language = languageOf(uri ?? '');
  if (uri === undefined || text === undefined || language === undefined) {
    throw refused(
      `${old} comes from the module ${known?.module ?? ''}, whose source is not one that Quern compiles, and which no manifest beside it names; rename it where it is written, and compile that again.`,
    );
  }
  const source = TextDocument.create(uri, '', 0, text);
  const places = functions.filter((other) => other.uri === uri).flatMap(({ range }) => range ?? []);
  const found = renameInSource(text, {
    language,
    old,
    name,
    declarations: places.map(({ start, end }) => ({
      start: source.offsetAt(start),
      end: source.offsetAt(end),
    })),
  });
  if (typeof found === 'string') throw refused(found);
  const edits = found.map(({ start, end, newText }) => ({
    range: { start: source.positionAt(start), end: source.positionAt(end) },
    newText,
  }));
  return { [uri]: edits };
}

/** How a source names its functions; undefined for a project's file, or a module. */
function languageOf(uri: string): SourceRename['language'] | undefined {
  if (/\.wat$/i.test(uri)) return 'wat';
  if (/\.ts$/i.test(uri)) return 'assemblyscript';
  return /\.(?:c|cc|cpp|cxx|rs|go|zig)$/i.test(uri) ? 'native' : undefined;
}

/** Calls of the function in a document that defines no macro of its name. */
function sqlEdits({ document, statements }: SqlDocument, { meaning }: NameAt, name: string): TextEdit[] {
  const names = readLocalNames(statements, statementsNaming(statements, [meaning.name]));
  const found = occurrencesOf(names, meaning);
  if (found.some(({ occurrence }) => occurrence.isDeclaration)) return [];
  return found.map(({ statement, occurrence }) => ({
    range: rangeOf(document, statement, occurrence.place),
    newText: name,
  }));
}
