import { FlatBufferError, type FlatTable } from './flat-buffer.ts';

/*
 * Arrow's types: how each is told to the engine, by the format strings of the C data interface
 * (https://arrow.apache.org/docs/format/CDataInterface.html), and which buffers its columns have.
 */

/** Which buffers a column has, beside the one that says which rows are NULL. */
export type ArrowLayout =
  /** Nothing at all: every row is NULL. */
  | { readonly kind: 'none' }
  | { readonly kind: 'bits' }
  | { readonly kind: 'fixed'; readonly bytes: number }
  | { readonly kind: 'bytes'; readonly isWide: boolean; readonly isText: boolean }
  | { readonly kind: 'views'; readonly isText: boolean }
  | { readonly kind: 'list'; readonly isWide: boolean }
  | { readonly kind: 'fixedList'; readonly length: number }
  | { readonly kind: 'struct' }
  | { readonly kind: 'union' };

export interface ArrowType {
  readonly format: string;
  readonly layout: ArrowLayout;
}

interface TypeSource {
  /** The number of the type in Schema.fbs. */
  readonly id: number;
  readonly table: FlatTable | undefined;
  /** How many children its field has. */
  readonly children: number;
  /** The column's name, for messages. */
  readonly name: string;
}

const UNITS = ['s', 'm', 'u', 'n'] as const;
/** As many bytes as a value of fixed size may have. */
const MAX_BYTES = 2 ** 20;
/** As long as a DuckDB ARRAY may be. */
const MAX_LENGTH = 100_000;

/** @throws FlatBufferError when the type is not known, or not whole */
export function arrowType(source: TypeSource): ArrowType {
  const { id, table, children, name } = source;
  const known = SIMPLE[id];
  const type = known ?? (table === undefined ? undefined : PARAMETRIC[id]?.(table, children));
  if (type === undefined)
    throw new FlatBufferError(`its column '${name}' has a type that is not read (${id})`);
  const needed = CHILDREN[type.layout.kind];
  if (needed !== undefined && needed !== children) {
    throw new FlatBufferError(`its column '${name}' has ${children} parts in place of ${needed}`);
  }
  return type;
}

/** Types by whose layout the count of children is fixed. */
const CHILDREN: Readonly<Partial<Record<ArrowLayout['kind'], number>>> = {
  none: 0,
  bits: 0,
  fixed: 0,
  bytes: 0,
  views: 0,
  list: 1,
  fixedList: 1,
};

const SIMPLE: Readonly<Record<number, ArrowType>> = {
  1: { format: 'n', layout: { kind: 'none' } },
  4: { format: 'z', layout: { kind: 'bytes', isWide: false, isText: false } },
  5: { format: 'u', layout: { kind: 'bytes', isWide: false, isText: true } },
  6: { format: 'b', layout: { kind: 'bits' } },
  12: { format: '+l', layout: { kind: 'list', isWide: false } },
  13: { format: '+s', layout: { kind: 'struct' } },
  17: { format: '+m', layout: { kind: 'list', isWide: false } },
  19: { format: 'Z', layout: { kind: 'bytes', isWide: true, isText: false } },
  20: { format: 'U', layout: { kind: 'bytes', isWide: true, isText: true } },
  21: { format: '+L', layout: { kind: 'list', isWide: true } },
  23: { format: 'vz', layout: { kind: 'views', isText: false } },
  24: { format: 'vu', layout: { kind: 'views', isText: true } },
};

const PARAMETRIC: Readonly<Record<number, (table: FlatTable, children: number) => ArrowType | undefined>> = {
  2: (table) => {
    const bits = table.int(0);
    const letter = { 8: 'c', 16: 's', 32: 'i', 64: 'l' }[bits];
    if (letter === undefined) return undefined;
    return fixed(table.byte(1) !== 0 ? letter : letter.toUpperCase(), bits / 8);
  },
  3: (table) => {
    const precision = table.short(0);
    const format = ['e', 'f', 'g'][precision];
    return format === undefined ? undefined : fixed(format, 2 << precision);
  },
  7: (table) => {
    const [precision, scale, bits] = [table.int(0), table.int(1), table.int(2, 128)];
    if (![32, 64, 128].includes(bits) || precision < 1 || precision > 38) return undefined;
    if (scale < 0 || scale > precision) return undefined;
    return fixed(`d:${precision},${scale}${bits === 128 ? '' : `,${bits}`}`, bits / 8);
  },
  8: (table) => (table.short(0, 1) === 0 ? fixed('tdD', 4) : fixed('tdm', 8)),
  9: (table) =>
    withUnit(table.short(0, 1), (unit) => fixed(`tt${unit}`, unit === 's' || unit === 'm' ? 4 : 8)),
  10: (table) => withUnit(table.short(0), (unit) => fixed(`ts${unit}:${table.text(1) ?? ''}`, 8)),
  11: (table) => [fixed('tiM', 4), fixed('tiD', 8), fixed('tin', 16)][table.short(0)],
  14: (table, children) => {
    const ids = table.ints(1);
    const isInOrder = ids.length === 0 || (ids.length === children && ids.every((id, i) => id === i));
    if (table.short(0) !== 0 || !isInOrder || children > 127) return undefined;
    const tags = Array.from({ length: children }, (_, index) => index);
    return { format: `+us:${tags.join(',')}`, layout: { kind: 'union' } };
  },
  15: (table) => {
    const bytes = table.int(0);
    return bytes < 1 || bytes > MAX_BYTES ? undefined : fixed(`w:${bytes}`, bytes);
  },
  16: (table) => {
    const length = table.int(0);
    if (length < 1 || length > MAX_LENGTH) return undefined;
    return { format: `+w:${length}`, layout: { kind: 'fixedList', length } };
  },
  18: (table) => withUnit(table.short(0, 1), (unit) => fixed(`tD${unit}`, 8)),
};

function fixed(format: string, bytes: number): ArrowType {
  return { format, layout: { kind: 'fixed', bytes } };
}

function withUnit(index: number, make: (unit: string) => ArrowType): ArrowType | undefined {
  const unit = UNITS[index];
  return unit === undefined ? undefined : make(unit);
}
