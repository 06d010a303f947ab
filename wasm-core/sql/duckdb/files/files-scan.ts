import { CoreError } from '../../../protocol/errors.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { type ColumnCondition, mayFulfil } from './column-condition.ts';
import type { FoundFile } from './data-file.ts';
import type { FileFormat, FileScan, FormatParts } from './file-table.ts';
import { type ColumnSource, type FilesTable, otherType } from './files-table.ts';
import { partitionValue } from './partitions.ts';

/** One file under way. */
interface OpenScan {
  readonly file: FoundFile;
  readonly scan: FileScan;
  /** Which of the wanted columns the file has, as positions among them. */
  readonly given: readonly number[];
}

/** Reads the files of a table one after another. */
export class FilesScan {
  readonly #native: Native;
  readonly #format: FileFormat;
  readonly #table: FilesTable;
  /** Indexes of the table's columns, in the order that they are wanted in; others mean nothing. */
  readonly #wanted: readonly number[];
  readonly #conditions: readonly ColumnCondition[];
  #open: OpenScan | undefined;
  #nextFile = 0;

  constructor(
    { native }: FormatParts,
    options: {
      readonly format: FileFormat;
      readonly table: FilesTable;
      readonly columns: readonly number[];
      /** Files and rows that do not fulfil all of them may be left out. */
      readonly conditions: readonly ColumnCondition[];
    },
  ) {
    this.#native = native;
    this.#format = options.format;
    this.#table = options.table;
    this.#wanted = options.columns;
    this.#conditions = options.conditions;
  }

  /** Fills a chunk. @returns how many rows it has; 0 at the end @throws CoreError */
  next(chunk: Pointer): number {
    for (;;) {
      this.#open ??= this.#openNext();
      if (this.#open === undefined) return 0;
      const { file, scan, given } = this.#open;
      const vectors = this.#wanted.map((_, i) => this.#native.api.duckdb_data_chunk_get_vector(chunk, i, 0));
      const rows = scan.next(given.flatMap((position) => vectors[position] ?? []));
      if (rows > 0) {
        for (const [position, vector] of vectors.entries()) {
          if (!given.includes(position)) this.#fill(vector, { file, position });
        }
        return rows;
      }
      this.close();
    }
  }

  close(): void {
    const open = this.#open;
    this.#open = undefined;
    open?.scan.close();
  }

  #openNext(): OpenScan | undefined {
    let file = this.#table.files[this.#nextFile++];
    while (file !== undefined && !this.#mayHaveRows(file)) file = this.#table.files[this.#nextFile++];
    if (file === undefined) return undefined;
    const { options, shapes } = this.#table;
    const shape = shapes.of(file, options);
    const indexes = new Map(shape.columns.map(({ name }, index) => [name, index]));
    const given: number[] = [];
    const columns: number[] = [];
    for (const [position, wanted] of this.#wanted.entries()) {
      const column = this.#table.columns[wanted];
      if (column?.source.kind !== 'data') continue;
      const index = indexes.get(column.source.name);
      const own = index === undefined ? undefined : shape.columns[index];
      if (index === undefined || own === undefined) {
        if (this.#table.isUnion) continue;
        throw missingColumn(file, column.name);
      }
      if (own.typeText !== column.typeText) throw otherType(file, own, column);
      given.push(position);
      columns.push(index);
    }
    const conditions = this.#conditions.filter((each) => this.#sourceOf(each)?.kind === 'data');
    return { file, given, scan: this.#format.scan({ file, options, shape, columns, conditions }) };
  }

  /** False where its path alone tells that the statement needs none of its rows. */
  #mayHaveRows({ written }: FoundFile): boolean {
    return this.#conditions.every((condition) => {
      const source = this.#sourceOf(condition);
      if (source?.kind === 'filename') return mayFulfil(written, 'VARCHAR', condition);
      if (source?.kind !== 'partition') return true;
      const { partition } = source;
      return mayFulfil(partitionValue(written, partition), partition.type, condition);
    });
  }

  #sourceOf({ column }: ColumnCondition): ColumnSource | undefined {
    return this.#table.columns.find(({ name }) => name.toLowerCase() === column.toLowerCase())?.source;
  }

  /** A column with one value for all of a file's rows. */
  #fill(vector: Pointer, { file, position }: { readonly file: FoundFile; readonly position: number }): void {
    const { api } = this.#native;
    const source = this.#table.columns[this.#wanted[position] ?? -1]?.source;
    // The engine asks for the number of a row, which nobody reads, where no column is wanted.
    if (source === undefined) return;
    const text =
      source.kind === 'filename'
        ? file.written
        : source.kind === 'partition'
          ? partitionValue(file.written, source.partition)
          : null;
    const value = text === null ? api.duckdb_create_null_value() : this.#valueOf(text, source);
    api.duckdb_vector_reference_value(vector, value);
    this.#native.withPointer(value, (slot) => api.duckdb_destroy_value(slot));
  }

  #valueOf(text: string, source: FilesTable['columns'][number]['source']): Pointer {
    const { api } = this.#native;
    const type = source.kind === 'partition' ? source.partition.type : 'VARCHAR';
    if (type === 'VARCHAR') return this.#native.withText(text, (t) => api.duckdb_create_varchar(t));
    if (type === 'BIGINT') {
      const number = BigInt.asUintN(64, BigInt(text));
      return api.duckdb_create_int64(Number(number & 0xffff_ffffn) | 0, Number(number >> 32n) | 0);
    }
    const millis = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
    if (type === 'DATE') return api.duckdb_create_date(millis / 86_400_000);
    const micros = BigInt.asUintN(64, BigInt(millis) * 1000n + microsOf(text.slice(11)));
    return api.duckdb_create_timestamp(Number(micros & 0xffff_ffffn) | 0, Number(micros >> 32n) | 0);
  }
}

/** Of a time of day. */
function microsOf(time: string): bigint {
  const [, hours = '0', minutes = '0', seconds = '0', fraction = ''] =
    /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?$/.exec(time) ?? [];
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return BigInt(whole) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

function missingColumn(file: FoundFile, name: string): CoreError {
  return new CoreError(
    'FORMAT_DATA',
    `'${file.written}' has no column '${name}', which the files before have. Add union_by_name := true to get NULL in its place.`,
    { written: file.written },
  );
}
