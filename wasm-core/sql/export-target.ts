import type { ExportFormat, ExportOptions } from '../protocol/export.ts';

/** A file that an engine writes rows to. Whoever asked for it puts it in its place when it is whole, or deletes it. */
export interface ExportTarget {
  /** Real absolute path; there is nothing there. It needs no place in the session's folders. */
  readonly file: string;
  readonly format: ExportFormat;
  readonly options: ExportOptions;
}
