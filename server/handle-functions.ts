import type { CodeLens, Position } from 'vscode-languageserver';
import {
  LSP_FUNCTIONS,
  type SourceFunctionsParams,
  type SourceFunctionsResult,
} from '../wasm-core/protocol/lsp.ts';
import type { ServerContext } from './context.ts';
import { hoverFunction } from './functions/function-hover.ts';
import { functionLenses, sourceFunctions } from './functions/function-lenses.ts';
import type { MarkdownHover } from './join-hovers.ts';
import { knowledgeFor } from './sql/host-knowledge.ts';
import type { SqlWorkspace } from './sql/navigation/sql-workspace.ts';

/** Tells the client which functions a plugin's source declares. */
export function handleFunctions({ connection, plugins }: ServerContext): void {
  connection.onRequest(
    LSP_FUNCTIONS,
    async ({ uri }: SourceFunctionsParams): Promise<SourceFunctionsResult> => {
      return sourceFunctions(uri, await plugins.functionsOf(uri));
    },
  );
}

/** The lenses of a plugin's source; none for other documents. */
export async function sourceLenses({ plugins }: ServerContext, uri: string): Promise<CodeLens[]> {
  const declared = await plugins.functionsOf(uri);
  return declared === undefined ? [] : functionLenses(uri, declared);
}

/** What is known of the function that is declared at a position of a plugin's source; null elsewhere. */
export async function sourceHover(
  context: ServerContext,
  workspace: SqlWorkspace,
  params: { readonly textDocument: { readonly uri: string }; readonly position: Position },
): Promise<MarkdownHover | null> {
  const { documents, plugins, platform } = context;
  const { uri } = params.textDocument;
  const document = documents.get(uri);
  const declared = document && (await plugins.functionsOf(uri));
  if (document === undefined || declared === undefined) return null;
  const knowledge = knowledgeFor(uri, { ...context, files: platform.files });
  return hoverFunction(document, params.position, { declared, knowledge, workspace });
}
