import type { Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { refused } from '../../refusal.ts';
import { sameName } from '../syntax/scope.ts';
import { quoted } from '../tokens.ts';
import { isDeclared, type Meaning } from './binding/meaning.ts';
import { HALF_RESERVED, RESERVED } from './binding/words.ts';
import { namesOfMeaning, occurrencesOf } from './occurrences.ts';
import { type NameAt, rangeOf, readNameAt, type SqlPlace } from './place.ts';
import { keepsMeaning } from './rename-check.ts';
import { pluginRename } from './rename-plugin.ts';
import type { SqlWorkspace } from './sql-workspace.ts';

/**
 * The name at a position, when it can be renamed.
 *
 * @throws ResponseError that says why it cannot
 */
export async function prepareRename(
  place: SqlPlace,
): Promise<{ readonly range: Range; readonly placeholder: string } | null> {
  const at = await readNameAt(place);
  if (at === undefined) return null;
  await checkRenamable(place, at);
  const range = rangeOf(place.document, at.statement, at.occurrence.place);
  return { range, placeholder: at.meaning.name };
}

/**
 * Renames the name at a position wherever it means the same.
 *
 * @throws ResponseError when that would change what a statement means, or the name cannot be changed here
 */
export async function renameName(
  place: SqlPlace,
  given: string,
  workspace: SqlWorkspace,
): Promise<WorkspaceEdit | null> {
  const at = await readNameAt(place);
  if (at === undefined) return null;
  await checkRenamable(place, at);
  const name = newName(given, at.meaning);
  if (name === at.meaning.name) return { changes: {} };
  if (await isPlugin(place, at)) return pluginRename(place, { at, name }, workspace);
  const names = await namesOfMeaning(place, at, [name]);
  const found = occurrencesOf(names, at.meaning);
  if (found.some(({ occurrence }) => occurrence.meanings.length > 1)) {
    throw refused(
      `${at.meaning.name} is joined with other columns of its name by USING, NATURAL or BY NAME; a new name would part them.`,
    );
  }
  const unsure = found.find(({ occurrence }) => !occurrence.isCertain);
  if (unsure !== undefined) {
    throw refused(
      `The columns of what this statement reads are not known, so ${at.meaning.name} may be one of them; it cannot be renamed safely.`,
    );
  }
  const newText = writtenName(name, at.meaning);
  if (!keepsMeaning(names, found, newText)) {
    throw refused(`${name} already means something else here; use another name than ${name}.`);
  }
  const edits: TextEdit[] = found.map(({ statement, occurrence }) => ({
    range: rangeOf(place.document, statement, occurrence.place),
    newText,
  }));
  return { changes: { [place.document.uri]: edits } };
}

async function checkRenamable(place: SqlPlace, at: NameAt): Promise<void> {
  const { meaning } = at;
  if (isDeclared(meaning)) return;
  const { name } = meaning;
  switch (meaning.kind) {
    case 'parameter':
      if (/^\$\d/.test(name))
        throw refused(`${name} is named by its place; write $name instead to rename it.`);
      return;
    case 'table':
    case 'type':
    case 'function':
      if (await isDeclaredHere(place, at)) return;
      if (meaning.kind === 'function' && (await isPlugin(place, at))) return;
      throw refused(
        meaning.kind === 'function'
          ? `${name} is a function of the engine, or of a macro that another document defines.`
          : `${name} is not defined in this document; rename it where it is.`,
      );
    case 'column':
      throw refused(`${name} is a column of ${meaning.source}; give it another name by an alias.`);
    case 'file':
      throw refused(`${meaning.file} is a file; give it another name by an alias.`);
    case 'field':
    case 'argument':
      throw refused(`${name} is declared outside of this document and cannot be renamed here.`);
  }
}

async function isDeclaredHere(place: SqlPlace, at: NameAt): Promise<boolean> {
  const names = await namesOfMeaning(place, at);
  return occurrencesOf(names, at.meaning).some(({ occurrence }) => occurrence.isDeclaration);
}

/** Whether it is a plugin's function that no macro of the document hides. */
async function isPlugin(place: SqlPlace, at: NameAt): Promise<boolean> {
  if (at.meaning.kind !== 'function') return false;
  const isKnown = (await place.knowledge.functions()).some(({ fn }) => sameName(fn.name, at.meaning.name));
  return isKnown && !(await isDeclaredHere(place, at));
}

/** The identifier that a user typed, with or without quotes. */
function newName(given: string, meaning: Meaning): string {
  const typed = given.trim();
  const text = /^".*"$/.test(typed) ? typed.slice(1, -1).replaceAll('""', '"') : typed;
  if (meaning.kind !== 'parameter') {
    if (text === '' || text.includes('\0')) throw refused('A name has at least one character.');
    return text;
  }
  const parameter = text.startsWith('$') ? text : `$${text}`;
  if (/^\$[A-Za-z_]\w*$/.test(parameter)) return parameter;
  throw refused(`${text} is no name of a parameter; use letters, digits and underscores.`);
}

function writtenName(name: string, meaning: Meaning): string {
  if (meaning.kind === 'parameter') return name;
  const word = name.toUpperCase();
  const reserved = RESERVED.has(word) || HALF_RESERVED.has(word) || NO_ALIAS.has(word);
  // Beyond ASCII the engine takes more letters than it is worth to list.
  const isPlain = /^[A-Za-z_]\w*$/.test(name) && !reserved;
  return isPlain ? name : quoted(name, new Set([name.toLowerCase()]));
}

/** Words that go on with a statement where an alias without AS may stand, or before a parenthesis. */
const NO_ALIAS = new Set(
  `SAMPLE SET BY DEFAULT WITHIN FILTER OVER IGNORE RESPECT NULLS ROWS RANGE GROUPS EXCLUDE REPLACE RENAME ESCAPE
  RECURSIVE MATERIALIZED ORDINALITY PARTITION FIRST LAST IF NAME KEY SQL LAMBDA ISOLATION VALUES MATCHED CONFLICT`.split(
    /\s+/,
  ),
);
