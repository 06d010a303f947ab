import type { Cell } from './selection.ts';

/** Where the pointer is and what it does. */
export interface PointerTarget {
  /** The cell at a place of the window; column -1 is the row's number. */
  at(clientX: number, clientY: number): Cell | undefined;
  selected(cell: Cell, options: { readonly grow: boolean; readonly wholeRow: boolean }): void;
}

/** Selects cells by pressing and dragging, and whole rows by their numbers. */
export function trackPointer(grid: HTMLElement, target: PointerTarget): void {
  grid.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !(event.target instanceof Element)) return;
    if (event.target.closest('.row') === null) return;
    const start = target.at(event.clientX, event.clientY);
    if (start === undefined) return;
    const wholeRow = start.column < 0;
    target.selected(start, { grow: event.shiftKey, wholeRow });
    follow(grid, (moved) => {
      const cell = target.at(moved.clientX, moved.clientY);
      if (cell !== undefined)
        target.selected({ ...cell, column: Math.max(0, cell.column) }, { grow: true, wholeRow });
    });
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
