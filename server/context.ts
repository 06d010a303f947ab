import type { Connection, TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { HostLink } from './host-link.ts';
import type { Platform } from './platform.ts';
import type { PluginService } from './plugins/plugin-service.ts';
import type { SqlChecker } from './sql/checker.ts';
import type { SqlSessions } from './sql/sessions.ts';
import type { Workspace } from './workspace.ts';

/** Everything that handlers work with. */
export interface ServerContext {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly platform: Platform;
  readonly workspace: Workspace;
  readonly host: HostLink;
  readonly sessions: SqlSessions;
  readonly checker: SqlChecker;
  readonly plugins: PluginService;
}

/** Whether a document holds SQL. */
export function isSql(document: Pick<TextDocument, 'languageId' | 'uri'>): boolean {
  return document.languageId === 'sql' || /\.sql$/i.test(document.uri);
}
