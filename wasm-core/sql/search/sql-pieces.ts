/** SQL that is put together from pieces, and which of them came from where. */
export class SqlPieces {
  readonly #sources: { readonly start: number; readonly end: number; readonly path: string }[] = [];
  #sql = '';

  get sql(): string {
    return this.#sql;
  }

  /** Adds SQL of our own. */
  add(sql: string): this {
    this.#sql += sql;
    return this;
  }

  /** Adds SQL that stands at a JSON path of the request. */
  addFrom(sql: string, path: string): this {
    const start = this.#sql.length;
    this.#sql += sql;
    this.#sources.push({ start, end: this.#sql.length, path });
    return this;
  }

  /** The JSON path of the piece at a position; undefined for what is our own. */
  pathAt(offset: number): string | undefined {
    return this.sourceAt(offset)?.path;
  }

  /** The piece at a position with its place; undefined for what is our own. */
  sourceAt(
    offset: number,
  ): { readonly path: string; readonly start: number; readonly end: number } | undefined {
    return this.#sources.find(({ start, end }) => offset >= start && offset < end);
  }
}
