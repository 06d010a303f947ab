import type { Hover } from 'vscode-languageserver';
import { sameName } from '../syntax/scope.ts';
import { isDeclared, type Meaning } from './binding/meaning.ts';
import { mayDefine } from './document-names.ts';
import { columnText } from './hover-column.ts';
import { fieldText } from './hover-field.ts';
import { functionText } from './hover-function.ts';
import { fileText, relationText, tableText } from './hover-relation.ts';
import { code, escaped, shortText } from './markdown.ts';
import { type NameAt, rangeOf, readNameAt, type SqlPlace } from './place.ts';
import type { SqlWorkspace } from './sql-workspace.ts';

/** What is known of the name at a position. Nothing is run for it, and no rows are read. */
export async function hoverSql(place: SqlPlace, workspace: SqlWorkspace): Promise<Hover | null> {
  const at = await readNameAt(place);
  if (at === undefined) return null;
  const texts = await Promise.all(
    at.occurrence.meanings.map((meaning) => textOf(place, { ...at, meaning }, workspace)),
  );
  const text = texts.filter((t) => t !== undefined).join('\n\n');
  if (text === '') return null;
  const range = rangeOf(place.document, at.statement, at.occurrence.place);
  return { contents: { kind: 'markdown', value: text }, range };
}

async function textOf(place: SqlPlace, at: NameAt, workspace: SqlWorkspace): Promise<string | undefined> {
  const { meaning } = at;
  switch (meaning.kind) {
    case 'column':
    case 'item':
    case 'columnName':
      return columnText(place, at);
    case 'commonTable':
    case 'alias':
      return relationText(place, at);
    case 'table':
      return tableText(place, at);
    case 'file':
      return fileText(place, { at, file: meaning.file }, workspace);
    case 'function':
      return functionText(place, meaning.name);
    case 'parameter':
    case 'window':
    case 'variable':
    case 'macroParameter':
      return plainText(at, meaning);
    case 'type':
      return typeText(at);
    case 'field':
      return fieldText(place, at);
    case 'argument':
      return undefined;
  }
}

/** The statement of the document that defines a type. */
function typeText({ names, meaning }: NameAt): string | undefined {
  const found = names.statements.findLast((statement) => {
    const definition = mayDefine(statement) ? statement.syntax.definition : undefined;
    return definition?.kind === 'TYPE' && sameName(definition.name.text, meaning.name);
  });
  return found && code(shortText(found.text));
}

function plainText({ names }: NameAt, meaning: Meaning): string {
  if (!isDeclared(meaning)) {
    return `${code(meaning.name)}\n\nA parameter: its value is given when the statement runs.`;
  }
  const { statement, place, name } = meaning;
  const text = names.statements[statement]?.text ?? '';
  if (meaning.kind === 'window') {
    const rest = text.slice(place.start);
    const close = rest.indexOf(')');
    return code(`window ${close < 0 ? name : rest.slice(0, close + 1)}`);
  }
  const what =
    meaning.kind === 'macroParameter'
      ? 'A parameter of the macro.'
      : 'A parameter of the lambda, or each element.';
  return `${code(name)}\n\n${escaped(what)}`;
}
