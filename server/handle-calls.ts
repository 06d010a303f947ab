import {
  type CallHierarchyItem,
  CallHierarchyPrepareRequest,
  type Position,
  type TextDocumentIdentifier,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isSql, type ServerContext } from './context.ts';
import { knowledgeOf, workspaceOf } from './handle-structure.ts';
import { canonicalUri } from './platform.ts';
import {
  type CallWorld,
  callItemAt,
  callsFrom,
  callsOf,
  pluginItem,
} from './sql/navigation/call-hierarchy.ts';
import type { SqlDocument } from './sql/navigation/sql-workspace.ts';

/** Documents for which an editor asks nobody else; of programs it would no longer ask their own language. */
const SELECTOR = [
  { language: 'sql' },
  { language: 'markdown' },
  { language: 'wat' },
  { language: 'typescript', scheme: 'file', pattern: '**/plugins/**/*.ts' },
];

/**
 * Answers who calls whom between SQL and plugins.
 *
 * @param options known once the client has initialized the server
 * @returns what is to be done then
 */
export function handleCalls(
  context: ServerContext,
  options: { readonly registersCalls: () => boolean },
): () => Promise<void> {
  const { connection } = context;
  connection.languages.callHierarchy.onPrepare(async ({ textDocument, position }) => {
    const item = await itemAt(context, textDocument, position);
    return item === undefined ? null : [item];
  });
  connection.languages.callHierarchy.onIncomingCalls(async ({ item }) => {
    const calls = await callsOf(item, worldOf(context, item.uri));
    return calls.map((call) => ({ from: call.item, fromRanges: call.ranges }));
  });
  connection.languages.callHierarchy.onOutgoingCalls(async ({ item }) => {
    const calls = await callsFrom(item, worldOf(context, item.uri));
    return calls.map((call) => ({ to: call.item, fromRanges: call.ranges }));
  });
  return async () => {
    if (!options.registersCalls()) return;
    await connection.client.register(CallHierarchyPrepareRequest.type, { documentSelector: SELECTOR });
  };
}

async function itemAt(
  context: ServerContext,
  { uri }: TextDocumentIdentifier,
  position: Position,
): Promise<CallHierarchyItem | undefined> {
  const { sqlDocuments, syntaxes, documents } = context;
  const sql = sqlDocuments.at(uri, position);
  if (sql !== undefined) {
    const knowledge = knowledgeOf(context, uri);
    const place = { document: sql, statements: syntaxes.of(sql), offset: sql.offsetAt(position), knowledge };
    return await callItemAt(place, worldOf(context, uri));
  }
  const source = documents.get(uri);
  return source && (await pluginItemAt(context, source, position));
}

/** The function of a plugin's source that a position names, or whose declaration it is in. */
async function pluginItemAt(context: ServerContext, source: TextDocument, position: Position) {
  const { files } = context.platform;
  const uri = canonicalUri(files, source.uri);
  const own = (await worldOf(context, uri).functions()).filter((known) => known.uri === uri);
  const word = wordAt(source.getText(), source.offsetAt(position));
  const isIn = ({ range }: (typeof own)[number]) =>
    range !== undefined && range.start.line <= position.line && position.line <= range.end.line;
  const found = own.find(({ fn }) => fn.name === word) ?? own.find(isIn);
  return found && pluginItem(found);
}

function wordAt(text: string, offset: number): string {
  const before = /\w*$/.exec(text.slice(Math.max(0, offset - 100), offset))?.[0] ?? '';
  return before + (/^\w*/.exec(text.slice(offset, offset + 100))?.[0] ?? '');
}

/** What sees the same plugins as a document or a plugin's source. */
function worldOf(context: ServerContext, uri: string): CallWorld {
  const { workspace, platform, documents, syntaxes, sqlDocuments, plugins } = context;
  const path = platform.files.toPath(uri);
  const open = documents.get(uri);
  const isSource = path !== undefined && !/\.sql$/i.test(path) && open?.languageId !== 'sql';
  const session =
    isSource && sqlDocuments.all(uri).length === 0
      ? workspace.namespaceOf(path)
      : workspace.foldersOf(uri)?.session;
  const sees = (other: string) => workspace.foldersOf(other)?.session === session;
  return {
    documents: async () => {
      const closed = await workspaceOf(context).all();
      const inside = documents
        .all()
        .flatMap((document) => sqlDocuments.all(document.uri))
        .map(({ document }): SqlDocument => ({ document, statements: syntaxes.of(document) }));
      const isOpen = (other: SqlDocument) => documents.all().some((d) => isSql(d) && d === other.document);
      return [...inside, ...closed.filter((other) => !isOpen(other))].filter(({ document }) =>
        sees(document.uri),
      );
    },
    functions: async () => {
      const known = session === undefined ? [] : plugins.functionsIn(session);
      const ours = new Set(known.map(({ fn }) => fn.name));
      const others = isSource ? [] : await knowledgeOf(context, uri).functions();
      return [...known, ...others.filter(({ fn }) => !ours.has(fn.name))];
    },
  };
}
