import { element } from '../dom.ts';

/** The element of a grid around what it draws. @param title names it for readers of the page */
export function gridNode(title: string, canvas: HTMLElement): HTMLElement {
  const attributes = {
    role: 'grid',
    tabindex: '0',
    'aria-label': title,
    'aria-multiselectable': 'true',
    'aria-readonly': 'true',
  };
  return element('div', { class: 'grid', attributes }, [canvas]);
}

/** Where a menu of an element opens, pixels of the window. */
export function below(node: HTMLElement): { x: number; y: number } {
  const { left, bottom } = node.getBoundingClientRect();
  return { x: left, y: bottom };
}
