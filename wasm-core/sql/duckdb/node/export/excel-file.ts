import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { ExportOptions } from '../../../../protocol/export.ts';
import { MAX_SHEET_ROWS, SheetText } from '../../../../results/formats/excel/sheet.ts';
import { sheetName, sheetPath, workbookParts } from '../../../../results/formats/excel/workbook.ts';
import type { PageReader } from '../../../../results/pages.ts';
import type { PageWriter } from '../../export/page-sink.ts';
import { OutputFile } from './output-file.ts';

/** Rows that are turned into XML before the compressor gets them. */
const ROWS_A_WRITE = 512;

/**
 * Pages as an Excel workbook, compressed as they come. What a sheet has no room for goes on in a further one.
 *
 * @throws CoreError FILE_IO; of its methods, also those of `SheetText`
 */
export function excelFile(file: string, options: ExportOptions): PageWriter {
  return new ExcelFile(file, options);
}

class ExcelFile implements PageWriter {
  readonly #output: OutputFile;
  readonly #zip = new ZipFile();
  readonly #written: Promise<void>;
  readonly #header: boolean;
  readonly #name: string;
  #text = new SheetText([]);
  #sheet = new PassThrough();
  #sheetCount = 0;
  /** Rows of the sheet under way. */
  #rowCount = 0;
  #failure: unknown;

  constructor(file: string, { header = true, sheet = 'Result' }: ExportOptions) {
    this.#output = new OutputFile(file);
    this.#header = header;
    this.#name = sheet;
    const sink = new Writable({ write: (chunk: Buffer, _, done) => this.#put(chunk, done) });
    this.#zip.outputStream.pipe(sink);
    this.#written = finished(sink);
    // Told by the next call of whoever writes.
    this.#written.catch(() => {});
    this.#zip.on('error', (error) => sink.destroy(error as Error));
  }

  begin(columns: ConstructorParameters<typeof SheetText>[0]): void {
    this.#text = new SheetText(columns);
    this.#beginSheet();
  }

  async rows(page: PageReader): Promise<void> {
    for (let row = 0; row < page.rowCount; ) {
      if (this.#rowCount === MAX_SHEET_ROWS) {
        this.#endSheet();
        this.#beginSheet();
      }
      const end = Math.min(row + ROWS_A_WRITE, page.rowCount, row + MAX_SHEET_ROWS - this.#rowCount);
      let text = '';
      for (; row < end; row++) text += this.#text.row(page, row, ++this.#rowCount);
      await this.#write(text);
    }
  }

  async end(): Promise<void> {
    this.#endSheet();
    const names = Array.from({ length: this.#sheetCount }, (_, index) => sheetName(this.#name, index));
    for (const { path, text } of workbookParts(names)) this.#zip.addBuffer(Buffer.from(text), path);
    this.#zip.end();
    await this.#written;
    this.#output.finish();
  }

  discard(): void {
    this.#sheet.destroy();
    this.#output.close();
  }

  #beginSheet(): void {
    this.#sheet = new PassThrough();
    // The compressor hears of what a discarded sheet says as well.
    this.#sheet.on('error', () => {});
    this.#zip.addReadStream(this.#sheet, sheetPath(this.#sheetCount++));
    this.#sheet.write(this.#text.begin(this.#header));
    this.#rowCount = this.#header ? 1 : 0;
  }

  #endSheet(): void {
    this.#sheet.end(this.#text.end());
  }

  async #write(text: string): Promise<void> {
    if (!this.#sheet.write(text)) await Promise.race([once(this.#sheet, 'drain'), this.#written]);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #put(chunk: Buffer, done: (error?: Error) => void): void {
    try {
      this.#output.write(chunk);
      done();
    } catch (error) {
      this.#failure = error;
      done(error as Error);
    }
  }
}
