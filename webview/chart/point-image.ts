/** Points by their coordinates; those without one are left out. */
export interface Points {
  readonly x: Float64Array;
  /** One array for each series, as long as `x`; or one for all, with `series` beside it. */
  readonly y: readonly Float64Array[];
  /** Which series each point belongs to, from 0. */
  readonly series?: Float64Array;
}

/** The numbers between which something lies. */
export interface Extent {
  readonly low: number;
  readonly high: number;
}

/** Where an image of points lies, and how fine it is. */
export interface ImageArea {
  readonly x: Extent;
  readonly y: Extent;
  /** Pixels of the image. */
  readonly width: number;
  readonly height: number;
}

/** Red, green, blue, 0 to 255 each. */
type Color = readonly [number, number, number];

/** The bounds of numbers; none of them finite: 0 and 1. */
export function extentOf(arrays: readonly Float64Array[]): Extent {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const numbers of arrays) {
    for (const number of numbers) {
      if (number < low) low = number;
      if (number > high) high = number;
    }
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}

/** How strong a pixel is that the fewest points cover, 0 to 1. */
const WEAKEST = 0.2;

/**
 * Draws points into an image, each a square, denser where more of them lie. A drawing library takes a second for a million
 * points; this takes hundredths of one.
 *
 * @param options.size of a point, pixels
 * @param options.colors of the series, as `#rrggbb` or `rgba(…)`
 */
export function pointImage(
  points: Points,
  area: ImageArea,
  { size, colors }: { readonly size: number; readonly colors: readonly string[] },
): HTMLCanvasElement {
  const { width, height } = area;
  const counts = new Uint16Array(width * height);
  const owners = new Uint8Array(width * height);
  const across = scale(area.x, width - size);
  const down = scale(area.y, height - size);
  points.y.forEach((values, index) => {
    for (let i = 0; i < values.length; i++) {
      const left = Math.round(((points.x[i] ?? Number.NaN) - area.x.low) * across);
      const bottom = Math.round(((values[i] ?? Number.NaN) - area.y.low) * down);
      // Also false for what is no number.
      if (!(left >= 0 && left <= width - size && bottom >= 0 && bottom <= height - size)) continue;
      const owner = points.series?.[i] ?? index;
      let pixel = (height - size - bottom) * width + left;
      for (let row = 0; row < size; row++, pixel += width) {
        for (let column = 0; column < size; column++) {
          const count = counts[pixel + column] ?? 0;
          if (count < 65_535) counts[pixel + column] = count + 1;
          owners[pixel + column] = owner;
        }
      }
    }
  });
  const rgb = colors.map(parseColor);
  const alphaOf = strength(counts);
  return painted(area, {
    alphaAt: (pixel) => alphaOf(counts[pixel] ?? 0),
    colorAt: (pixel) => rgb[(owners[pixel] ?? 0) % rgb.length],
  });
}

/** Cells of a grid with how many rows each holds. */
export interface Density {
  readonly columns: number;
  readonly rows: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly count: Float64Array;
}

/** Draws a grid of counts into an image, stronger where there are more. */
export function densityImage(
  { columns, rows, x, y, count }: Density,
  size: { readonly width: number; readonly height: number },
  color: string,
): HTMLCanvasElement {
  const { width, height } = size;
  const counts = new Float64Array(columns * rows);
  for (let i = 0; i < count.length; i++) counts[(y[i] ?? 0) * columns + (x[i] ?? 0)] = count[i] ?? 0;
  const rgb = parseColor(color);
  const alphaOf = strength(counts);
  const alphaAt = (pixel: number): number => {
    const column = Math.floor(((pixel % width) * columns) / width);
    const row = rows - 1 - Math.floor((Math.floor(pixel / width) * rows) / height);
    return alphaOf(counts[row * columns + column] ?? 0);
  };
  return painted(size, { alphaAt, colorAt: () => rgb });
}

/** How strong a count is, by its logarithm, since a few places may hold most. */
function strength(counts: ArrayLike<number>): (count: number) => number {
  let most = 1;
  for (let i = 0; i < counts.length; i++) most = Math.max(most, counts[i] ?? 0);
  const whole = Math.log1p(most);
  return (count) => (count === 0 ? 0 : WEAKEST + ((1 - WEAKEST) * Math.log1p(count)) / whole);
}

/** Pixels for one unit. */
function scale({ low, high }: Extent, pixels: number): number {
  return high > low ? pixels / (high - low) : 0;
}

function painted(
  { width, height }: { readonly width: number; readonly height: number },
  look: {
    /** 0 to 1. */
    readonly alphaAt: (pixel: number) => number;
    readonly colorAt: (pixel: number) => Color | undefined;
  },
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return canvas;
  const image = context.createImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = look.alphaAt(pixel);
    if (alpha === 0) continue;
    const [red, green, blue] = look.colorAt(pixel) ?? GREY;
    const at = pixel * 4;
    image.data[at] = red;
    image.data[at + 1] = green;
    image.data[at + 2] = blue;
    image.data[at + 3] = Math.round(alpha * 255);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

const GREY: Color = [128, 128, 128];

function parseColor(color: string): Color {
  const hex = /^#(..)(..)(..)/.exec(color);
  if (hex !== null) return [1, 2, 3].map((part) => Number.parseInt(hex[part] ?? '0', 16)) as unknown as Color;
  const [red, green, blue] = GREY;
  const parts = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [parts[0] ?? red, parts[1] ?? green, parts[2] ?? blue];
}
