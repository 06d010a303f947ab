import type { Location, Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { sameName } from '../syntax/scope.ts';
import { isMark, tokenize } from '../tokens.ts';
import { READS_FILES } from './binding/words.ts';
import type { SqlWorkspace } from './sql-workspace.ts';

/** The beginning of a file. */
export const FILE_START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/**
 * Where the file of a column has it: in the header of a CSV file, else at the beginning of the file.
 *
 * @param column.source what the column is of, as the statement writes it; null for anything but one file
 */
export function fileColumn(
  { uri }: TextDocument,
  column: { readonly name: string; readonly source: string },
  workspace: Pick<SqlWorkspace, 'fileOf' | 'headOf'>,
): Location | null {
  const file = fileIn(column.source);
  const found = file === undefined ? undefined : workspace.fileOf(uri, file);
  if (found === undefined) return null;
  const head = /\.(csv|tsv|txt)$/i.test(found) ? workspace.headOf(found) : undefined;
  return { uri: found, range: headerRange(head ?? '', column.name) ?? FILE_START };
}

/** The file of `'file'` or `read_csv('file', …)`. */
function fileIn(source: string): string | undefined {
  const [first, open, argument] = tokenize(source);
  const isCall = first?.kind === 'word' && READS_FILES.test(first.text) && isMark(open, '(');
  const literal = isCall ? argument : first;
  if (literal?.kind !== 'string' || !/^'.*'$/s.test(literal.text)) return undefined;
  return literal.text.slice(1, -1).replaceAll("''", "'");
}

/** Where a column's name stands in the first line; undefined when it stands there under no delimiter. */
function headerRange(head: string, name: string): Range | undefined {
  const line = head.split(/\r?\n|\r/, 1)[0] ?? '';
  const first = line.startsWith('\ufeff') ? 1 : 0;
  for (const delimiter of [',', ';', '\t', '|']) {
    for (const { text, start, end } of fields(line, first, delimiter)) {
      if (sameName(text, name)) {
        // An editor shows no byte order mark.
        const at = (offset: number) => ({ line: 0, character: offset - first });
        return { start: at(start), end: at(end) };
      }
    }
  }
  return undefined;
}

/** The fields of a line, without the space and the quotes around them. */
function fields(line: string, first: number, delimiter: string) {
  const found: { readonly text: string; readonly start: number; readonly end: number }[] = [];
  for (let at = first; at <= line.length; ) {
    const quoted = /\s*"((?:[^"]|"")*)"/y;
    quoted.lastIndex = at;
    const [whole, inner] = quoted.exec(line) ?? [];
    const from = at + (whole?.length ?? 0);
    const next = line.indexOf(delimiter, from);
    const end = next < 0 ? line.length : next;
    const written = line.slice(at, end);
    const start = at + (written.length - written.trimStart().length);
    const text = inner?.replaceAll('""', '"') ?? written.trim();
    found.push({ text, start, end: start + written.trim().length });
    at = end + 1;
  }
  return found;
}
