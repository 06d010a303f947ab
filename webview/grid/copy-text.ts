import * as l10n from '@vscode/l10n';
import type { PageStore } from '../page-store.ts';
import { pageOf } from '../page-store.ts';
import { type CopyFormat, copyWriter } from './copy-formats.ts';

/** Characters that one copy may have; a clipboard is no place for more. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** Cells of some rows. */
export interface CellRange {
  /** The first row, and the last one. */
  readonly top: number;
  readonly bottom: number;
  /** Columns of the result, in the order shown. */
  readonly columns: readonly number[];
}

/** What a copy gave. */
export interface Copied {
  readonly text: string;
  readonly rows: number;
  /** Why it has fewer rows than were selected. */
  readonly cutBecause?: string;
}

/** Cells as text, with pages that are not here pulled one after the other. */
export async function copyText(store: PageStore, range: CellRange, format: CopyFormat): Promise<Copied> {
  const { top, bottom } = range;
  const columns = range.columns.map((column) => ({
    ...(store.view.columns[column] ?? { name: '', type: '' }),
    column,
  }));
  const writer = copyWriter(format, columns, top === bottom && columns.length === 1);
  const parts = [writer.begin];
  let characters = writer.begin.length;
  let row = top;
  const done = (cutBecause?: string): Copied => ({
    text: parts.join('') + writer.end,
    rows: row - top,
    ...(cutBecause !== undefined && { cutBecause }),
  });
  while (row <= bottom) {
    const index = pageOf(store.view.pages, row);
    const place = store.view.pages[index];
    const page = await store.page(index);
    if (place === undefined || page === undefined)
      return done(l10n.t('The rows after them are gone; run the statement again.'));
    const end = Math.min(bottom + 1, place.firstRow + place.rowCount);
    for (; row < end; row++) {
      const text = writer.row(page, row - place.firstRow, row - top);
      characters += text.length;
      if (characters > MAX_CHARACTERS)
        return done(l10n.t('More does not fit the clipboard; write the rest to a file with Export.'));
      parts.push(text);
    }
  }
  return done();
}
