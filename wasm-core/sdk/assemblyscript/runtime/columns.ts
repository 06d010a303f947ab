/**
 * AssemblyScript that reads and builds columns of a batch, after docs/plugin-abi.md. Its names are global in a plugin,
 * so that they all begin with `__quern` or `__Quern`.
 *
 * A `__QuernColumn` keeps its buffers from batch to batch: they only grow. The bits of its validity are all ones but
 * where a row is NULL, so that a row with a value touches no bitmap.
 */
export const COLUMNS_SOURCE = `
@global function __quern_is_null(column: usize, row: i32): bool {
  const valid = load<usize>(column, 8);
  if (valid == 0) return false;
  if (load<u32>(column, 28)) row = 0;
  return ((load<u8>(valid + (<usize>row >> 3)) >> <u8>(row & 7)) & 1) == 0;
}

/** Whether one of several columns, one after another, is NULL in a row. */
@global function __quern_any_null(column: usize, count: i32, row: i32): bool {
  for (let k = 0; k < count; k++) if (__quern_is_null(column + (<usize>k << 5), row)) return true;
  return false;
}

@global function __quern_need(column: usize, row: i32): void {
  if (__quern_is_null(column, row))
    throw new Error("a NULL inside a value, where the type of the plugin takes none; declare Opt<T>, or | null");
}

@global @inline function __quern_row(column: usize, row: i32): i32 {
  return load<u32>(column, 28) ? 0 : row;
}

@global @inline function __quern_step(column: usize, size: usize): usize {
  return load<u32>(column, 28) ? 0 : size;
}

@global @inline function __quern_child(column: usize, index: i32): usize {
  return load<usize>(column, 20) + (<usize>index << 5);
}

@global @inline function __quern_offset(column: usize, row: i32): i32 {
  return load<i32>(load<usize>(column, 12) + (<usize>row << 2));
}

/** Whether the values of a column lie one after another, each of them there. */
@global @inline function __quern_is_plain(column: usize): bool {
  return load<usize>(column, 8) == 0 && load<u32>(column, 28) == 0;
}

@global @inline function __quern_bit(column: usize, row: i32): bool {
  row = __quern_row(column, row);
  return ((load<u8>(load<usize>(column, 16) + (<usize>row >> 3)) >> <u8>(row & 7)) & 1) != 0;
}

@global function __quern_text(pointer: usize, length: i32): string {
  const size = <usize>length;
  let i: usize = 0;
  while (i + 8 <= size && (load<u64>(pointer + i) & 0x8080808080808080) == 0) i += 8;
  while (i < size && load<u8>(pointer + i) < 128) i++;
  if (i < size) return String.UTF8.decodeUnsafe(pointer, size);
  const text = changetype<string>(__new(size << 1, idof<string>()));
  const to = changetype<usize>(text);
  for (i = 0; i < size; i++) store<u16>(to + (i << 1), load<u8>(pointer + i));
  return text;
}

@global function __quern_get_text(column: usize, row: i32): string {
  row = __quern_row(column, row);
  const from = __quern_offset(column, row);
  return __quern_text(load<usize>(column, 16) + <usize>from, __quern_offset(column, row + 1) - from);
}

@global function __quern_get_bytes(column: usize, row: i32): Uint8Array {
  row = __quern_row(column, row);
  const from = __quern_offset(column, row);
  return __quern_take_bytes(load<usize>(column, 16) + <usize>from, __quern_offset(column, row + 1) - from);
}

@global function __quern_take_bytes(pointer: usize, length: i32): Uint8Array {
  const value = new Uint8Array(length);
  memory.copy(value.dataStart, pointer, <usize>length);
  return value;
}

/** Writes text as UTF-8 where there is room for three bytes for each code unit; gives the bytes written. */
@global function __quern_encode(value: string, to: usize): usize {
  const from = changetype<usize>(value);
  const length = <usize>value.length;
  let i: usize = 0;
  for (; i < length; i++) {
    const unit = load<u16>(from + (i << 1));
    if (unit > 127) break;
    store<u8>(to + i, unit);
  }
  if (i == length) return i;
  // A lone surrogate has no UTF-8 form: it leaves as U+FFFD rather than as bytes that the host would refuse.
  return i + String.UTF8.encodeUnsafe(from + (i << 1), <i32>(length - i), to + i, false, String.UTF8.ErrorMode.REPLACE);
}

/** The most bytes that text takes: exact where a guess would cost megabytes. */
@global function __quern_text_room(value: string): usize {
  return value.length < 65536 ? <usize>value.length * 3 : <usize>String.UTF8.byteLength(value) + 16;
}

@global class __QuernBuffer {
  start: usize = 0;
  size: usize = 0;

  /** Makes room for so many bytes from the start; what was written stays. */
  @inline reserve(size: usize): usize {
    if (size > this.size) this.grow(size);
    return this.start;
  }

  private grow(size: usize): void {
    const wanted = max<usize>(max<usize>(64, size), this.size + (this.size >> 1));
    const start = heap.alloc(wanted);
    if (this.start != 0) {
      memory.copy(start, this.start, this.size);
      heap.free(this.start);
    }
    this.start = start;
    this.size = wanted;
  }
}

@global class __QuernColumn {
  rows: i32 = 0;
  nulls: i32 = 0;
  used: usize = 0;
  valid: __QuernBuffer = new __QuernBuffer();
  offsets: __QuernBuffer = new __QuernBuffer();
  data: __QuernBuffer = new __QuernBuffer();
  records: usize = 0;

  /**
   * @param width bytes of a value of fixed width, else 0
   * @param form 0 fixed width or none, 1 bits, 2 offsets into bytes, 3 offsets into a child
   * @param each how many rows of each child belong to a row, for forms without offsets
   */
  constructor(
    public width: i32,
    public form: i32,
    public each: i32,
    public children: StaticArray<__QuernColumn>,
  ) {}

  reset(): void {
    if (this.nulls != 0) memory.fill(this.valid.start, 255, this.valid.size);
    this.rows = 0;
    this.nulls = 0;
    this.used = 0;
    for (let i = 0; i < this.children.length; i++) unchecked(this.children[i]).reset();
  }

  /** Room for the rows of a column of fixed width, which are written there; counts them as there. */
  fixed(rows: i32): usize {
    this.rows = rows;
    this.used = <usize>rows * <usize>this.width;
    return this.data.reserve(this.used);
  }

  /** Room for one more value of fixed width. */
  @inline next(): usize {
    const at = this.used;
    this.used = at + <usize>this.width;
    this.rows++;
    return this.data.reserve(this.used) + at;
  }

  bit(value: bool): void {
    const row = this.rows++;
    const byte = this.data.reserve(<usize>(row >> 3) + 1) + <usize>(row >> 3);
    const before = row & 7 ? load<u8>(byte) : 0;
    store<u8>(byte, before | (<u8>value << <u8>(row & 7)));
  }

  text(value: string): void {
    const at = this.used;
    const start = this.data.reserve(at + __quern_text_room(value));
    this.end(at + __quern_encode(value, start + at));
  }

  bytes(value: Uint8Array): void {
    const at = this.used;
    const size = <usize>value.byteLength;
    memory.copy(this.data.reserve(at + size) + at, value.dataStart, size);
    this.end(at + size);
  }

  /** Many values of fixed width, from memory. */
  copy(from: usize, rows: i32): void {
    const at = this.used;
    const size = <usize>rows * <usize>this.width;
    this.used = at + size;
    this.rows += rows;
    memory.copy(this.data.reserve(this.used) + at, from, size);
  }

  /** Ends a row of a column with offsets: where its bytes, or its child's rows, end. */
  end(used: usize): void {
    this.used = used;
    const row = ++this.rows;
    const offsets = this.offsets.reserve(<usize>(row + 1) << 2);
    store<i32>(offsets, 0);
    store<i32>(offsets + (<usize>row << 2), <i32>used);
  }

  null(): void {
    const row = this.rows;
    this.clear(row);
    if (this.form == 0) {
      if (this.width) memory.fill(this.next(), 0, <usize>this.width);
      else this.rows++;
    } else if (this.form == 1) this.bit(false);
    else this.end(this.used);
    for (let n = 0; n < this.each; n++) {
      for (let i = 0; i < this.children.length; i++) unchecked(this.children[i]).null();
    }
  }

  private clear(row: i32): void {
    const had = this.valid.size;
    const valid = this.valid.reserve(<usize>(row >> 3) + 1);
    if (this.valid.size > had) memory.fill(valid + had, 255, this.valid.size - had);
    const byte = valid + <usize>(row >> 3);
    store<u8>(byte, load<u8>(byte) & ~(<u8>1 << <u8>(row & 7)));
    this.nulls++;
  }

  /** Writes the column's record of 32 bytes. */
  finish(record: usize): usize {
    const hasOffsets = this.form >= 2;
    if (hasOffsets && this.rows == 0) store<i32>(this.offsets.reserve(4), 0);
    if (this.nulls != 0) {
      const had = this.valid.size;
      const valid = this.valid.reserve(<usize>(this.rows >> 3) + 1);
      if (this.valid.size > had) memory.fill(valid + had, 255, this.valid.size - had);
    }
    const count = this.children.length;
    store<i32>(record, this.rows);
    store<i32>(record, this.nulls, 4);
    store<usize>(record, this.nulls != 0 ? this.valid.start : 0, 8);
    store<usize>(record, hasOffsets ? this.offsets.start : 0, 12);
    const hasData = this.width != 0 || this.form == 1 || this.form == 2;
    store<usize>(record, hasData ? this.data.reserve(1) : 0, 16);
    if (count != 0 && this.records == 0) this.records = heap.alloc(<usize>count << 5);
    store<usize>(record, this.records, 20);
    store<i32>(record, count, 24);
    store<i32>(record, 0, 28);
    for (let i = 0; i < count; i++) unchecked(this.children[i]).finish(this.records + (<usize>i << 5));
    return record;
  }
}

const record: usize = memory.data(32, 16);
const block: usize = memory.data(16, 16);

/** The record of a result; there is one, since a result is read before the next call. */
@global function __quern_result(column: __QuernColumn): usize { return column.finish(record); }

/** Room for a result of 16 bytes in the row form. */
@global function __quern_block(): usize { return block; }

const out = new __QuernBuffer();

@global function __quern_give_text(value: string | null): i64 {
  if (value === null) return -1 << 32;
  const start = out.reserve(__quern_text_room(value) + 1);
  return __quern_pack(start, __quern_encode(value, start));
}

@global function __quern_give_bytes(value: Uint8Array | null): i64 {
  if (value === null) return -1 << 32;
  const size = <usize>value.byteLength;
  const start = out.reserve(size + 1);
  memory.copy(start, value.dataStart, size);
  return __quern_pack(start, size);
}

function __quern_pack(start: usize, size: usize): i64 { return (<i64>size << 32) | <i64>(<u64>start); }
`;
