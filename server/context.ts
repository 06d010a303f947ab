import type { Connection, TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { EmbeddedChecker } from './embedded/embedded-checker.ts';
import type { SqlDocuments } from './embedded/sql-documents.ts';
import type { HostLink } from './host-link.ts';
import type { Platform } from './platform.ts';
import type { PluginService } from './plugins/plugin-service.ts';
import type { SqlChecker } from './sql/checker.ts';
import type { SqlSessions } from './sql/sessions.ts';
import type { DocumentSyntaxes } from './sql/syntax/document-syntax.ts';
import type { VisibleLines } from './sql/visible-lines.ts';
import type { Turns } from './turns.ts';
import type { WatChecker } from './wat/checker.ts';
import type { WatDocuments } from './wat/wat-documents.ts';
import type { Workspace } from './workspace.ts';

/** Everything that handlers work with. */
export interface ServerContext {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly platform: Platform;
  readonly workspace: Workspace;
  readonly host: HostLink;
  readonly sessions: SqlSessions;
  readonly syntaxes: DocumentSyntaxes;
  readonly turns: Turns;
  readonly visible: VisibleLines;
  readonly checker: SqlChecker;
  readonly sqlDocuments: SqlDocuments;
  readonly embeddedChecker: EmbeddedChecker;
  readonly watDocuments: WatDocuments;
  readonly watChecker: WatChecker;
  readonly plugins: PluginService;
  /** What the editor said that it can do, once it has initialized the server. */
  readonly editor: { tellsSettings: boolean; refreshesLenses: boolean };
}

/** Whether a document holds SQL. */
export function isSql(document: Pick<TextDocument, 'languageId' | 'uri'>): boolean {
  return document.languageId === 'sql' || /\.sql$/i.test(document.uri);
}

/** Whether a document holds WebAssembly text; scripts of tests (`.wast`) hold more than a module. */
export function isWat(document: Pick<TextDocument, 'languageId' | 'uri'>): boolean {
  return (document.languageId === 'wat' || /\.wat$/i.test(document.uri)) && !/\.wast$/i.test(document.uri);
}
