/** A place in a source file. */
export interface SourcePlace {
  /** As the compiler knew the file: a path from the source's folder, or an absolute one. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in the compiler's units; 1 also where the compiler named none. */
  readonly column: number;
}

/** Where the code at an address, and behind it up to the next row, comes from. */
export interface LineRow {
  /** Bytes from the start of the code section's content. */
  readonly address: number;
  /** Index of a file; -1 for code without a source. */
  readonly file: number;
  /** From 1; 0 for code without a line. */
  readonly line: number;
  /** From 1; 0 for none. */
  readonly column: number;
}

/** Lines of a module, or of the parts of it that were asked for. */
export interface LineTable {
  /** By rising address; of several rows with one address the last counts. */
  readonly rows: readonly LineRow[];
  /** The file of an index, as it is written; undefined when the table names none. */
  readonly file: (index: number) => string | undefined;
  /**
   * Whether the compiler leaves code in the order of its source, so that the nearest row before inlined library code is
   * of the line that called the library. LLVM does not: it moves what is seldom reached to the function's end.
   */
  readonly inOrder: boolean;
}

/** Bytes from the start of the code section's content; the end is exclusive. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** Which addresses a table is asked for. */
export type IsWanted = (address: number) => boolean;

/** What a table says of an instruction. */
export interface FoundPlaces {
  /** The instruction's own place. */
  readonly place?: SourcePlace;
  /**
   * The place in the author's own code: the instruction's own or, where library code was inlined or the compiler put
   * something in, and code is in the order of its source, the nearest one before it in the same function.
   */
  readonly own?: SourcePlace;
}

/**
 * Looks an instruction up. Takes time linear in the rows of the function before it.
 *
 * @param body the function that the instruction is in
 */
export function findPlaces(table: LineTable, address: number, body: AddressRange): FoundPlaces {
  const at = lastRowAt(table.rows, address);
  const first = table.rows[at];
  const place = first && first.address >= body.start ? placeOf(table, first) : undefined;
  if (place !== undefined && !isLibrary(place.file)) return { place, own: place };
  const own = table.inOrder ? nearestOwn(table, at, body) : undefined;
  return { ...(place && { place }), ...(own && { own }) };
}

function nearestOwn(table: LineTable, from: number, body: AddressRange): SourcePlace | undefined {
  for (let at = from; at >= 0; at--) {
    const row = table.rows[at];
    if (row === undefined || row.address < body.start) return undefined;
    const place = placeOf(table, row);
    if (place !== undefined && !isLibrary(place.file)) return place;
  }
  return undefined;
}

/** Sources that come with a compiler, by how their paths begin or what is in them. */
const LIBRARY = /^~lib\/|^\/rustc\/|\/rustc-\d[^/]*\/|(?:^|\/)library\/(?:core|alloc|std)\/|\/\.cargo\//;

/** Whether a file is a compiler's library rather than the author's own. */
export function isLibrary(file: string): boolean {
  return LIBRARY.test(file);
}

const MAX_FILE_LENGTH = 400;
/** Longer files are no sources; a broken table gives such lines. */
const MAX_LINE = 100_000_000;

function placeOf(table: LineTable, row: LineRow): SourcePlace | undefined {
  if (row.file < 0 || !(row.line >= 1 && row.line <= MAX_LINE)) return undefined;
  const written = table.file(row.file);
  if (written === undefined || written === '') return undefined;
  // Paths come from the module, which nobody vouches for.
  const file = written
    .replace(/\p{Cc}/gu, ' ')
    .replace(/^(?:\.\/)+/, '')
    .slice(0, MAX_FILE_LENGTH);
  return { file, line: row.line, column: Math.min(Math.max(1, row.column), MAX_LINE) };
}

/** Index of the last row at or before an address; -1 when there is none. */
function lastRowAt(rows: readonly LineRow[], address: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.address ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
