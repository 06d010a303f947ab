import {
  DocumentFormattingRequest,
  DocumentOnTypeFormattingRequest,
  DocumentRangeFormattingRequest,
  type ServerCapabilities,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isSql, type ServerContext } from './context.ts';
import { readEditorSettings } from './editor-settings.ts';
import { partOf } from './handle-structure.ts';
import { WatAnswers } from './handle-wat.ts';
import { type FormatStyle, formatStatements, formatTyped } from './sql/navigation/formatting.ts';

/** What formats while one types, by language. */
const TYPED = {
  sql: { firstTriggerCharacter: ';' },
  wat: { firstTriggerCharacter: '\n', moreTriggerCharacter: [')'] },
};

/** What is told of formatting to a client that cannot be told of which documents. */
export const FORMATTING_CAPABILITIES: ServerCapabilities = {
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: { firstTriggerCharacter: ';', moreTriggerCharacter: ['\n', ')'] },
};

/**
 * Formats documents of SQL and WebAssembly text.
 *
 * @param options known once the client has initialized the server
 * @returns what is to be done then: of programs in other languages an editor must not take us for a formatter
 */
export function handleFormatting(
  context: ServerContext,
  options: { readonly registersFormatting: () => boolean },
): () => Promise<void> {
  answerFormatting(context, new WatAnswers(context));
  const { client } = context.connection;
  return async () => {
    if (!options.registersFormatting()) return;
    const documentSelector = [{ language: 'sql' }, { language: 'wat' }];
    await client.register(DocumentFormattingRequest.type, { documentSelector });
    await client.register(DocumentRangeFormattingRequest.type, { documentSelector });
    for (const [language, triggers] of Object.entries(TYPED)) {
      const typed = { documentSelector: [{ language }], ...triggers };
      await client.register(DocumentOnTypeFormattingRequest.type, typed);
    }
  };
}

function answerFormatting(context: ServerContext, wat: WatAnswers): void {
  const { connection, syntaxes } = context;
  const styleOf = async (uri: string, indentation: FormatStyle['indentation']): Promise<FormatStyle> => ({
    indentation,
    keywordCase: (await readEditorSettings(context, uri)).keywordCase,
  });
  connection.onDocumentFormatting(async (params) => {
    const inWat = wat.formatting(params);
    if (inWat !== undefined) return inWat;
    const document = documentOf(context, params);
    if (document === undefined) return [];
    const style = await styleOf(document.uri, params.options);
    return formatStatements(document, syntaxes.of(document), { style });
  });
  connection.onDocumentRangeFormatting(async (params) => {
    const inWat = wat.formatting(params);
    if (inWat !== undefined) return inWat;
    const document = documentOf(context, params);
    if (document === undefined) return [];
    const style = await styleOf(document.uri, params.options);
    return formatStatements(document, syntaxes.of(document), { style, part: partOf(document, params.range) });
  });
  connection.onDocumentOnTypeFormatting(async (params) => {
    const inWat = wat.typed(params);
    if (inWat !== undefined) return inWat;
    const document = documentOf(context, params);
    // A client that asks of all documents sends the characters of WebAssembly text, too.
    if (document === undefined || params.ch !== ';') return [];
    const style = await styleOf(document.uri, params.options);
    const offset = document.offsetAt(params.position);
    return formatTyped(document, syntaxes.of(document), { offset, style });
  });
}

function documentOf(
  { documents }: ServerContext,
  { textDocument }: { readonly textDocument: { readonly uri: string } },
): TextDocument | undefined {
  const document = documents.get(textDocument.uri);
  return document && isSql(document) ? document : undefined;
}
