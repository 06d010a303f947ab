import type { RowWriter, WriterOptions } from '../../../../results/formats/row-writer.ts';
import type { PageWriter } from '../../export/page-sink.ts';
import { OutputFile } from './output-file.ts';

/** Pages as text in a file. @throws CoreError FILE_IO */
export function textFile(file: string, format: (options: WriterOptions) => RowWriter): PageWriter {
  const output = new OutputFile(file);
  let writer: RowWriter | undefined;
  return {
    begin: (columns) => {
      writer = format({ columns });
      output.write(writer.begin());
    },
    rows: (page) => output.write(writer?.rows(page) ?? ''),
    end: () => {
      output.write(writer?.end() ?? '');
      output.finish();
    },
    discard: () => output.close(),
  };
}
