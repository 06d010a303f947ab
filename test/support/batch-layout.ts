/*
 * Batches by hand, written from docs/plugin-abi.md alone, so that what makes and reads them elsewhere has an oracle.
 */

/** A column's layout: bytes of fixed width, bits, bytes with offsets, or one made of others. */
export type Layout =
  | { readonly kind: 'fixed'; readonly read: NumberKind }
  | { readonly kind: 'bits' }
  | { readonly kind: 'text' }
  | { readonly kind: 'list'; readonly element: Layout }
  | { readonly kind: 'array'; readonly element: Layout; readonly length: number }
  | { readonly kind: 'struct'; readonly fields: Readonly<Record<string, Layout>> };
export type NumberKind = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'f32' | 'f64' | 'i64' | 'u64' | 'i128';

/** A value of a column: null, number, bigint, boolean, text, an array, or an object of fields. */
export type Value =
  | null
  | number
  | bigint
  | boolean
  | string
  | readonly Value[]
  | { readonly [name: string]: Value };

/** A column of a batch; `constant` stands for all rows by its first value. */
export interface GivenColumn {
  readonly layout: Layout;
  readonly values: readonly Value[];
  readonly constant?: true;
}

const BYTES: Readonly<Record<NumberKind, number>> = {
  ...{ i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, f32: 4, f64: 8, i64: 8, u64: 8, i128: 16 },
};

/** Encodes a batch for memory at an address. */
export function encodeBatch(
  columns: readonly GivenColumn[],
  options: {
    readonly rows: number;
    readonly at: number;
    readonly states?: readonly number[];
    readonly state?: number;
  },
): Uint8Array {
  const out = new Writer(options.at);
  const header = out.room(16 + 32 * columns.length);
  for (const [i, column] of columns.entries()) writeColumn(out, header + 16 + 32 * i, column);
  const { states } = options;
  let address = 0;
  if (states !== undefined) {
    address = out.room(states.length * 4);
    for (const [i, state] of states.entries()) out.u32(address + 4 * i, state);
  }
  [options.rows, columns.length, address, options.state ?? 0].forEach((n, i) => {
    out.u32(header + 4 * i, n);
  });
  return out.bytes();
}

/** Decodes the column whose record is at an address. */
export function decodeColumn(memory: ArrayBufferLike, record: number, layout: Layout): Value[] {
  const view = new DataView(memory);
  const word = (i: number) => view.getUint32(record + 4 * i, true);
  const [rows, nulls, valid, offsets, data, children] = [0, 1, 2, 3, 4, 5].map(word) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const bit = (at: number, i: number) => ((view.getUint8(at + (i >> 3)) >> (i & 7)) & 1) === 1;
  const offset = (i: number) => view.getInt32(offsets + 4 * i, true);
  const child = (i: number, part: Layout) => decodeColumn(memory, children + 32 * i, part);
  const value = valueReader();
  const all = Array.from({ length: rows }, (_, i) => (valid !== 0 && !bit(valid, i) ? null : value(i)));
  const counted =
    valid === 0 ? 0 : Array.from({ length: rows }, (_, i) => bit(valid, i)).filter((b) => !b).length;
  if (counted !== nulls) throw new Error(`${nulls} NULLs are declared, ${counted} are there`);
  return all;

  function valueReader(): (i: number) => Value {
    switch (layout.kind) {
      case 'fixed':
        return (i) => readNumber(view, data + i * BYTES[layout.read], layout.read);
      case 'bits':
        return (i) => bit(data, i);
      case 'text':
        return (i) =>
          new TextDecoder('utf-8', { fatal: true }).decode(
            new Uint8Array(memory.slice(data + offset(i), data + offset(i + 1))),
          );
      case 'list': {
        const values = child(0, layout.element);
        return (i) => values.slice(offset(i), offset(i + 1));
      }
      case 'array': {
        const values = child(0, layout.element);
        return (i) => values.slice(i * layout.length, (i + 1) * layout.length);
      }
      case 'struct': {
        const fields = Object.entries(layout.fields).map(
          ([name, part], k) => [name, child(k, part)] as const,
        );
        return (i) => Object.fromEntries(fields.map(([name, values]) => [name, values[i] ?? null]));
      }
    }
  }
}

function readNumber(view: DataView, at: number, kind: NumberKind): number | bigint {
  switch (kind) {
    case 'i8':
      return view.getInt8(at);
    case 'u8':
      return view.getUint8(at);
    case 'i16':
      return view.getInt16(at, true);
    case 'u16':
      return view.getUint16(at, true);
    case 'i32':
      return view.getInt32(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'f32':
      return view.getFloat32(at, true);
    case 'f64':
      return view.getFloat64(at, true);
    case 'i64':
      return view.getBigInt64(at, true);
    case 'u64':
      return view.getBigUint64(at, true);
    case 'i128':
      return (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);
  }
}

function writeColumn(out: Writer, record: number, { layout, values: given, constant }: GivenColumn): void {
  const values = constant ? given.slice(0, 1) : given;
  const nulls = values.filter((v) => v === null).length;
  const valid = nulls === 0 ? 0 : out.bits(values.map((v) => v !== null));
  const header = [constant ? given.length : values.length, nulls, valid, 0, 0, 0, 0, constant ? 1 : 0];
  const children: GivenColumn[] = [];
  if (layout.kind === 'fixed') header[4] = out.numbers(values, layout.read);
  if (layout.kind === 'bits') header[4] = out.bits(values.map((v) => v === true));
  if (layout.kind === 'text') {
    const texts = values.map((v) => new TextEncoder().encode(typeof v === 'string' ? v : ''));
    header[3] = out.offsets(texts.map((t) => t.length));
    header[4] = out.put(Buffer.concat(texts));
  }
  const lists = values.map((v) => (Array.isArray(v) ? (v as readonly Value[]) : []));
  if (layout.kind === 'list') {
    header[3] = out.offsets(lists.map((v) => v.length));
    children.push({ layout: layout.element, values: lists.flat() });
  }
  if (layout.kind === 'array') {
    const filler = Array.from({ length: layout.length }, () => null);
    children.push({ layout: layout.element, values: values.flatMap((v) => (Array.isArray(v) ? v : filler)) });
  }
  if (layout.kind === 'struct') {
    for (const [name, part] of Object.entries(layout.fields)) {
      const field = (v: Value): Value =>
        v !== null && typeof v === 'object' && name in v
          ? ((v as Record<string, Value>)[name] ?? null)
          : null;
      children.push({ layout: part, values: values.map(field) });
    }
  }
  header[6] = children.length;
  if (children.length > 0) header[5] = out.room(32 * children.length);
  for (const [k, column] of children.entries()) writeColumn(out, (header[5] ?? 0) + 32 * k, column);
  header.forEach((n, k) => {
    out.u32(record + 4 * k, n);
  });
}

/** Grows bytes that will lie at an address; all places are addresses. */
class Writer {
  readonly #at: number;
  #buffer = new ArrayBuffer(1024);
  #used = 0;

  constructor(at: number) {
    this.#at = at;
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#buffer, 0, this.#used);
  }

  room(size: number): number {
    const start = Math.ceil(this.#used / 16) * 16;
    this.#used = start + size;
    if (this.#used > this.#buffer.byteLength) {
      const larger = new ArrayBuffer(this.#used * 2);
      new Uint8Array(larger).set(new Uint8Array(this.#buffer));
      this.#buffer = larger;
    }
    return this.#at + start;
  }

  u32(at: number, value: number): void {
    new DataView(this.#buffer).setUint32(at - this.#at, value, true);
  }

  put(bytes: Uint8Array): number {
    const at = this.room(bytes.length);
    new Uint8Array(this.#buffer).set(bytes, at - this.#at);
    return at;
  }

  bits(values: readonly boolean[]): number {
    const bytes = new Uint8Array(Math.ceil(values.length / 8));
    values.forEach((v, i) => {
      if (v) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
    });
    return this.put(bytes);
  }

  offsets(lengths: readonly number[]): number {
    const offsets = new Int32Array(lengths.length + 1);
    lengths.forEach((n, i) => {
      offsets[i + 1] = (offsets[i] ?? 0) + n;
    });
    return this.put(new Uint8Array(offsets.buffer));
  }

  numbers(values: readonly Value[], kind: NumberKind): number {
    const size = BYTES[kind];
    const at = this.room(size * values.length);
    const view = new DataView(this.#buffer);
    values.forEach((v, i) => {
      const to = at - this.#at + i * size;
      if (typeof v === 'bigint') {
        view.setBigUint64(to, BigInt.asUintN(64, v), true);
        if (size === 16) view.setBigUint64(to + 8, BigInt.asUintN(64, v >> 64n), true);
      } else if (kind === 'f64') view.setFloat64(to, Number(v ?? 0), true);
      else if (kind === 'f32') view.setFloat32(to, Number(v ?? 0), true);
      else if (size <= 4) {
        const bytes = new Uint8Array(new Uint32Array([Number(v ?? 0)]).buffer);
        new Uint8Array(this.#buffer).set(bytes.subarray(0, size), to);
      }
    });
    return at;
  }
}
