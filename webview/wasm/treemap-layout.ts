/** A rectangle in pixels. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides a rectangle among sizes, with parts as square as may be: Bruls, Huizing and van Wijk, "Squarified Treemaps"
 * (2000).
 *
 * @param sizes positive, largest first
 * @returns a rectangle for each, in proportion to its size
 */
export function layoutTreemap(sizes: readonly number[], area: Rect): Rect[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const scale = total === 0 ? 0 : (area.width * area.height) / total;
  const placed: Rect[] = [];
  let rest = area;
  let start = 0;
  while (start < sizes.length) {
    const side = Math.min(rest.width, rest.height);
    let end = start + 1;
    while (
      end < sizes.length &&
      worst(sizes, { start, end: end + 1, side, scale }) <= worst(sizes, { start, end, side, scale })
    ) {
      end++;
    }
    const row = sizes.slice(start, end).map((size) => size * scale);
    rest = placeRow(row, rest, placed);
    start = end;
  }
  return placed;
}

/** The least square of the parts of a row: its longer side in its shorter. */
function worst(
  sizes: readonly number[],
  {
    start,
    end,
    side,
    scale,
  }: { readonly start: number; readonly end: number; readonly side: number; readonly scale: number },
): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += (sizes[i] ?? 0) * scale;
  const largest = (sizes[start] ?? 0) * scale;
  const smallest = (sizes[end - 1] ?? 0) * scale;
  if (smallest === 0 || sum === 0 || side === 0) return Number.POSITIVE_INFINITY;
  return Math.max((side * side * largest) / (sum * sum), (sum * sum) / (side * side * smallest));
}

/** Puts a row along the shorter side. @returns what is left of the rectangle */
function placeRow(row: readonly number[], { left, top, width, height }: Rect, placed: Rect[]): Rect {
  const sum = row.reduce((total, size) => total + size, 0);
  const isUpright = width >= height;
  const side = isUpright ? height : width;
  const thickness = side === 0 ? 0 : sum / side;
  let along = 0;
  for (const size of row) {
    const length = thickness === 0 ? 0 : size / thickness;
    placed.push(
      isUpright
        ? { left, top: top + along, width: thickness, height: length }
        : { left: left + along, top, width: length, height: thickness },
    );
    along += length;
  }
  return isUpright
    ? { left: left + thickness, top, width: Math.max(0, width - thickness), height }
    : { left, top: top + thickness, width, height: Math.max(0, height - thickness) };
}
