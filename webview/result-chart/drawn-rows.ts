import * as l10n from '@vscode/l10n';
import type { ChartData } from '../../wasm-core/protocol/result-questions.ts';
import { type PageReader, readPage } from '../../wasm-core/results/pages.ts';

/** The rows that a chart is drawn from, by the names of their columns. */
export class DrawnRows {
  readonly count: number;
  readonly #page: PageReader;
  readonly #places: ReadonlyMap<string, number>;

  /** @throws Error when the bytes are not the rows that they should be */
  constructor({ bytes, columns, drawnCount }: ChartData) {
    this.count = drawnCount;
    this.#page = readPage(new Uint8Array(0), new Uint8Array(bytes), columns, drawnCount);
    this.#places = new Map(columns.map(({ name }, index) => [name, index]));
  }

  has(column: string): boolean {
    return this.#places.has(column);
  }

  /** As the grid shows the value, with every digit; undefined for NULL. */
  text(row: number, column: string): string | undefined {
    const place = this.#places.get(column);
    if (place === undefined || this.#page.isNull(row, place)) return undefined;
    return this.#page.text(row, place);
  }

  /** The value as near as a drawing needs it; undefined for NULL and for what is no finite number. */
  number(row: number, column: string): number | undefined {
    const number = Number(this.text(row, column) ?? Number.NaN);
    return Number.isFinite(number) ? number : undefined;
  }
}

/** What stands for NULL where a text is needed. */
export const NULL_TEXT = 'NULL';

/** The longest label of a category, characters. */
const MAX_LABEL = 60;

/** A value as a label: seen, and not too long. */
export function labelOf(text: string | undefined): string {
  if (text === undefined) return NULL_TEXT;
  if (text === '') return l10n.t('(empty)');
  return text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL - 1)}…` : text;
}
