import type { OpenFile } from './open-file.ts';

/** A file that was another at the end than at the beginning of a statement that read it. */
export interface ChangedFile {
  /** As the statement names it. */
  readonly written: string;
  /** Whether it only became longer: what was read is then its beginning, if its writer only appends. */
  readonly hasGrown: boolean;
}

/**
 * The files that one statement reads. The engine opens a file several times, to find out what is in it and then to read
 * it, and reads it for as long as the statement runs: the rows are of one state of the file when all of these agree.
 *
 * A file system tells the time in steps of some milliseconds, so that of two changes in one step the second is not seen.
 */
export class FileReads {
  readonly #opened: { readonly written: string; readonly file: OpenFile }[] = [];

  /** Notes that a file was opened for reading. @param written as the statement names it */
  opened(written: string, file: OpenFile): void {
    this.#opened.push({ written, file });
  }

  /** The files that were not the same all the time, until now; each once. */
  changed(): ChangedFile[] {
    return [...new Set(this.#opened.map(({ written }) => written))].flatMap((written) => {
      const opened = this.#opened.filter((one) => one.written === written);
      const states = opened.flatMap(({ file }) => [file.openedAs, file.lastState()]);
      const [first] = states;
      if (first === undefined) return [];
      const differing = states.filter(({ inode, size, modifiedNs }) => {
        return inode !== first.inode || size !== first.size || modifiedNs !== first.modifiedNs;
      });
      if (differing.length === 0) return [];
      const hasGrown = differing.every(({ inode, size }) => inode === first.inode && size > first.size);
      return [{ written, hasGrown }];
    });
  }
}
