import type { Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { mayEmbedSql } from '../../wasm-core/protocol/embedded-sql.ts';
import { sourceLanguage } from '../../wasm-core/protocol/plugins.ts';
import { isSql } from '../context.ts';
import { embeddedLanguage } from './embedded-languages.ts';
import { type VirtualDocument, virtualDocuments } from './virtual-document.ts';

/** What SQL documents are found in. */
export interface SqlDocumentsOptions {
  /** The open document of a URI. */
  readonly document: (uri: string) => TextDocument | undefined;
  /** Whether SQL in documents of other languages is looked at. */
  readonly isEmbeddedSqlOn: () => boolean;
}

/** The open documents as SQL: those in SQL themselves, and the SQL inside those of other languages. */
export class SqlDocuments {
  private readonly kept = new WeakMap<
    TextDocument,
    { readonly version: number; readonly found: readonly VirtualDocument[] }
  >();

  constructor(private readonly options: SqlDocumentsOptions) {}

  /** All SQL of a document, for what is told of whole documents; none for a document without SQL. */
  all(uri: string): readonly VirtualDocument[] {
    const document = this.options.document(uri);
    if (document === undefined) return [];
    return isSql(document) ? [{ document, parts: [], isInProgram: false }] : this.inside(document);
  }

  /** The SQL that a position is in, for what is told of places; undefined when it is in none, or what the program puts in. */
  at(uri: string, position: Position): TextDocument | undefined {
    const document = this.options.document(uri);
    if (document === undefined || isSql(document)) return document;
    const offset = document.offsetAt(position);
    const isIn = ({ parts }: VirtualDocument) =>
      parts.some(
        ({ start, end, substitutions }) =>
          start <= offset &&
          offset <= end &&
          !substitutions.some((s) => s.kind === 'hole' && s.start < offset && offset < s.end),
      );
    return this.inside(document).find(isIn)?.document;
  }

  /** The SQL inside a document of another language. */
  inside(document: TextDocument): readonly VirtualDocument[] {
    const known = this.kept.get(document);
    if (known?.version === document.version) return known.found;
    const found = this.options.isEmbeddedSqlOn() ? sqlInside(document) : [];
    this.kept.set(document, { version: document.version, found });
    return found;
  }
}

/** The SQL inside a document of another language, a plugin's source left out: its functions are SQL's, and not SQL. */
export function sqlInside(document: TextDocument): readonly VirtualDocument[] {
  const language = embeddedLanguage(document.languageId);
  if (language === undefined || !mayEmbedSql(document.languageId, document.getText())) return [];
  if (sourceLanguage(document.uri, document.getText()) !== undefined) return [];
  return virtualDocuments(document, language);
}
