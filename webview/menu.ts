import { element } from './dom.ts';

/** One line of a menu. */
export type MenuItem =
  | {
      readonly label: string;
      /** Keys that do the same, for people. */
      readonly keys?: string;
      /** Shown with a tick, and said by readers. */
      readonly isChecked?: boolean;
      readonly isDisabled?: boolean;
      readonly run: () => void;
    }
  | 'separator';

/** Where and how a menu opens. */
export interface MenuOptions {
  /** For readers of the page. */
  readonly label: string;
  /** A place of the window, pixels: the menu's left top corner, or near it where it does not fit. */
  readonly x: number;
  readonly y: number;
  /** Gets the focus back. */
  readonly opener: HTMLElement;
}

/** Opens a menu, which closes by itself: by a choice, Escape, Tab, a press elsewhere, or the loss of the focus. */
export function openMenu(items: readonly MenuItem[], options: MenuOptions): void {
  const menu = element('div', {
    class: 'menu',
    attributes: { role: 'menu', 'aria-label': options.label, tabindex: '-1' },
  });
  let isClosed = false;
  const close = (isChosen: boolean) => {
    // To be removed takes the focus away, which closes too.
    if (isClosed) return;
    isClosed = true;
    const hadFocus = menu.contains(document.activeElement);
    menu.remove();
    document.removeEventListener('pointerdown', closeOutside, true);
    if (hadFocus || isChosen) options.opener.focus({ preventScroll: true });
  };
  const closeOutside = ({ target }: PointerEvent) => {
    if (!(target instanceof Node && menu.contains(target))) close(false);
  };
  menu.append(...items.map((item) => lineOf(item, () => close(true))));
  menu.addEventListener('keydown', (event) => press(event, menu, () => close(false)));
  menu.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && menu.contains(relatedTarget))) close(false);
  });
  menu.addEventListener('pointermove', ({ target }) => {
    if (target instanceof Element) target.closest<HTMLElement>('.menu-item')?.focus({ preventScroll: true });
  });
  menu.addEventListener('contextmenu', (event) => event.preventDefault());
  document.addEventListener('pointerdown', closeOutside, true);
  // Within the page's landmark, as readers expect of all that it shows.
  (document.querySelector('main') ?? document.body).append(menu);
  placeIn(menu, options);
  linesOf(menu)[0]?.focus({ preventScroll: true });
}

function lineOf(item: MenuItem, close: () => void): HTMLElement {
  if (item === 'separator') return element('div', { class: 'menu-line', attributes: { role: 'separator' } });
  const isCheckable = item.isChecked !== undefined;
  return element(
    'button',
    {
      class: 'menu-item',
      attributes: {
        type: 'button',
        role: isCheckable ? 'menuitemcheckbox' : 'menuitem',
        tabindex: '-1',
        ...(isCheckable && { 'aria-checked': String(item.isChecked) }),
        ...(item.isDisabled === true && { 'aria-disabled': 'true' }),
      },
      onClick: () => {
        if (item.isDisabled === true) return;
        close();
        item.run();
      },
    },
    [
      element('span', { class: 'menu-label', text: item.label }),
      ...(item.keys === undefined
        ? []
        : [element('kbd', { text: item.keys, attributes: { 'aria-hidden': 'true' } })]),
    ],
  );
}

function linesOf(menu: HTMLElement): readonly HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('.menu-item')];
}

function press(event: KeyboardEvent, menu: HTMLElement, close: () => void): void {
  const lines = linesOf(menu);
  const elements: readonly (Element | null)[] = lines;
  const at = elements.indexOf(document.activeElement);
  const goTo = (index: number) => lines[(index + lines.length) % lines.length]?.focus();
  switch (event.key) {
    case 'ArrowDown':
      goTo(at + 1);
      break;
    case 'ArrowUp':
      goTo(at < 0 ? -1 : at - 1);
      break;
    case 'Home':
      goTo(0);
      break;
    case 'End':
      goTo(-1);
      break;
    case 'Tab':
    case 'Escape':
      close();
      break;
    default:
      if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey) return;
      goTo(nextByLetter(lines, at, event.key));
  }
  event.preventDefault();
  event.stopPropagation();
}

/** The next line that begins with a letter; the same one when there is none. */
function nextByLetter(lines: readonly HTMLElement[], at: number, letter: string): number {
  for (let step = 1; step <= lines.length; step++) {
    const index = (at + step) % lines.length;
    if (lines[index]?.textContent.toLowerCase().startsWith(letter.toLowerCase()) === true) return index;
  }
  return at;
}

function placeIn(menu: HTMLElement, { x, y }: MenuOptions): void {
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(0, Math.min(x, window.innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(0, Math.min(y, window.innerHeight - height - 4))}px`;
}
