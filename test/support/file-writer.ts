import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Ways of another process to change a file of `rowsText`, over and over: bodies of a function of the file's path and the
 * number of the round, which becomes the rows' value. They write some lines at a time, as programs do.
 */
export const WRITERS = {
  /** A line behind the last one. */
  appends: `fs.appendFileSync(file, rowsText({ value: 0, first: rowCount + round - 1, end: rowCount + round }));`,
  /** A new file in the place of the old one. */
  replaces: `const d = fs.openSync(file + '.new', 'w'); all(d, round); fs.renameSync(file + '.new', file);`,
  /** The same file from its beginning on. */
  rewrites: `all(fs.openSync(file, 'r+'), round);`,
  /** Cut off behind its first rows, and then written from its beginning on. */
  truncates: `fs.truncateSync(file, HEAD.length + rowsText({ value: 0, first: 0, end: 10 }).length); all(fs.openSync(file, 'r+'), round);`,
} as const;

export const HEAD = 'i,v,p\n';

/** Wide rows, so that the engine reads a file in several pieces; those of all values are equally long. */
export function rowsText({
  value,
  first,
  end,
}: {
  readonly value: number;
  readonly first: number;
  readonly end: number;
}): string {
  const rest = `,${1_000_000 + value},${'x'.repeat(110)}\n`;
  let text = '';
  for (let i = first; i < end; i++) text += i + rest;
  return text;
}

/** A process that changes a file without a pause until it is stopped. */
export class FileWriter {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts it, and waits until it has begun. */
  static async start(
    file: string,
    { way, rowCount }: { readonly way: keyof typeof WRITERS; readonly rowCount: number },
  ): Promise<FileWriter> {
    const program = `const fs = require('node:fs');
      const file = process.argv[1];
      const HEAD = ${JSON.stringify(HEAD)};
      const rowCount = ${rowCount};
      ${rowsText.toString()}
      function all(descriptor, value) {
        let position = fs.writeSync(descriptor, HEAD, 0);
        for (let first = 0; first < rowCount; first += 1000) {
          position += fs.writeSync(descriptor, rowsText({ value, first, end: first + 1000 }), position);
        }
        fs.closeSync(descriptor);
      }
      function write(round) { ${WRITERS[way]} }
      fs.writeSync(1, 'begun');
      for (let round = 1; ; round++) write(round);`;
    const child = spawn(process.execPath, ['-e', program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return new FileWriter(child);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) throw new Error('the writer ended by itself');
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
