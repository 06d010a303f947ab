import type { RemoteFile } from '../../../remote/remote-files.ts';
import type { DataFile } from '../data-file.ts';

/** What is asked for at least: a question to the thread that fetches takes longer than to copy so much, bytes. */
const PIECE_BYTES = 16 * 1024;

/** A file on a network, which is read as one of the disk is. Small reads are answered from one piece of it. */
export function remoteDataFile(file: RemoteFile, written: string): DataFile {
  const piece = new Uint8Array(PIECE_BYTES);
  let from = 0;
  let to = 0;
  /** @returns how many bytes were there, 0 at the end */
  const readSome = (into: Uint8Array, position: number): number => {
    const isInPiece = position >= from && position < to;
    if (!isInPiece && into.length >= PIECE_BYTES) return file.read(into, position);
    if (!isInPiece) {
      // Up to where a page of what is kept ends: a byte more might be another request.
      to = from = position;
      to += file.read(piece.subarray(0, PIECE_BYTES - (position % PIECE_BYTES)), position);
    }
    const bytes = piece.subarray(position - from, Math.min(to - from, position - from + into.length));
    into.set(bytes);
    return bytes.length;
  };
  return {
    written,
    size: file.size,
    stamp: stampOfRemote(file, written),
    read: (into, position) => {
      let filled = 0;
      while (filled < into.length && position + filled < file.size) {
        const count = readSome(into.subarray(filled), position + filled);
        if (count === 0) break;
        filled += count;
      }
      return filled;
    },
    expect: (start, byteLength) => file.expect(start, byteLength),
    close: () => file.close(),
  };
}

/** A text that is another once the file has changed. */
export function stampOfRemote({ state, size }: RemoteFile, written: string): string {
  return `${written}@${state}/${size}`;
}
