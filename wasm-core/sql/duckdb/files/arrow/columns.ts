import type { DataFile } from '../data-file.ts';
import { badFile } from '../file-table.ts';
import type { BatchBuffers, BufferSource } from './buffers.ts';
import type { ArrowBatch, ArrowField, ArrowNode } from './metadata.ts';
import type { ArrowType } from './types.ts';

/** A column of a batch: its counts, its buffers, and its parts. */
export interface BatchColumn {
  readonly field: ArrowField;
  /** Of what its buffers hold: indexes, where there is a dictionary. */
  readonly type: ArrowType;
  readonly node: ArrowNode;
  /** Undefined where no row is NULL. */
  readonly validity: BufferSource | undefined;
  /** Those behind the validity. */
  readonly buffers: readonly BufferSource[];
  readonly children: readonly BatchColumn[];
}

interface Cursor {
  node: number;
  buffer: number;
  views: number;
}

/**
 * Finds the columns of a batch, whose nodes and buffers stand in the order of the fields and their parts.
 *
 * @param options.wanted which columns are opened, by index; of the others only the counts are looked at
 * @throws CoreError FORMAT_DATA
 */
export function batchColumns(
  fields: readonly ArrowField[],
  options: {
    readonly batch: ArrowBatch;
    readonly buffers: BatchBuffers;
    readonly file: DataFile;
    readonly wanted: ReadonlySet<number>;
  },
): ReadonlyMap<number, BatchColumn> {
  const cursor: Cursor = { node: 0, buffer: 0, views: 0 };
  const found = new Map<number, BatchColumn>();
  for (const [index, field] of fields.entries()) {
    const isWanted = options.wanted.has(index);
    const column = placed(field, { ...options, cursor, isWanted });
    if (!isWanted) continue;
    if (column.node.rows !== options.batch.rows) {
      const { rows } = column.node;
      throw badFile(
        options.file,
        `its column '${field.name}' has ${rows} rows in a part of ${options.batch.rows}`,
      );
    }
    found.set(index, column);
  }
  return found;
}

interface Placing {
  readonly batch: ArrowBatch;
  readonly buffers: BatchBuffers;
  readonly file: DataFile;
  readonly cursor: Cursor;
  readonly isWanted: boolean;
}

function placed(field: ArrowField, placing: Placing): BatchColumn {
  const { batch, cursor, file, isWanted } = placing;
  const type = field.dictionary?.index ?? field.type;
  const node = batch.nodes[cursor.node++];
  if (node === undefined) throw badFile(file, `its column '${field.name}' is missing from a part`);
  if (node.nulls > node.rows) throw badFile(file, `its column '${field.name}' has more NULLs than rows`);
  const take = () => placing.cursor.buffer++;
  const validityAt = hasValidity(type) ? take() : undefined;
  const own = Array.from({ length: bufferCount(type, placing) }, take);
  const children =
    field.dictionary === undefined ? field.children.map((child) => placed(child, placing)) : [];
  const open = (index: number) => placing.buffers.open(index);
  const isNullable = isWanted && validityAt !== undefined && node.nulls > 0;
  return {
    field,
    type,
    node,
    validity: isNullable ? open(validityAt) : undefined,
    buffers: isWanted ? own.map(open) : [],
    children,
  };
}

function hasValidity({ layout }: ArrowType): boolean {
  return layout.kind !== 'none' && layout.kind !== 'union';
}

/** How many buffers a column has behind its validity. */
function bufferCount({ layout }: ArrowType, { batch, cursor, file }: Placing): number {
  switch (layout.kind) {
    case 'none':
    case 'struct':
    case 'fixedList':
      return 0;
    case 'bits':
    case 'fixed':
    case 'list':
    case 'union':
      return 1;
    case 'bytes':
      return 2;
    case 'views': {
      const count = batch.viewBuffers[cursor.views++] ?? 0;
      if (count > batch.regions.length) throw badFile(file, `a column says that it has ${count} buffers`);
      return 1 + count;
    }
  }
}
