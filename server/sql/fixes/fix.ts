import { type CodeAction, CodeActionKind, type Diagnostic, type TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { PlatformFiles } from '../../platform.ts';
import type { DocumentFolders } from '../../workspace.ts';
import type { SqlKnowledge } from '../knowledge.ts';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import type { Span } from '../syntax/tree.ts';

/** What fixes work with, for one statement. Positions are UTF-16 code units in the statement's text. */
export interface FixInput {
  readonly document: TextDocument;
  readonly statement: PlacedStatement;
  readonly knowledge: SqlKnowledge;
  /** Whether a text is a statement without any error of the engine's; with `isParsed`, without one of its parser. */
  readonly isSound: (sql: string, level?: 'isParsed') => Promise<boolean>;
  /** Where a plugin may be created; absent: nowhere. */
  readonly newPlugins?: NewPlugins;
}

/** How and where plugins are created. */
export interface NewPlugins {
  readonly files: Pick<PlatformFiles, 'join' | 'exists' | 'toUri'>;
  readonly folders: DocumentFolders;
  readonly language: 'assemblyscript' | 'wat';
}

/** A diagnostic to be mended. */
export interface Fault extends FixInput {
  readonly diagnostic: Diagnostic;
  readonly message: string;
  readonly span: Span;
}

/** Mends diagnostics of some codes. */
export interface Fix {
  readonly codes: readonly string[];
  actions(fault: Fault): readonly CodeAction[] | Promise<readonly CodeAction[]>;
}

/** A change of the statement. */
export interface Change extends Span {
  readonly text: string;
}

/** A quick fix of a fault by changes of its statement. */
export function quickFix(fault: Fault, title: string, changes: readonly Change[]): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [fault.diagnostic],
    edit: { changes: { [fault.document.uri]: textEdits(fault, changes) } },
  };
}

/** Changes of a statement as edits of its document. */
export function textEdits({ document, statement }: FixInput, changes: readonly Change[]): TextEdit[] {
  return changes.map(({ start, end, text }) => ({
    range: {
      start: document.positionAt(statement.start + start),
      end: document.positionAt(statement.start + end),
    },
    newText: text,
  }));
}

/** A text with changes made, which do not overlap. */
export function changed(text: string, changes: readonly Change[]): string {
  const ordered = [...changes].sort((a, b) => b.start - a.start);
  return ordered.reduce((all, { start, end, text: by }) => all.slice(0, start) + by + all.slice(end), text);
}

/** The end of a text's part without the space at its end. */
export function trimmedEnd(text: string, { start, end }: Span): number {
  return start + text.slice(start, end).trimEnd().length;
}
