import type { Position } from 'vscode-languageserver';
import type { ServerContext } from './context.ts';
import { sourceHover } from './handle-functions.ts';
import { handleStructure, knowledgeOf, workspaceOf } from './handle-structure.ts';
import { WatAnswers } from './handle-wat.ts';
import { joinHovers } from './join-hovers.ts';
import { findDefinition } from './sql/navigation/definition.ts';
import { hoverSql } from './sql/navigation/hover.ts';
import { findHighlights, findReferences } from './sql/navigation/occurrences.ts';
import type { SqlPlace } from './sql/navigation/place.ts';
import { prepareRename, renameName } from './sql/navigation/rename.ts';
import { TOKEN_MODIFIERS, TOKEN_TYPES } from './sql/navigation/semantic-tokens.ts';
import { helpWithSignature } from './sql/navigation/signature-help.ts';

/** What the server offers for reading and moving through SQL and WebAssembly text. */
export const NAVIGATION_CAPABILITIES = {
  hoverProvider: true,
  signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [')'] },
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  documentLinkProvider: {},
  semanticTokensProvider: {
    legend: { tokenTypes: TOKEN_TYPES, tokenModifiers: TOKEN_MODIFIERS },
    full: true,
    range: true,
  },
  inlayHintProvider: true,
};

type AtPosition = { readonly textDocument: { readonly uri: string }; readonly position: Position };

/** Answers what the editor asks to read documents of SQL and WebAssembly text and to move through them. */
export function handleNavigation(context: ServerContext): void {
  const wat = new WatAnswers(context);
  handleNames(context, wat);
  handleStructure(context, wat);
}

/** Hover, signatures, definitions, references, rename. */
function handleNames(context: ServerContext, wat: WatAnswers): void {
  const { connection, syntaxes, sqlDocuments } = context;
  const workspace = workspaceOf(context);
  const place = (params: AtPosition): SqlPlace | undefined => {
    const document = sqlDocuments.at(params.textDocument.uri, params.position);
    if (document === undefined) return undefined;
    const offset = document.offsetAt(params.position);
    const knowledge = knowledgeOf(context, document.uri, syntaxes.at(document, offset).database);
    return { document, statements: syntaxes.of(document), offset, knowledge };
  };
  connection.onHover(async (params) => {
    const at = place(params);
    if (at !== undefined) return hoverSql(at, workspace);
    // A function of WebAssembly text may have another name than its export, by which SQL knows it.
    const position = wat.exportPosition(params) ?? params.position;
    const inSource = await sourceHover(context, workspace, { ...params, position });
    return joinHovers(wat.hover(params), inSource);
  });
  connection.onSignatureHelp((params) => {
    const at = place(params);
    return at ? helpWithSignature(at, syntaxes.at(at.document, at.offset)) : wat.signatureHelp(params);
  });
  connection.onDefinition((params) => {
    const at = place(params);
    return at ? findDefinition(at, workspace) : wat.definition(params);
  });
  connection.onReferences((params) => {
    const at = place(params);
    return at ? findReferences(at, { ...params.context, workspace }) : wat.references(params);
  });
  connection.onDocumentHighlight((params) => {
    const at = place(params);
    return at ? findHighlights(at) : wat.highlights(params);
  });
  connection.onPrepareRename((params) => {
    const at = place(params);
    return at ? prepareRename(at) : wat.prepareRename(params);
  });
  connection.onRenameRequest((params) => {
    const at = place(params);
    return at ? renameName(at, params.newName, workspace) : wat.rename(params);
  });
}
