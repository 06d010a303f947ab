import type { ExportFormat } from '../../../../protocol/export.ts';
import { insertFormat } from '../../../../results/formats/insert-statements.ts';
import { jsonFormat, ndjsonFormat } from '../../../../results/formats/json.ts';
import { markdownFormat } from '../../../../results/formats/markdown.ts';
import type { ExportTarget } from '../../../export-target.ts';
import { PageSink, type PageWriter } from '../../export/page-sink.ts';
import type { RowSink } from '../../row-sink.ts';
import { ArrowFile } from './arrow-file.ts';
import { excelFile } from './excel-file.ts';
import { textFile } from './text-file.ts';

/** The formats that the engine does not write itself, or not exactly: its JSON has NaN in it and loses digits. */
export type SinkFormat = Exclude<ExportFormat, 'csv' | 'tsv' | 'parquet'>;

/**
 * Opens the file of an export.
 *
 * @param options.maxRows rows to write
 * @throws CoreError FILE_IO
 */
export function openSink(
  target: ExportTarget & { readonly format: SinkFormat },
  { maxRows }: { readonly maxRows: number },
): RowSink {
  const { file, format } = target;
  if (format === 'arrow') return new ArrowFile(file, { form: 'file', maxRows });
  if (format === 'arrow-stream') return new ArrowFile(file, { form: 'stream', maxRows });
  return new PageSink(pageWriter({ ...target, format }), maxRows);
}

function pageWriter({
  file,
  format,
  options,
}: ExportTarget & { readonly format: Exclude<SinkFormat, 'arrow' | 'arrow-stream'> }): PageWriter {
  const { table = 'result', createTable = true } = options;
  switch (format) {
    case 'xlsx':
      return excelFile(file, options);
    case 'json':
      return textFile(file, jsonFormat);
    case 'ndjson':
      return textFile(file, ndjsonFormat);
    case 'markdown':
      return textFile(file, markdownFormat);
    case 'sql':
      return textFile(file, (writer) => insertFormat({ ...writer, table, createTable }));
  }
}
