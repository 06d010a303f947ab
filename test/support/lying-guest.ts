import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import { encodeBatch, type GivenColumn, type Layout, type Value } from './batch-layout.ts';

/*
 * A guest that gives as its result whatever bytes it is given: its argument is an image of its memory at `IMAGE_AT`,
 * after the word that it returns. All else in its memory is zero by then, so that a test knows every byte of it.
 */

/** Where the image lies in the guest's memory, and the bytes of that memory. */
export const IMAGE_AT = 65_536;
export const MEMORY_BYTES = 32 * 65_536;

/** The address of the first column's header in an image. */
export const COLUMN = IMAGE_AT + 16;

export const LYING_WAT = `(module
  (memory (export "memory") 32)
  (global (export "__heap_base") i32 (i32.const 1048576))
  (global $given (mut i32) (i32.const 0))
  (func $take (param $from i32) (param $size i32) (result i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 983040))
    (memory.copy (i32.const 65532) (local.get $from) (local.get $size))
    (memory.fill (i32.const 983040) (i32.const 0) (i32.const 1114112))
    (i32.load (i32.const 65532)))
  (func $keep (param $from i32) (param $size i32)
    (memory.copy (i32.const 983044) (local.get $from) (local.get $size))
    (i32.store (i32.const 983040) (local.get $size)))
  (func $kept (result i32) (call $take (i32.const 983044) (i32.load (i32.const 983040))))
  (func (export "lie__batch") (param $p i32) (param i32) (result i32)
    (local $start i32)
    (local.set $start (i32.load (i32.load offset=28 (local.get $p))))
    (call $take (i32.add (i32.load offset=32 (local.get $p)) (local.get $start))
      (i32.sub (i32.load offset=4 (i32.load offset=28 (local.get $p))) (local.get $start))))
  (func (export "bytes") (param i32 i32) (result i64)
    (drop (call $take (local.get 0) (local.get 1))) (i64.load (i32.const 65532)))
  (func (export "block") (param i32 i32) (result i32) (call $take (local.get 0) (local.get 1)))
  (func (export "narrow") (param i32) (result i32) (local.get 0))
  (func (export "wide") (param i64) (result i64) (local.get 0))
  (func (export "agg__init") (result i32) (i32.const 1))
  (func (export "agg__update") (param i32 i32 i32) (call $keep (local.get 1) (local.get 2)))
  (func (export "agg__combine") (param i32 i32))
  (func (export "agg__finalize__batch") (param i32 i32) (result i32) (call $kept))
  (func (export "rowagg__init") (result i32) (i32.const 1))
  (func (export "rowagg__update") (param i32 i32 i32) (call $keep (local.get 1) (local.get 2)))
  (func (export "rowagg__combine") (param i32 i32))
  (func (export "rowagg__finalize") (param i32) (result i64) (drop (call $kept)) (i64.load (i32.const 65532)))
  (func (export "tab__open") (param i32 i32) (result i32)
    (call $keep (local.get 0) (local.get 1)) (global.set $given (i32.const 0)) (i32.const 1))
  (func (export "tab__next") (param i32 i32) (result i32)
    (if (global.get $given) (then (return (i32.const 0))))
    (global.set $given (i32.const 1))
    (call $kept)))`;

/** Types that the guest lies about, and how they lie in a batch. */
export const LIED_TYPES: Readonly<Record<string, Layout>> = {
  BOOLEAN: { kind: 'bits' },
  TINYINT: { kind: 'fixed', read: 'i8' },
  INTEGER: { kind: 'fixed', read: 'i32' },
  'DECIMAL(4,1)': { kind: 'fixed', read: 'i64' },
  'DECIMAL(30,2)': { kind: 'fixed', read: 'i128' },
  TIME: { kind: 'fixed', read: 'i64' },
  UUID: { kind: 'fixed', read: 'i128' },
  VARCHAR: { kind: 'text' },
  'INTEGER[]': { kind: 'list', element: { kind: 'fixed', read: 'i32' } },
  'VARCHAR[][]': { kind: 'list', element: { kind: 'list', element: { kind: 'text' } } },
  'INTEGER[100][]': {
    kind: 'list',
    element: { kind: 'array', length: 100, element: { kind: 'fixed', read: 'i32' } },
  },
  'INTEGER[2]': { kind: 'array', length: 2, element: { kind: 'fixed', read: 'i32' } },
  'STRUCT(a INTEGER, b VARCHAR)': {
    kind: 'struct',
    fields: { a: { kind: 'fixed', read: 'i32' }, b: { kind: 'text' } },
  },
  'STRUCT(a VARCHAR[], b BOOLEAN)[]': {
    kind: 'list',
    element: {
      kind: 'struct',
      fields: { a: { kind: 'list', element: { kind: 'text' } }, b: { kind: 'bits' } },
    },
  },
  'MAP(VARCHAR, INTEGER)': {
    kind: 'list',
    element: { kind: 'struct', fields: { key: { kind: 'text' }, value: { kind: 'fixed', read: 'i32' } } },
  },
};

/** The SQL name of the function that lies about a type. */
export function liarOf(type: string): string {
  return `lie_${Object.keys(LIED_TYPES).indexOf(type)}`;
}

const IMAGE = [{ name: 'image', type: 'BLOB' }];

/** The functions of `LYING_WAT`, none of which the engine may fold. */
export const LYING_FUNCTIONS: readonly Partial<PluginFunction>[] = [
  ...Object.keys(LIED_TYPES).map((type) => ({
    name: liarOf(type),
    export: 'lie',
    parameters: IMAGE,
    returns: type,
    deterministic: false,
  })),
  { name: 'row_text', export: 'bytes', parameters: IMAGE, returns: 'VARCHAR', deterministic: false },
  { name: 'row_blob', export: 'bytes', parameters: IMAGE, returns: 'BLOB', deterministic: false },
  ...['UUID', 'HUGEINT', 'INTERVAL', 'DECIMAL(30,2)'].map((returns) => ({
    name: `row_${returns.replace(/\W.*/, '').toLowerCase()}`,
    export: 'block',
    parameters: IMAGE,
    returns,
    deterministic: false,
  })),
  ...['TINYINT', 'UTINYINT', 'SMALLINT', 'USMALLINT'].map((returns) => ({
    name: `as_${returns.toLowerCase()}`,
    export: 'narrow',
    parameters: [{ name: 'x', type: 'INTEGER' }],
    returns,
  })),
  ...['TIME', 'DECIMAL(4,1)', 'DECIMAL(18,3)'].map((returns) => ({
    name: `as_${returns.replaceAll(/\W/g, '_').toLowerCase()}`,
    export: 'wide',
    parameters: [{ name: 'x', type: 'BIGINT' }],
    returns,
  })),
  { name: 'agg', kind: 'aggregate', parameters: IMAGE, returns: 'VARCHAR[]' },
  { name: 'rowagg', kind: 'aggregate', parameters: IMAGE, returns: 'VARCHAR' },
  { name: 'tab', kind: 'table', parameters: IMAGE, returns: 'TABLE(a INTEGER, b VARCHAR)' },
];

/** A batch of columns as an image, to be changed word by word. */
export class Image {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(columns: readonly GivenColumn[], rows: number) {
    this.bytes = encodeBatch(columns, { rows, at: IMAGE_AT }).slice();
    this.view = new DataView(this.bytes.buffer);
  }

  /** The address of a column's header: of the first column, or of a child of a child … */
  header(...path: readonly number[]): number {
    return path.reduce((at, child) => this.word(at + 20) + 32 * child, IMAGE_AT + 16);
  }

  word(address: number): number {
    return this.view.getUint32(address - IMAGE_AT, true);
  }

  set(address: number, value: number): this {
    this.view.setUint32(address - IMAGE_AT, value >>> 0, true);
    return this;
  }

  /** As a literal of SQL, after the word that the guest returns. */
  sql(returned: number): string {
    const first = Buffer.alloc(4);
    first.writeUInt32LE(returned >>> 0);
    return `unhex('${Buffer.concat([first, this.bytes]).toString('hex')}')`;
  }

  /** The guest's whole memory while the result is read. */
  memory(returned: number): DataView {
    const memory = new Uint8Array(MEMORY_BYTES);
    memory.set(this.bytes, IMAGE_AT);
    const view = new DataView(memory.buffer);
    view.setUint32(IMAGE_AT - 4, returned >>> 0, true);
    return view;
  }
}

/**
 * The value of one row of a column, read by docs/plugin-abi.md and nothing more than that row.
 *
 * @throws RangeError where it is outside of memory, TypeError where it is no text
 */
export function valueAt(memory: DataView, at: { header: number; layout: Layout; row: number }): Value {
  const { header, layout } = at;
  const word = (index: number) => memory.getUint32(header + 4 * index, true);
  const row = word(7) === 1 ? 0 : at.row;
  const bit = (start: number) => ((memory.getUint8(start + (row >>> 3)) >>> (row & 7)) & 1) === 1;
  if (word(2) !== 0 && !bit(word(2))) return null;
  const child = (index: number, part: Layout, childRow: number) =>
    valueAt(memory, { header: word(5) + 32 * index, layout: part, row: childRow });
  const [start, end] =
    layout.kind === 'text' || layout.kind === 'list'
      ? [memory.getInt32(word(3) + 4 * row, true), memory.getInt32(word(3) + 4 * row + 4, true)]
      : [0, 0];
  switch (layout.kind) {
    case 'bits':
      return bit(word(4));
    case 'fixed':
      if (layout.read === 'i128') {
        const low = memory.getBigUint64(word(4) + 16 * row, true);
        return (memory.getBigInt64(word(4) + 16 * row + 8, true) << 64n) | low;
      }
      if (layout.read === 'i64') return memory.getBigInt64(word(4) + 8 * row, true);
      return layout.read === 'i8' ? memory.getInt8(word(4) + row) : memory.getInt32(word(4) + 4 * row, true);
    case 'text':
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        new Uint8Array(memory.buffer, word(4) + start, end - start),
      );
    case 'list':
      return Array.from({ length: end - start }, (_, i) => child(0, layout.element, start + i));
    case 'array':
      return Array.from({ length: layout.length }, (_, i) =>
        child(0, layout.element, row * layout.length + i),
      );
    case 'struct':
      return Object.fromEntries(
        Object.entries(layout.fields).map(([name, part], i) => [name, child(i, part, row)]),
      );
  }
}
