import type {
  CompletionItem,
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  FormattingOptions,
  InlayHint,
  Location,
  Position,
  Range,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
  WorkspaceSymbol,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isWat, type ServerContext } from './context.ts';
import type { MarkdownHover } from './join-hovers.ts';
import { TOKEN_TYPES } from './sql/navigation/semantic-tokens.ts';
import { completeWat } from './wat/completion/complete-wat.ts';
import { formatTypedWat, formatWat } from './wat/formatting/format-wat.ts';
import { findWatDefinition } from './wat/navigation/definition.ts';
import { watFoldingRanges } from './wat/navigation/folding.ts';
import { exportOf, hoverWat } from './wat/navigation/hover.ts';
import { indexNameHints } from './wat/navigation/index-hints.ts';
import type { WatPlace } from './wat/navigation/place.ts';
import { findWatHighlights, findWatReferences } from './wat/navigation/references.ts';
import { prepareWatRename, renameWat } from './wat/navigation/rename.ts';
import { watSelectionAt } from './wat/navigation/selection.ts';
import { watSemanticTokens } from './wat/navigation/semantic-tokens.ts';
import { helpWithWat } from './wat/navigation/signature-help.ts';
import { watSymbols, watWorkspaceSymbols } from './wat/navigation/symbols.ts';
import { WatDocuments } from './wat/wat-documents.ts';

/** Keeps the diagnostics of WebAssembly text while one types. */
export function handleWat({ documents, watChecker }: ServerContext): void {
  documents.onDidChangeContent(({ document }) => {
    if (isWat(document)) watChecker.schedule(document);
  });
  documents.onDidClose(({ document }) => {
    if (isWat(document)) watChecker.close(document.uri);
  });
}

type Of = { readonly textDocument: { readonly uri: string } };
type AtPosition = Of & { readonly position: Position };

/** What the editor asks of WebAssembly text; each answer is undefined for a document of another language. */
export class WatAnswers {
  constructor(private readonly context: ServerContext) {}

  definition(params: AtPosition): Location | null | undefined {
    const place = this.place(params);
    return place && findWatDefinition(place);
  }

  references(
    params: AtPosition & { readonly context: { readonly includeDeclaration: boolean } },
  ): Location[] | undefined {
    const place = this.place(params);
    return place && findWatReferences(place, params.context);
  }

  highlights(params: AtPosition): DocumentHighlight[] | undefined {
    const place = this.place(params);
    return place && findWatHighlights(place);
  }

  prepareRename(
    params: AtPosition,
  ): { readonly range: Range; readonly placeholder: string } | null | undefined {
    const place = this.place(params);
    return place && prepareWatRename(place);
  }

  rename(params: AtPosition & { readonly newName: string }): WorkspaceEdit | null | undefined {
    const place = this.place(params);
    return place && renameWat(place, params.newName);
  }

  symbols(params: Of): DocumentSymbol[] | undefined {
    const document = this.document(params);
    return document && watSymbols(document, this.context.watDocuments.of(document));
  }

  /** Of the documents that are open, and of the plugins in the workspace's folders. */
  async workspaceSymbols(fits: (name: string) => boolean): Promise<WorkspaceSymbol[]> {
    const { documents, platform, workspace, watDocuments } = this.context;
    const { files } = platform;
    const open = documents.all().filter(isWat);
    const known = new Set(open.map(({ uri }) => files.toPath(uri)));
    const found = (await Promise.all(workspace.all.map((folder) => files.findPlugins(folder)))).flat();
    // Closed documents may change at any time, so that what is read of them is not kept.
    const once = new WatDocuments();
    const closed = found
      .filter((path) => /\.wat$/i.test(path) && !known.has(path))
      .flatMap((path) => {
        const text = files.readText(path);
        return text === undefined ? [] : [TextDocument.create(files.toUri(path), 'wat', 0, text)];
      });
    return [
      ...open.flatMap((document) => watWorkspaceSymbols(document, watDocuments.of(document), fits)),
      ...closed.flatMap((document) => watWorkspaceSymbols(document, once.of(document), fits)),
    ];
  }

  folding(params: Of): FoldingRange[] | undefined {
    const document = this.document(params);
    return document && watFoldingRanges(document, this.context.watDocuments.of(document).syntax);
  }

  selections(params: Of & { readonly positions: readonly Position[] }): SelectionRange[] | undefined {
    const document = this.document(params);
    if (document === undefined) return undefined;
    const { syntax } = this.context.watDocuments.of(document);
    return params.positions.map((position) => watSelectionAt(document, syntax, document.offsetAt(position)));
  }

  tokens(params: Of & { readonly range?: Range }): SemanticTokens | undefined {
    const document = this.document(params);
    if (document === undefined) return undefined;
    const { range } = params;
    const part = range && { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    const typeNumber = (type: string) => TOKEN_TYPES.indexOf(type);
    return watSemanticTokens(document, this.context.watDocuments.of(document), {
      ...(part && { part }),
      typeNumber,
    });
  }

  completion(params: AtPosition): CompletionItem[] | undefined {
    const place = this.place(params);
    return place && completeWat(place);
  }

  hover(params: AtPosition): MarkdownHover | null | undefined {
    const place = this.place(params);
    return place && hoverWat(place);
  }

  /** Where the name of the export of the function stands that is defined at a position; undefined elsewhere. */
  exportPosition(params: AtPosition): Position | undefined {
    const place = this.place(params);
    const name = place && exportOf(place);
    return name && place?.document.positionAt(name.start + 1);
  }

  signatureHelp(params: AtPosition): SignatureHelp | null | undefined {
    const place = this.place(params);
    return place && helpWithWat(place);
  }

  /** Names behind numbers; whether they are shown is the user's. */
  hints(params: Of & { readonly range: Range }): InlayHint[] | undefined {
    const document = this.document(params);
    if (document === undefined) return undefined;
    const { start, end } = params.range;
    const part = { start: document.offsetAt(start), end: document.offsetAt(end) };
    return indexNameHints(document, this.context.watDocuments.of(document), part);
  }

  /** Of a range, or of all. */
  formatting(
    params: Of & { readonly options: FormattingOptions; readonly range?: Range },
  ): TextEdit[] | undefined {
    const document = this.document(params);
    if (document === undefined) return undefined;
    const { options: indentation, range } = params;
    const part = range && { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    return formatWat(document, { indentation, ...(part && { part }) });
  }

  typed(
    params: AtPosition & { readonly ch: string; readonly options: FormattingOptions },
  ): TextEdit[] | undefined {
    const document = this.document(params);
    if (document === undefined) return undefined;
    const { ch, options: indentation, position } = params;
    return formatTypedWat(document, { offset: document.offsetAt(position), ch, indentation });
  }

  private document({ textDocument }: Of): TextDocument | undefined {
    const document = this.context.documents.get(textDocument.uri);
    return document && isWat(document) ? document : undefined;
  }

  private place(params: AtPosition): WatPlace | undefined {
    const document = this.document(params);
    if (document === undefined) return undefined;
    const names = this.context.watDocuments.of(document);
    return { document, names, offset: document.offsetAt(params.position) };
  }
}
