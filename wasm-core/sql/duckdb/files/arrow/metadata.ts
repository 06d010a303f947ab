import { FlatBufferError, FlatTable } from './flat-buffer.ts';
import { type ArrowType, arrowType } from './types.ts';

/* Messages of the Arrow IPC format, https://arrow.apache.org/docs/format/Columnar.html; slots as in Message.fbs. */

/** A column, or a part of one. */
export interface ArrowField {
  readonly name: string;
  readonly isNullable: boolean;
  /** Of the values; where there is a dictionary, of that dictionary's values. */
  readonly type: ArrowType;
  readonly children: readonly ArrowField[];
  /** Where the batches have indexes into a dictionary in place of the values. */
  readonly dictionary?: { readonly id: number; readonly index: ArrowType };
  readonly metadata: ReadonlyMap<string, string>;
}

/** Counts of a column in a batch. */
export interface ArrowNode {
  readonly rows: number;
  readonly nulls: number;
}

/** Bytes of a batch's body. */
export interface ArrowRegion {
  readonly offset: number;
  readonly byteLength: number;
}

/** Where the values of a batch lie in its body. */
export interface ArrowBatch {
  readonly rows: number;
  readonly nodes: readonly ArrowNode[];
  readonly regions: readonly ArrowRegion[];
  /** How each buffer is compressed; undefined: it is not. */
  readonly codec: 'LZ4' | 'ZSTD' | undefined;
  /** For each column of views, how many buffers it has beside two. */
  readonly viewBuffers: readonly number[];
}

export type ArrowMessage = { readonly bodyBytes: number } & (
  | { readonly kind: 'schema'; readonly fields: readonly ArrowField[] }
  | { readonly kind: 'batch'; readonly batch: ArrowBatch }
  | {
      readonly kind: 'dictionary';
      readonly id: number;
      readonly isDelta: boolean;
      readonly batch: ArrowBatch;
    }
  | { readonly kind: 'other' }
);

/** A message of a file, where its footer says that it is. */
export type ArrowBlock = ReturnType<FlatTable['blocks']>[number];

/** What stands at the end of a file. */
export interface ArrowFooter {
  readonly fields: readonly ArrowField[];
  readonly dictionaries: readonly ArrowBlock[];
  readonly batches: readonly ArrowBlock[];
}

/** Fields of a schema, at any depth, and how deep they nest: far more than anybody has. */
const MAX_FIELDS = 200_000;
const MAX_DEPTH = 64;

/** @throws FlatBufferError when the bytes are no message */
export function readMessage(bytes: Uint8Array): ArrowMessage {
  const message = FlatTable.root(bytes);
  const bodyBytes = message.count(3);
  const header = message.table(2);
  const type = message.byte(1);
  if (header === undefined) throw new FlatBufferError('a message has no header');
  switch (type) {
    case 1:
      return { kind: 'schema', bodyBytes, fields: readSchema(header) };
    case 2: {
      const data = header.table(1);
      if (data === undefined) throw new FlatBufferError('a dictionary has no data');
      const isDelta = header.byte(2) !== 0;
      return { kind: 'dictionary', bodyBytes, id: header.count(0), isDelta, batch: readBatch(data) };
    }
    case 3:
      return { kind: 'batch', bodyBytes, batch: readBatch(header) };
    default:
      return { kind: 'other', bodyBytes };
  }
}

/** @throws FlatBufferError when the bytes are no footer */
export function readFooter(bytes: Uint8Array): ArrowFooter {
  const footer = FlatTable.root(bytes);
  const schema = footer.table(1);
  if (schema === undefined) throw new FlatBufferError('its end has no schema');
  return { fields: readSchema(schema), dictionaries: footer.blocks(2), batches: footer.blocks(3) };
}

function readSchema(schema: FlatTable): ArrowField[] {
  if (schema.short(0) !== 0) throw new FlatBufferError('it was written big-endian, which is not read');
  return readFields(schema.tables(1), { left: MAX_FIELDS }, 0);
}

function readFields(tables: readonly FlatTable[], budget: { left: number }, depth: number): ArrowField[] {
  budget.left -= tables.length;
  if (budget.left < 0) throw new FlatBufferError(`it has more than ${MAX_FIELDS} columns and parts of them`);
  if (depth > MAX_DEPTH) throw new FlatBufferError(`its types nest deeper than ${MAX_DEPTH}`);
  return tables.map((table) => {
    const name = table.text(0) ?? '';
    const children = readFields(table.tables(5), budget, depth + 1);
    const type = arrowType({ id: table.byte(2), table: table.table(3), children: children.length, name });
    const encoding = table.table(4);
    const [entries] = children;
    if (type.format === '+m' && (entries?.type.layout.kind !== 'struct' || entries.children.length !== 2)) {
      throw new FlatBufferError(`its column '${name}' is a map without keys and values`);
    }
    return {
      name,
      isNullable: table.byte(1) !== 0,
      type,
      children,
      ...(encoding !== undefined && { dictionary: readEncoding(encoding, name) }),
      metadata: new Map(table.tables(6).map((pair) => [pair.text(0) ?? '', pair.text(1) ?? ''])),
    };
  });
}

/** The indexes are signed 32-bit numbers unless another type is told. */
function readEncoding(encoding: FlatTable, name: string): NonNullable<ArrowField['dictionary']> {
  const told = encoding.table(1);
  const index =
    told === undefined
      ? { format: 'i', layout: { kind: 'fixed', bytes: 4 } as const }
      : arrowType({ id: 2, table: told, children: 0, name });
  return { id: encoding.count(0), index };
}

function readBatch(table: FlatTable): ArrowBatch {
  const compression = table.table(3);
  const codec = compression === undefined ? undefined : (['LZ4', 'ZSTD'] as const)[compression.byte(0)];
  if (compression !== undefined && codec === undefined) {
    throw new FlatBufferError(
      `its buffers are compressed in a way that is not known (${compression.byte(0)})`,
    );
  }
  return {
    rows: table.count(0),
    nodes: table.pairs(1).map(([rows, nulls]) => ({ rows, nulls })),
    regions: table.pairs(2).map(([offset, byteLength]) => ({ offset, byteLength })),
    codec,
    viewBuffers: table.counts(4),
  };
}
