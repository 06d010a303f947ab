import type { Pointer } from '../../c-api.ts';
import { createType, typeText, withType } from '../../logical-type.ts';
import type { DataFile } from '../data-file.ts';
import {
  CHUNK_ROWS,
  type FileColumn,
  type FileFormat,
  type FileScan,
  type FileShape,
  type FormatParts,
} from '../file-table.ts';
import { type CellValue, VectorWriter } from '../vector-writer.ts';
import { type AvroBlock, AvroFile } from './avro-file.ts';
import type { AvroField, AvroType } from './schema.ts';

/* Avro's object container files, block by block. A file whose values are no records has one column. */

/** `read_avro`. */
export function avroFormat(parts: FormatParts): FileFormat {
  const { access, platform } = parts;
  return {
    name: 'read_avro',
    pattern: /\.avro$/i,
    positional: [],
    named: {},
    shape: ({ file }) => {
      const open = access.open(file);
      try {
        return shapeOf(parts, new AvroFile(open, platform).schema);
      } finally {
        open.close();
      }
    },
    scan: ({ file, columns }) => {
      const open = access.open(file);
      try {
        return new AvroScan(parts, { file: open, columns });
      } catch (error) {
        open.close();
        throw error;
      }
    },
  };
}

function fieldsOf(schema: AvroType): readonly AvroField[] {
  return schema.kind === 'record' ? schema.fields : [{ name: 'value', type: schema }];
}

function shapeOf({ native }: FormatParts, schema: AvroType): FileShape {
  const columns = fieldsOf(schema).map(({ name, type }): FileColumn => {
    const make = () => createType(native, type.sql);
    return { name, typeText: withType(native, make(), (t) => typeText(native, t)), createType: make };
  });
  return { columns };
}

class AvroScan implements FileScan {
  readonly #file: DataFile;
  readonly #avro: AvroFile;
  readonly #fields: readonly AvroField[];
  readonly #wanted: readonly { readonly index: number; readonly writer: VectorWriter }[];
  #block: AvroBlock | undefined;
  #left = 0;

  constructor(
    { native, platform }: FormatParts,
    { file, columns }: { readonly file: DataFile; readonly columns: readonly number[] },
  ) {
    this.#file = file;
    this.#avro = new AvroFile(file, platform);
    this.#fields = fieldsOf(this.#avro.schema);
    this.#wanted = columns.flatMap((index) => {
      const field = this.#fields[index];
      return field === undefined ? [] : [{ index, writer: new VectorWriter(native, field.type.sql) }];
    });
  }

  next(vectors: readonly Pointer[]): number {
    while (this.#block === undefined || this.#left === 0) {
      this.#block = this.#avro.next();
      if (this.#block === undefined) return 0;
      this.#left = this.#block.rows;
    }
    const { decoder, start } = this.#block;
    const rows = Math.min(CHUNK_ROWS, this.#left);
    this.#left -= rows;
    // Nothing but the count is wanted.
    if (this.#wanted.length === 0) return rows;
    const values: CellValue[][] = this.#wanted.map(() => []);
    this.#avro.decode(start, () => {
      for (let row = 0; row < rows; row++) {
        const record = this.#fields.map((field) => decoder.value(field.type));
        for (const [position, { index }] of this.#wanted.entries())
          values[position]?.push(record[index] ?? null);
      }
    });
    for (const [position, { writer }] of this.#wanted.entries()) {
      const vector = vectors[position];
      if (vector !== undefined) writer.write(vector, values[position] ?? []);
    }
    return rows;
  }

  close(): void {
    this.#file.close();
  }
}
