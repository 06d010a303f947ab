import type { SqlType } from '../../../protocol/sql-types.ts';
import { entryType } from '../../../runtime/values/sql-type-of.ts';
import type { Native } from '../native.ts';
import { COLUMN, COLUMN_BYTES, fixedBytes } from './batch-layout.ts';
import { BytesResult, checkedOffsets } from './result-bytes.ts';
import { type BatchSource, invalid, ResultColumn, type ResultTarget } from './result-column.ts';
import {
  BooleanResult,
  DecimalResult,
  FixedResult,
  RangeResult,
  UuidResult,
  WideDecimalResult,
} from './result-numbers.ts';

const DAY_MICROS = 86_400_000_000n;

/** The reader of a type's columns. */
export function resultColumn(native: Native, type: SqlType): ResultColumn {
  switch (type.kind) {
    case 'decimal':
      return type.width <= 18
        ? new DecimalResult(native, type.width)
        : new WideDecimalResult(native, type.width);
    case 'list':
      return new ListResult(native, type.element);
    case 'map':
      return new MapResult(native, entryType(type));
    case 'array':
      return new ArrayResult(native, type);
    case 'struct':
      return new StructResult(native, type);
    case 'simple': {
      if (type.name === 'TIME') {
        return new RangeResult(native, { low: 0n, high: DAY_MICROS, text: 'time of day in microseconds' });
      }
      const bytes = fixedBytes(type.name);
      if (bytes !== undefined) return new FixedResult(native, bytes);
      if (type.name === 'BOOLEAN') return new BooleanResult(native);
      if (type.name === 'UUID') return new UuidResult(native);
      return new BytesResult(native, type.name === 'VARCHAR');
    }
  }
}

/** The address of child columns, as many as the type has. */
function childrenAt(source: BatchSource, at: number, count: number): number {
  const { words } = source.guest;
  const has = words[at + COLUMN.childCount] ?? 0;
  if (has !== count) throw invalid(`a column of it has ${has} children, but its type has ${count}`);
  const address = words[at + COLUMN.children] ?? 0;
  source.check(address, COLUMN_BYTES * count, 'children');
  return address;
}

/** Values of a list vector: the engine, of 32 bits, would make less room than it needs for more bytes than it counts. */
const MAX_VALUES = 2 ** 25;

/** LIST, and MAP as a list of structs. */
class ListResult extends ResultColumn {
  readonly #child: ResultColumn;

  constructor(native: Native, element: SqlType) {
    super(native);
    this.#child = resultColumn(native, element);
  }

  protected readData(source: BatchSource, at: number, to: ResultTarget): void {
    const { api } = this.native;
    const offsets = checkedOffsets(source, at, this.stored);
    const child = childrenAt(source, at, 1);
    const { words } = source.guest;
    const start = words[offsets] ?? 0;
    const count = (words[offsets + this.stored] ?? 0) - start;
    const needed = { rows: start + count, exactly: false };
    // The engine would make room for whatever the offsets say.
    this.#child.checkRows(source, child, needed);
    const base = to.firstRow === 0 ? 0 : api.duckdb_list_vector_get_size(to.vector);
    const size = base + count;
    if (size * this.#child.width > MAX_VALUES) {
      throw invalid(
        `its lists hold ${size * this.#child.width} values, but at most ${MAX_VALUES} can be taken`,
      );
    }
    if (api.duckdb_list_vector_reserve(to.vector, size, 0) !== 0) {
      throw new Error(`the engine has no memory left for a list of ${size} values`);
    }
    this.#child.read(source, child, needed, {
      vector: api.duckdb_list_vector_get_child(to.vector),
      firstRow: base,
      rowCount: count,
      sources: start === 0 ? undefined : Int32Array.from({ length: count }, (_, i) => start + i),
    });
    api.duckdb_list_vector_set_size(to.vector, size, 0);
    this.#writeEntries(source, { offsets, shift: base - start }, to);
  }

  #writeEntries(
    source: BatchSource,
    from: { readonly offsets: number; readonly shift: number },
    to: ResultTarget,
  ): void {
    const { words } = source.guest;
    const entries = this.native.api.duckdb_vector_get_data(to.vector) >>> 2;
    const engine = this.native.words();
    for (let i = 0; i < to.rowCount; i++) {
      const row = to.sources === undefined ? i : (to.sources[i] ?? -1);
      const entry = entries + 4 * (to.firstRow + i);
      const start = row < 0 ? 0 : (words[from.offsets + row] ?? 0);
      engine[entry] = row < 0 ? 0 : start + from.shift;
      engine[entry + 1] = 0;
      engine[entry + 2] = row < 0 ? 0 : (words[from.offsets + row + 1] ?? 0) - start;
      engine[entry + 3] = 0;
    }
  }
}

/** The engine takes for granted that neither entries nor keys are NULL. */
class MapResult extends ListResult {
  protected override readData(source: BatchSource, at: number, to: ResultTarget): void {
    super.readData(source, at, to);
    const { api } = this.native;
    const entry = api.duckdb_list_vector_get_child(to.vector);
    const key = api.duckdb_struct_vector_get_child(entry, 0, 0);
    const masks = [entry, key].map((vector) => api.duckdb_vector_get_validity(vector)).filter(Boolean);
    if (masks.length === 0) return;
    const words = this.native.words();
    const entries = (api.duckdb_vector_get_data(to.vector) >>> 2) + 4 * to.firstRow;
    for (let i = 0; i < to.rowCount; i++) {
      // NULL rows have no entries.
      const start = words[entries + 4 * i] ?? 0;
      const end = start + (words[entries + 4 * i + 2] ?? 0);
      for (let k = start; k < end; k++) {
        const isNull = (mask: number) => (((words[(mask >>> 2) + (k >>> 5)] ?? 0) >>> (k & 31)) & 1) === 0;
        if (masks.some(isNull)) throw invalid(`the MAP of row ${i} has a key that is NULL`);
      }
    }
  }
}

class ArrayResult extends ResultColumn {
  readonly #child: ResultColumn;
  readonly #length: number;

  constructor(native: Native, type: Extract<SqlType, { kind: 'array' }>) {
    super(native);
    this.#child = resultColumn(native, type.element);
    this.#length = type.length;
  }

  override get width(): number {
    return this.#length * this.#child.width;
  }

  protected readData(source: BatchSource, at: number, to: ResultTarget): void {
    this.#child.read(
      source,
      childrenAt(source, at, 1),
      { rows: this.stored * this.#length, exactly: false },
      {
        vector: this.native.api.duckdb_array_vector_get_child(to.vector),
        firstRow: to.firstRow * this.#length,
        rowCount: to.rowCount * this.#length,
        sources: to.sources && this.#childSources(to.sources),
      },
    );
  }

  #childSources(rows: Int32Array): Int32Array {
    const length = this.#length;
    const sources = new Int32Array(rows.length * length).fill(-1);
    rows.forEach((row, i) => {
      for (let k = 0; k < length && row >= 0; k++) sources[i * length + k] = row * length + k;
    });
    return sources;
  }
}

/** The fields of a NULL struct become NULL too, as the engine expects. */
class StructResult extends ResultColumn {
  readonly #children: readonly ResultColumn[];

  constructor(native: Native, type: Extract<SqlType, { kind: 'struct' }>) {
    super(native);
    this.#children = type.fields.map((field) => resultColumn(native, field.type));
  }

  override get width(): number {
    return Math.max(...this.#children.map((child) => child.width));
  }

  protected readData(source: BatchSource, at: number, to: ResultTarget): void {
    const headers = childrenAt(source, at, this.#children.length);
    this.#children.forEach((child, index) => {
      const vector = this.native.api.duckdb_struct_vector_get_child(to.vector, index, 0);
      child.read(
        source,
        headers + COLUMN_BYTES * index,
        { rows: this.stored, exactly: false },
        { ...to, vector },
      );
    });
  }
}
