import type { Pointer } from '../../c-api.ts';
import type { Native } from '../../native.ts';
import type { DataFile } from '../data-file.ts';
import { badFile, type FilePlatform } from '../file-table.ts';
import type { BufferSource } from './buffers.ts';
import type { CData } from './c-data.ts';
import type { BatchColumn } from './columns.ts';
import type { SharedBlocks } from './memory.ts';
import { checkUtf8, copyBits, type Offsets, readOffsets, settleIndexes } from './values.ts';
import { copyViews } from './views.ts';

/** A dictionary in the engine's memory. */
export interface LoadedDictionary {
  readonly pointer: Pointer;
  readonly rows: number;
  readonly blocks: SharedBlocks;
}

/** What a window needs beside its columns. */
export interface WindowParts {
  readonly native: Native;
  readonly cData: CData;
  readonly platform: FilePlatform;
  readonly file: DataFile;
  /** The dictionary with a number, as it stands at the batch. */
  dictionary(id: number): LoadedDictionary | undefined;
}

/** Rows of a column. */
export interface RowRange {
  readonly first: number;
  readonly rows: number;
}

/**
 * Copies some rows of a column into the engine's memory, whatever the size of its batch, and checks what the engine takes
 * for granted: that offsets rise and stay inside, indexes are in their dictionary, and texts are UTF-8.
 *
 * @param options.blocks what is allocated lives as long as these
 * @returns an array that begins with the first of the rows
 * @throws CoreError FORMAT_DATA
 */
export function copyRows(
  parts: WindowParts,
  options: { readonly blocks: SharedBlocks; readonly column: BatchColumn; readonly range: RowRange },
): Pointer {
  const { column, range, blocks } = options;
  const { first, rows } = range;
  const { file, cData } = parts;
  if (first + rows > column.node.rows) {
    throw badFile(file, `its column '${column.field.name}' has parts with fewer rows than it needs`);
  }
  const validity = column.validity === undefined ? undefined : copyBits(column.validity, range);
  const bitmap = validity === undefined ? 0 : blocks.copy(validity);
  const own = new ColumnCopy(parts, { blocks, column, range, validity });
  const { buffers, children, dictionary } = own.copy();
  const isBare = column.type.layout.kind === 'none' || column.type.layout.kind === 'union';
  return cData.array(blocks, {
    rows,
    hasNulls: validity !== undefined,
    buffers: isBare ? buffers : [bitmap, ...buffers],
    children,
    ...(dictionary !== undefined && { dictionary }),
  });
}

interface Copied {
  readonly buffers: readonly Pointer[];
  readonly children: readonly Pointer[];
  readonly dictionary?: Pointer;
}

class ColumnCopy {
  readonly #parts: WindowParts;
  readonly #blocks: SharedBlocks;
  readonly #column: BatchColumn;
  readonly #range: RowRange;
  readonly #validity: Uint8Array | undefined;

  constructor(
    parts: WindowParts,
    options: {
      readonly blocks: SharedBlocks;
      readonly column: BatchColumn;
      readonly range: RowRange;
      readonly validity: Uint8Array | undefined;
    },
  ) {
    this.#parts = parts;
    this.#blocks = options.blocks;
    this.#column = options.column;
    this.#range = options.range;
    this.#validity = options.validity;
  }

  copy(): Copied {
    const { layout } = this.#column.type;
    const { first, rows } = this.#range;
    if (this.#column.field.dictionary !== undefined) return this.#indexes();
    switch (layout.kind) {
      case 'none':
        return { buffers: [], children: [] };
      case 'bits':
        return { buffers: [this.#blocks.copy(copyBits(this.#buffer(0), this.#range))], children: [] };
      case 'fixed': {
        const bytes = this.#buffer(0).bytes(first * layout.bytes, rows * layout.bytes);
        return { buffers: [this.#blocks.copy(bytes)], children: [] };
      }
      case 'bytes':
        return this.#bytes(layout);
      case 'views':
        return this.#views(layout.isText);
      case 'list': {
        const { offsets, start, length } = this.#offsets(layout.isWide);
        const child = this.#child(0, { first: start, rows: length });
        return { buffers: [this.#blocks.copy(offsets)], children: [child] };
      }
      case 'fixedList': {
        const range = { first: first * layout.length, rows: rows * layout.length };
        return { buffers: [], children: [this.#child(0, range)] };
      }
      case 'struct':
        return { buffers: [], children: this.#children() };
      case 'union':
        return this.#union();
    }
  }

  #bytes({ isWide, isText }: { readonly isWide: boolean; readonly isText: boolean }): Copied {
    const { offsets, start, length } = this.#offsets(isWide);
    const data = this.#buffer(1).bytes(start, length);
    if (isText && !checkUtf8(this.#parts.platform, { data, offsets, isWide })) throw this.#noText();
    return { buffers: [this.#blocks.copy(offsets), this.#blocks.copy(data)], children: [] };
  }

  #views(isText: boolean): Copied {
    const { platform } = this.#parts;
    const { first, rows } = this.#range;
    const views = this.#buffer(0).bytes(16 * first, 16 * rows);
    const copied = copyViews(
      { views, buffers: this.#column.buffers.slice(1), isValid: (row) => this.#isValid(row) },
      isText ? (bytes) => platform.isUtf8(bytes) : () => true,
    );
    if (copied === undefined) throw isText ? this.#noText() : this.#wrong('a value outside of its buffers');
    return { buffers: [this.#blocks.copy(copied.views), this.#blocks.copy(copied.data)], children: [] };
  }

  #union(): Copied {
    const { first, rows } = this.#range;
    const tags = this.#buffer(0).bytes(first, rows);
    const members = this.#column.children.length;
    if (tags.some((tag) => tag >= members)) throw this.#wrong('a value of a type that it has not');
    return { buffers: [this.#blocks.copy(tags)], children: this.#children() };
  }

  /** Indexes into a dictionary; those of rows that are NULL may be anything, and are made 0. */
  #indexes(): Copied {
    const { id } = this.#column.field.dictionary ?? { id: 0 };
    const { layout } = this.#column.type;
    const { first, rows } = this.#range;
    const dictionary = this.#parts.dictionary(id);
    if (dictionary === undefined) throw this.#wrong(`dictionary ${id}, which is not there before its use`);
    const bytes = layout.kind === 'fixed' ? layout.bytes : 0;
    const indexes = this.#buffer(0)
      .bytes(first * bytes, rows * bytes)
      .slice();
    if (
      !settleIndexes({ values: indexes, bytes, isValid: (row) => this.#isValid(row), below: dictionary.rows })
    ) {
      throw this.#wrong(`an index that its dictionary of ${dictionary.rows} values has not`);
    }
    this.#blocks.hold(dictionary.blocks);
    return { buffers: [this.#blocks.copy(indexes)], children: [], dictionary: dictionary.pointer };
  }

  #isValid(row: number): boolean {
    return this.#validity === undefined || (((this.#validity[row >>> 3] ?? 0) >>> (row & 7)) & 1) === 1;
  }

  #children(): Pointer[] {
    return this.#column.children.map((_, index) => this.#child(index, this.#range));
  }

  #child(index: number, range: RowRange): Pointer {
    const column = this.#column.children[index];
    if (column === undefined) throw this.#wrong('fewer parts than its type');
    return copyRows(this.#parts, { blocks: this.#blocks, column, range });
  }

  #offsets(isWide: boolean): Offsets {
    const offsets = readOffsets(this.#buffer(0), { ...this.#range, isWide });
    if (offsets === undefined) throw this.#wrong('lengths that are negative, or too large for one part');
    return offsets;
  }

  #buffer(index: number): BufferSource {
    const buffer = this.#column.buffers[index];
    if (buffer === undefined) throw this.#wrong('fewer buffers than its type');
    return buffer;
  }

  #noText() {
    return this.#wrong('text that is not UTF-8');
  }

  #wrong(what: string) {
    return badFile(this.#parts.file, `its column '${this.#column.field.name}' has ${what}`);
  }
}
