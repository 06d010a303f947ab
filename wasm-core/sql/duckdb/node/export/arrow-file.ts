import { MessageReader, RecordBatchReader, Table, tableToIPC } from 'apache-arrow';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import { readSchema } from '../../arrow-types.ts';
import type { RowSink } from '../../row-sink.ts';
import { OutputFile } from './output-file.ts';

/** What an Arrow file begins and ends with; at the beginning two bytes follow, so that messages are aligned. */
const MAGIC = new TextEncoder().encode('ARROW1');

/** Ends the messages of a stream, and of the one inside a file. */
const END_OF_STREAM = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/**
 * Rows as Arrow, the messages as the engine sent them.
 *
 * @param options.form `stream`, or `file`: a stream between two marks, with an index behind it
 * @throws CoreError FILE_IO
 */
export class ArrowFile implements RowSink {
  readonly #output: OutputFile;
  readonly #form: 'file' | 'stream';
  readonly #maxRows: number;
  readonly #blocks: FileBlock[] = [];
  #schema = new Uint8Array();
  #rowCount = 0;
  #truncated = false;

  constructor(file: string, options: { readonly form: 'file' | 'stream'; readonly maxRows: number }) {
    this.#output = new OutputFile(file);
    this.#form = options.form;
    this.#maxRows = options.maxRows;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  get truncated(): boolean {
    return this.#truncated;
  }

  schema(bytes: Uint8Array): void {
    this.#schema = bytes.slice();
    if (this.#form === 'file') {
      this.#output.write(MAGIC);
      this.#output.write(new Uint8Array(2));
    }
    this.#output.write(bytes);
  }

  batch(bytes: Uint8Array, rowCount: number): void {
    const room = this.#maxRows - this.#rowCount;
    if (rowCount > room) this.#truncated = true;
    if (room <= 0) return;
    this.#rowCount += Math.min(rowCount, room);
    const kept = rowCount > room ? firstRows(this.#schema, bytes, room) : bytes;
    this.#note(kept);
    this.#output.write(kept);
  }

  finish(): undefined {
    this.#output.write(END_OF_STREAM);
    if (this.#form === 'file') {
      const footer = Footer.encode(new Footer(readSchema(this.#schema), undefined, this.#blocks, []));
      const length = new DataView(new ArrayBuffer(4));
      length.setInt32(0, footer.length, true);
      this.#output.write(footer);
      this.#output.write(new Uint8Array(length.buffer));
      this.#output.write(MAGIC);
    }
    this.#output.finish();
  }

  discard(): void {
    this.#output.close();
  }

  /** Notes where each of some messages will be. */
  #note(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const reader = new MessageReader(bytes);
    let at = 0;
    for (let message = reader.readMessage(); message !== null; message = reader.readMessage()) {
      // A mark and the length of the metadata come before it.
      const metadata = 8 + view.getInt32(at + 4, true);
      const body = Number(message.bodyLength);
      this.#blocks.push(new FileBlock(metadata, body, this.#output.byteLength + at));
      reader.readMessageBody(body);
      at += metadata + body;
    }
  }
}

/** Messages with the first rows of those that are given. */
function firstRows(schema: Uint8Array, bytes: Uint8Array, count: number): Uint8Array {
  const stream = new Uint8Array(schema.length + bytes.length);
  stream.set(schema);
  stream.set(bytes, schema.length);
  const batches = [...RecordBatchReader.from(stream)];
  const cut = tableToIPC(new Table(batches).slice(0, count), 'stream');
  const head = 8 + new DataView(cut.buffer, cut.byteOffset).getInt32(4, true);
  return cut.slice(head, cut.length - END_OF_STREAM.length);
}
