import { element } from '../dom.ts';

/**
 * A table of a few rows.
 *
 * @param options.numbersFrom the first column whose cells stand at the right, as all behind it do
 */
export function plainTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  { numbersFrom }: { readonly numbersFrom: number },
): HTMLElement {
  const classOf = (column: number) => (column >= numbersFrom ? { class: 'number' } : {});
  const head = titles.map((text, column) =>
    element('th', { ...classOf(column), text, attributes: { scope: 'col' } }),
  );
  const body = rows.map((cells) =>
    element(
      'tr',
      {},
      cells.map((text, column) => element('td', { ...classOf(column), text, attributes: { title: text } })),
    ),
  );
  return element('table', { class: 'plain' }, [
    element('thead', {}, [element('tr', {}, head)]),
    element('tbody', {}, body),
  ]);
}
