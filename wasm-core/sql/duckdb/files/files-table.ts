import { CoreError } from '../../../protocol/errors.ts';
import { createType } from '../logical-type.ts';
import type { Native } from '../native.ts';
import type { FileAccess, FoundFile } from './data-file.ts';
import type { FileColumn, FileFormat, FileOptions, FileShape } from './file-table.ts';
import { type Partition, partitionsOf } from './partitions.ts';

/** So many files' columns are kept. */
const MOST_KEPT = 200;

/** What files look like, kept while they stay as they are: a statement is planned several times while it is written. */
export class FileShapes {
  readonly #access: FileAccess;
  readonly #format: FileFormat;
  readonly #kept = new Map<string, FileShape>();

  constructor(access: FileAccess, format: FileFormat) {
    this.#access = access;
    this.#format = format;
  }

  /** @throws CoreError of the format */
  of(file: FoundFile, options: FileOptions): FileShape {
    const key = JSON.stringify([file.real, this.#access.stampOf(file), options.key]);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const shape = this.#format.shape({ file, options });
    this.#kept.set(key, shape);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return shape;
  }
}

/** Where the values of a column of several files come from. */
export type ColumnSource =
  /** Each file's own column of this name. */
  | { readonly kind: 'data'; readonly name: string }
  | { readonly kind: 'filename' }
  | { readonly kind: 'partition'; readonly partition: Partition };

/** The files of one call as one table. */
export class FilesTable {
  readonly files: readonly FoundFile[];
  readonly options: FileOptions;
  readonly shapes: FileShapes;
  readonly columns: readonly (FileColumn & { readonly source: ColumnSource })[];
  /** Whether a file may lack a column. */
  readonly isUnion: boolean;

  /**
   * Looks into the first file, or, where their columns are united, into all.
   *
   * @param options.files at least one
   * @throws CoreError FORMAT_DATA of a file, or when files do not fit together
   */
  constructor(
    native: Native,
    {
      files,
      options,
      shapes,
    }: { readonly files: readonly FoundFile[]; readonly options: FileOptions; readonly shapes: FileShapes },
  ) {
    this.files = files;
    this.options = options;
    this.shapes = shapes;
    this.isUnion = options.flag('union_by_name') ?? false;
    const looked = this.isUnion ? files : files.slice(0, 1);
    const data = new Map<string, FileColumn>();
    for (const file of looked) {
      for (const column of shapes.of(file, options).columns) {
        const known = data.get(column.name);
        if (known === undefined) data.set(column.name, column);
        else if (this.isUnion && known.typeText !== column.typeText) throw otherType(file, column, known);
      }
    }
    const text = {
      typeText: 'VARCHAR',
      createType: () => createType(native, { kind: 'simple', name: 'VARCHAR' }),
    };
    const isPartitioned = options.flag('hive_partitioning') ?? true;
    const partitions = isPartitioned ? partitionsOf(files.map(({ written }) => written)) : [];
    this.columns = [
      ...[...data.values()]
        .filter(({ name }) => !partitions.some((partition) => partition.name === name))
        .map((column) => ({ ...column, source: { kind: 'data', name: column.name } as const })),
      ...(options.flag('filename')
        ? [{ name: 'filename', ...text, source: { kind: 'filename' } as const }]
        : []),
      ...partitions.map((partition) => ({
        name: partition.name,
        typeText: partition.type,
        createType: () => createType(native, { kind: 'simple', name: partition.type }),
        source: { kind: 'partition', partition } as const,
      })),
    ];
  }
}

/** @throws nothing: it is the error that is thrown */
export function otherType(file: FoundFile, column: FileColumn, expected: FileColumn): CoreError {
  return new CoreError(
    'FORMAT_DATA',
    `'${file.written}' has a column '${column.name}' of type ${column.typeText}, but it is ${expected.typeText} in the files before. ` +
      'Read them one by one, cast the column, and put them together with UNION ALL BY NAME.',
    { written: file.written },
  );
}
