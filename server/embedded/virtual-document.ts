import { TextDocument } from 'vscode-languageserver-textdocument';
import type { EmbeddedLanguage } from './embedded-languages.ts';
import type { SqlPart, Substitution } from './sql-part.ts';

/**
 * SQL of a document of another language as a SQL document: its text is as long as the whole, with everything blank but
 * SQL, so that all positions are those of the document that it is in.
 */
export interface VirtualDocument {
  /** Has the URI and the version of the document that it is in. */
  readonly document: TextDocument;
  readonly parts: readonly SqlPart[];
  /** Whether it stands in a program, which may speak to a database of its own. */
  readonly isInProgram: boolean;
}

/** Parts beyond these are left alone: each costs as much as the whole text. */
const MAX_PARTS = 500;

/** The SQL documents in a document of another language; none when it has no SQL. */
export function virtualDocuments(host: TextDocument, language: EmbeddedLanguage): VirtualDocument[] {
  const text = host.getText();
  const parts = language.find(text).slice(0, MAX_PARTS);
  if (parts.length === 0) return [];
  const blank = text.replace(/[^\r\n]/g, ' ');
  const groups = language.isOneText ? [parts] : parts.map((part) => [part]);
  return groups.map((group) => ({
    document: TextDocument.create(host.uri, 'sql', host.version, sqlText(text, blank, group)),
    parts: group,
    isInProgram: !language.isOneText,
  }));
}

/** The blank text with parts in it, each an end of its last statement behind it where there is room. */
function sqlText(text: string, blank: string, parts: readonly SqlPart[]): string {
  let made = '';
  for (const { start, end, substitutions } of parts) {
    made += blank.slice(made.length, start);
    for (const [index, substitution] of substitutions.entries()) {
      made += text.slice(made.length, substitution.start) + replacement(text, substitution, index);
    }
    made += text.slice(made.length, end);
    if (end < text.length && blank[end] === ' ') made += ';';
  }
  return made + blank.slice(made.length);
}

/** What stands for something that is no SQL, of the same length and with the same lines. */
function replacement(text: string, { start, end, kind }: Substitution, index: number): string {
  const original = text.slice(start, end);
  if (kind === 'escape') return escaped(original);
  // Of its own, since a parameter that is named twice has one type; the rest of a long one goes into further lines.
  const [line = ''] = original.split(/[\r\n]/, 1);
  const parameter = `$h${index.toString(36)}`.slice(0, line.length).padEnd(line.length, '_');
  return parameter + original.slice(line.length).replace(/[^\r\n]/g, ' ');
}

/** The character that an escape of two stands for, where that is one of a line; else blanks. */
function escaped(original: string): string {
  const [, c = ' '] = original;
  const isItself = original.length === 2 && /[^\w\r\n]/.test(c);
  return isItself ? `${c} ` : original.replace(/[^\r\n]/g, ' ');
}
