import type { ColumnCondition } from './column-condition.ts';

/** A file that is open for reading. Whoever opened it closes it. */
export interface DataFile {
  /** Its path as the statement leads to it, for messages. */
  readonly written: string;
  /** Bytes. */
  readonly size: number;
  /** A text that no other file has, nor this one once it has changed. */
  readonly stamp: string;
  /**
   * Fills `into` from a position.
   *
   * @returns how many bytes there were; fewer than asked for only at the end of the file
   */
  read(into: Uint8Array, position: number): number;
  /** Says that a range is going to be read from its beginning, so that it may be fetched at once where that takes long. */
  expect?(start: number, byteLength: number): void;
  close(): void;
}

/** A file that a path or pattern of a statement leads to. */
export interface FoundFile {
  /** In the form that the statement has: relative where its path is. */
  readonly written: string;
  /** The real path, which the gate has admitted. */
  readonly real: string;
}

/** How readers of files reach the disk. Every path goes through the gate. */
export interface FileAccess {
  /**
   * The files of a path or pattern, sorted by name.
   *
   * @throws CoreError PATH_DENIED, CAPABILITY_DENIED, FILE_NOT_FOUND when there is none
   */
  find(written: string): readonly FoundFile[];
  /** @throws CoreError FILE_NOT_FOUND, FILE_IS_DIRECTORY, FILE_IO */
  open(file: FoundFile): DataFile;
  /** A text that is another once the file has changed. @throws CoreError as `open` */
  stampOf(file: FoundFile): string;
  /** What all rows fulfil that the statement under way needs of its files; none where nothing is known. */
  conditions(): readonly ColumnCondition[];
  /** Keeps an error that the engine will only repeat as text. */
  remember(error: unknown): void;
}
