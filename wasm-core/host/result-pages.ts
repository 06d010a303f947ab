import { type FileHandle, open } from 'node:fs/promises';
import type { StatementResult } from '../protocol/methods.ts';
import { type PageReader, readPage } from '../results/pages.ts';

/** The pages of a statement's rows, one at a time, straight out of its results file. */
export async function* readPages(statement: StatementResult): AsyncGenerator<PageReader> {
  const { file, columns } = statement;
  if (file === undefined) return;
  const handle = await open(file.path, 'r');
  try {
    const schema = await readBytes(handle, 0, file.schemaByteLength);
    for (const { offset, byteLength, rowCount } of file.pages) {
      yield readPage(schema, await readBytes(handle, offset, byteLength), columns, rowCount);
    }
  } finally {
    await handle.close();
  }
}

async function readBytes(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error(`a results file ends ${length - bytesRead} bytes too early`);
  return buffer;
}
