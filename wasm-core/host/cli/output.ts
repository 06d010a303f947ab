import { createWriteStream, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { CoreError } from '../../protocol/errors.ts';

/** Where results go: stdout, or a file that appears when it is whole. */
export interface Output {
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; undefined when it is none. */
  readonly width: number | undefined;
  /** Resolves when more may be written. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Puts the file in its place. */
  commit(): Promise<void>;
  /** Deletes what was written to a file. */
  abandon(): void;
}

/** Standard output. */
export function standardOutput(): Output {
  const { stdout } = process;
  return {
    isTerminal: stdout.isTTY === true,
    width: stdout.isTTY ? stdout.columns : undefined,
    write: (chunk) => writeTo(stdout, chunk),
    commit: async () => {},
    abandon: () => {},
  };
}

/**
 * A file, written under another name in the same folder and renamed at the end.
 *
 * @throws CoreError FILE_IO from `write` or `commit` when the folder is not there or not writable
 */
export function fileOutput(file: string): Output {
  const target = path.resolve(file);
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.part`);
  // On the disk before it has its name.
  const stream = createWriteStream(temporary, { flush: true });
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure = error;
  });
  return {
    isTerminal: false,
    width: undefined,
    write: async (chunk) => {
      if (failure) throw cannotWrite(target, failure);
      await writeTo(stream, chunk);
    },
    commit: async () => {
      stream.end();
      try {
        await finished(stream);
        renameSync(temporary, target);
      } catch (error) {
        throw cannotWrite(target, failure ?? error);
      }
    },
    abandon: () => {
      stream.destroy();
      rmSync(temporary, { force: true });
    },
  };
}

/** All of one text or of some bytes to stdout, a line end added to text that has none. */
export async function print(text: string): Promise<void> {
  await standardOutput().write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Resolves when the stream takes more; at once when it is gone, since whoever made it hears of that. */
async function writeTo(stream: Writable, chunk: string | Uint8Array): Promise<void> {
  if (stream.write(chunk) || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}

function cannotWrite(file: string, error: unknown): CoreError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new CoreError('FILE_IO', `${file} cannot be written (${code}).`, { path: file });
}
