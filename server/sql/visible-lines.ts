import type { LineSpan, VisibleParams } from '../../wasm-core/protocol/lsp.ts';

/** Which lines of documents are on the screen, as the client last told; none for a client that does not tell. */
export class VisibleLines {
  private documents: ReadonlyMap<string, readonly LineSpan[]> = new Map();

  /** Takes what the client tells; a message that is none is left out. */
  take(told: unknown): void {
    const { documents } = parse(told);
    const all = new Map<string, LineSpan[]>();
    // A document may be in several editors.
    for (const { uri, lines } of documents) all.set(uri, [...(all.get(uri) ?? []), ...lines]);
    this.documents = all;
  }

  /** The lines of a document that are on the screen. */
  of(uri: string): readonly LineSpan[] {
    return this.documents.get(uri) ?? [];
  }
}

function parse(value: unknown): VisibleParams {
  if (!isObject(value) || !Array.isArray(value.documents)) return { documents: [] };
  const documents = value.documents.flatMap((document: unknown) => {
    if (!isObject(document) || typeof document.uri !== 'string' || !Array.isArray(document.lines)) return [];
    return [{ uri: document.uri, lines: document.lines.filter(isSpan) }];
  });
  return { documents };
}

function isSpan(value: unknown): value is LineSpan {
  return isObject(value) && Number.isInteger(value.first) && Number.isInteger(value.last);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
