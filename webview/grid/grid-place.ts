import type { Selection } from './selection.ts';

/** Where in its rows a grid is looked at. */
export interface GridPlace {
  /** Pixels from the top of the first row, and from the left edge. */
  readonly top: number;
  readonly left: number;
  readonly selection: Selection;
}

/**
 * Reads a place that was kept; the selection may lie outside of the rows.
 *
 * @returns undefined for anything else
 */
export function parsePlace(value: unknown): GridPlace | undefined {
  if (!isFields(value) || !isFields(value.selection)) return undefined;
  const { top, left, selection } = value;
  const { anchor, active } = selection;
  if (!isCount(top) || !isCount(left) || !isCell(anchor) || !isCell(active)) return undefined;
  return { top, left, selection: { anchor, active } };
}

function isCell(value: unknown): value is Selection['active'] {
  return isFields(value) && isCount(value.row) && isCount(value.position);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
