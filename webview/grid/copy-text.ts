import type { PageStore } from '../page-store.ts';
import { pageOf } from '../page-store.ts';
import { edges, type Selection } from './selection.ts';

/** Characters that one copy may have; a clipboard is no place for more. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** What a copy gave. */
export interface Copied {
  readonly text: string;
  readonly rows: number;
  /** Why it has fewer rows than were selected. */
  readonly cutBecause?: string;
}

/**
 * The selected cells as lines of tab-separated texts. NULL is empty; a text that has tabs, quotes or line ends stands
 * in double quotes, as spreadsheets read it, unless it is the only one.
 *
 * @param options.names whether the columns' names are the first line
 */
export async function copyText(
  store: PageStore,
  selection: Selection,
  options: { readonly names: boolean },
): Promise<Copied> {
  const { top, bottom, left, right } = edges(selection);
  const columns = store.view.columns.slice(left, right + 1);
  const isSingle = top === bottom && left === right && !options.names;
  const lines = options.names ? [columns.map(({ name }) => field(name)).join('\t')] : [];
  let characters = 0;
  let row = top;
  const cut = (cutBecause: string): Copied => ({ text: lines.join('\n'), rows: row - top, cutBecause });
  while (row <= bottom) {
    const index = pageOf(store.view.pages, row);
    const range = store.view.pages[index];
    const page = await store.page(index);
    if (range === undefined || page === undefined)
      return cut('The rows after them are gone; run the statement again.');
    const end = Math.min(bottom + 1, range.firstRow + range.rowCount);
    for (; row < end; row++) {
      const at = row - range.firstRow;
      const texts = columns.map((_, i) => (page.isNull(at, left + i) ? '' : page.text(at, left + i)));
      const line = isSingle ? (texts[0] ?? '') : texts.map(field).join('\t');
      characters += line.length + 1;
      if (characters > MAX_CHARACTERS)
        return cut('More does not fit the clipboard; write the rest to a file with COPY.');
      lines.push(line);
    }
  }
  return { text: lines.join('\n'), rows: bottom - top + 1 };
}

function field(text: string): string {
  return /["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
