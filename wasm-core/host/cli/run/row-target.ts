import path from 'node:path';
import { type EXPORT_FORMATS, type ExportPlace, formatOfFile } from '../../../protocol/export.ts';
import type { Cli } from '../cli.ts';
import { FILE_FORMATS, SHOWS_ALL } from '../formats/format.ts';
import { UsageError } from '../report-error.ts';
import type { RunOptions } from './run-options.ts';

/** Where rows go, and in which format. */
export interface RowTarget {
  /** One of `FORMATS`. */
  readonly format: string;
  /** The file that the host writes; undefined when we write the rows ourselves, to stdout or to a file. */
  readonly place: ExportPlace | undefined;
}

/**
 * The format that was asked for, by name or by the ending of the file, and the file.
 *
 * @throws UsageError for a format that needs a file and has none, and for options of a format that has none
 */
export function rowTarget(cli: Cli, options: RunOptions): RowTarget {
  const { out } = options;
  const ofFile = out === undefined ? undefined : formatOfFile(out);
  const format = options.format ?? (cli.json ? 'json' : (ofFile?.format ?? 'table'));
  const given = parseFormatOptions(options.formatOption ?? []);
  if (out === undefined && FILE_FORMATS.has(format))
    throw new UsageError(`--format ${format} needs --out FILE`);
  if (out === undefined && format.startsWith('arrow') && process.stdout.isTTY) {
    throw new UsageError(`--format ${format} is binary; give --out FILE, or send stdout somewhere`);
  }
  if (out === undefined || SHOWS_ALL.has(format)) {
    if (Object.keys(given).length === 0) return { format, place: undefined };
    throw new UsageError('--format-option goes with --out FILE and a format that has options');
  }
  const implied = ofFile?.format === format ? ofFile.options : {};
  const place = {
    path: path.resolve(out),
    format: format as keyof typeof EXPORT_FORMATS,
    options: { ...implied, ...given },
    overwrite: true,
    // It was named on the command line.
    chosen: true,
  };
  return { format, place };
}

/** `name=value` pairs; the host says which of them a format has. */
function parseFormatOptions(texts: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value = ''] = /^(\w+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined) {
        throw new UsageError(`--format-option takes name=value, and ${JSON.stringify(text)} is not that`);
      }
      return [name, value === 'true' ? true : value === 'false' ? false : value];
    }),
  );
}
