import { type DataType, type Field, type Schema, Type } from 'apache-arrow';

/*
 * What Arrow's C data interface (https://arrow.apache.org/docs/format/CDataInterface.html) says of a type.
 */

/** A column, or a part of one. */
export interface StructureNode {
  readonly name: string;
  /** The interface's text for the type. */
  readonly format: string;
  /** Key and value pairs, in order. */
  readonly metadata: readonly (readonly [string, string])[];
  /** Of each row's value: validity, then what the type has. */
  readonly bufferCount: number;
  /** Whether the first buffer is that of validity. */
  readonly hasValidity: boolean;
  readonly isSortedMap: boolean;
  readonly children: readonly StructureNode[];
}

/**
 * The columns of a results file, whose schema is a mended one.
 *
 * @throws Error for an Arrow type that DuckDB does not send
 */
export function structureOf(schema: Schema): StructureNode {
  const children = schema.fields.map(nodeOf);
  return { ...EMPTY, name: '', format: '+s', bufferCount: 1, children };
}

const EMPTY = { metadata: [], hasValidity: true, isSortedMap: false } as const;

function nodeOf(field: Field): StructureNode {
  const { format, bufferCount } = layoutOf(field.type);
  const parts = (field.type.children ?? []) as readonly Field[];
  return {
    name: field.name,
    format,
    bufferCount,
    hasValidity: field.type.typeId !== Type.Union && field.type.typeId !== Type.Null,
    isSortedMap: field.type.typeId === Type.Map && members(field.type).keysSorted === true,
    metadata: [...field.metadata],
    children: parts.map(nodeOf),
  };
}

interface Members {
  readonly bitWidth: number;
  readonly isSigned: boolean;
  readonly precision: number;
  readonly scale: number;
  readonly unit: number;
  readonly timezone?: string | null;
  readonly listSize: number;
  readonly byteWidth: number;
  readonly mode: number;
  readonly typeIds: ArrayLike<number>;
  readonly keysSorted?: boolean;
}

function members(type: DataType): Members {
  // Arrow's types form a union by class that TypeScript cannot narrow by `typeId`.
  return type as unknown as Members;
}

interface Layout {
  readonly format: string;
  readonly bufferCount: number;
}

const layout = (format: string, bufferCount = 2): Layout => ({ format, bufferCount });

function layoutOf(type: DataType): Layout {
  const { bitWidth, precision, scale, listSize, byteWidth, unit, timezone, mode, typeIds } = members(type);
  switch (type.typeId) {
    case Type.Null:
      return layout('n', 0);
    case Type.Bool:
      return layout('b');
    case Type.Int:
      return layout(integerFormat(members(type)));
    case Type.Float:
      return layout('efg'[precision] ?? 'g');
    case Type.Decimal:
      return layout(`d:${precision},${scale}${bitWidth === 128 ? '' : `,${bitWidth}`}`);
    case Type.Utf8:
      return layout('u', 3);
    case Type.LargeUtf8:
      return layout('U', 3);
    case Type.Binary:
      return layout('z', 3);
    case Type.LargeBinary:
      return layout('Z', 3);
    case Type.FixedSizeBinary:
      return layout(`w:${byteWidth}`);
    case Type.Date:
      return layout(unit === 0 ? 'tdD' : 'tdm');
    case Type.Time:
      return layout(`tt${'smun'[unit]}`);
    case Type.Timestamp:
      return layout(`ts${'smun'[unit]}:${timezone ?? ''}`);
    case Type.Interval:
      return layout(`ti${'MDn'[unit]}`);
    case Type.List:
      return layout('+l');
    case Type.FixedSizeList:
      return layout(`+w:${listSize}`, 1);
    case Type.Struct:
      return layout('+s', 1);
    case Type.Map:
      return layout('+m');
    case Type.Union:
      return mode === 0
        ? layout(`+us:${Array.from(typeIds).join()}`, 1)
        : layout(`+ud:${Array.from(typeIds).join()}`, 2);
    default:
      throw new Error(`DuckDB cannot be given Arrow values of type ${type}; please report this.`);
  }
}

function integerFormat({ bitWidth, isSigned }: Members): string {
  const letter = { 8: 'c', 16: 's', 32: 'i', 64: 'l' }[bitWidth] ?? 'l';
  return isSigned ? letter : letter.toUpperCase();
}
