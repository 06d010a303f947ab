import type { Cell } from './selection.ts';

/** Where the pointer is and what it does. */
export interface PointerTarget {
  /** The cell at a place of the window; position -1 is the row's number. */
  at(clientX: number, clientY: number): Cell | undefined;
  selected(cell: Cell, options: { readonly grow: boolean; readonly wholeRow: boolean }): void;
  /** Sent when a menu is asked for over a cell. */
  menu(cell: Cell, place: { readonly x: number; readonly y: number }): void;
  /** Sent when a cell is pressed twice. */
  opened(): void;
}

/** Selects cells by pressing and dragging, and whole rows by their numbers. */
export function trackPointer(grid: HTMLElement, target: PointerTarget): void {
  const isInRow = ({ target: hit }: Event) => hit instanceof Element && hit.closest('.row') !== null;
  grid.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !isInRow(event)) return;
    const start = target.at(event.clientX, event.clientY);
    if (start === undefined) return;
    const wholeRow = start.position < 0;
    target.selected(start, { grow: event.shiftKey, wholeRow });
    follow(grid, (moved) => {
      const cell = target.at(moved.clientX, moved.clientY);
      if (cell !== undefined)
        target.selected({ ...cell, position: Math.max(0, cell.position) }, { grow: true, wholeRow });
    });
  });
  grid.addEventListener('dblclick', (event) => {
    if (isInRow(event)) target.opened();
  });
  grid.addEventListener('contextmenu', (event) => {
    if (!isInRow(event)) return;
    const cell = target.at(event.clientX, event.clientY);
    event.preventDefault();
    if (cell !== undefined) target.menu(cell, { x: event.clientX, y: event.clientY });
  });
}

/** Calls `move` until the button is let go. */
function follow(grid: HTMLElement, move: (event: PointerEvent) => void): void {
  const view = grid.ownerDocument;
  const stop = () => {
    view.removeEventListener('pointermove', move);
    view.removeEventListener('pointerup', stop);
    view.removeEventListener('pointercancel', stop);
  };
  view.addEventListener('pointermove', move);
  view.addEventListener('pointerup', stop);
  view.addEventListener('pointercancel', stop);
}
