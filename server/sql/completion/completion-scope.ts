import type { Catalog } from '../../../wasm-core/protocol/catalog.ts';
import type { KnownFunction, SqlKnowledge } from '../knowledge.ts';
import type { ColumnReader } from './column-reader.ts';
import type { Cursor } from './cursor.ts';
import type { DocumentDefinition } from './document-tables.ts';

/** What the sources of a completion draw from. */
export interface CompletionScope {
  readonly cursor: Cursor;
  readonly knowledge: SqlKnowledge;
  readonly catalog: Catalog;
  /** Words that are no names unless they are quoted. */
  readonly reserved: ReadonlySet<string>;
  readonly plugins: readonly KnownFunction[];
  /** What earlier statements of the document create. */
  readonly definitions: readonly DocumentDefinition[];
  readonly reader: ColumnReader;
  /** The whole document, for what is named anywhere in it. */
  readonly documentText: string;
}
