import type { Localizer } from '../../protocol/localizer.ts';

/** How a picture is made. */
export interface PictureLook {
  /** Pixels. */
  readonly width: number;
  /** Absent: its texts are English. */
  readonly l10n?: Localizer;
}
/*
 * Pictures of benchmarks as lists of shapes, without a DOM and without colours: the page makes elements of them that
 * follow the editor's theme, `svg-text.ts` makes a file of them, and both are the same picture.
 */

/** What a shape means; whoever draws it has a colour for each. */
export type Tone =
  | 'text'
  | 'quiet'
  | 'grid'
  | 'engine'
  | 'functions'
  | 'transfer'
  | 'median'
  /** What is compared with. */
  | 'before'
  | Series;

/** Lines and rows that are told apart, by their marks too. */
export type Series = 'series-0' | 'series-1' | 'series-2' | 'series-3';

/** A shape; lengths and places are pixels from the picture's upper left corner. */
export type Shape =
  | {
      readonly type: 'line';
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
      readonly tone: Tone;
    }
  | {
      readonly type: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly tone: Tone;
      /** Drawn as an edge alone. */
      readonly isHollow?: boolean;
      readonly title?: string;
    }
  /** A line through points, or the area inside it. */
  | {
      readonly type: 'path';
      readonly points: readonly Point[];
      readonly tone: Tone;
      readonly isFilled?: boolean;
    }
  | {
      readonly type: 'mark';
      readonly x: number;
      readonly y: number;
      /** Half its width. */
      readonly size: number;
      readonly look: 'circle' | 'square' | 'diamond' | 'triangle';
      readonly tone: Tone;
      readonly isHollow?: boolean;
      readonly title?: string;
    }
  | {
      readonly type: 'text';
      readonly x: number;
      /** Of the line that the letters stand on. */
      readonly y: number;
      readonly text: string;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly tone: Tone;
      readonly isStrong?: boolean;
      readonly title?: string;
    };

/** A place in a picture. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A picture of a benchmark. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** What it shows, in few words. */
  readonly title: string;
  /** What one reads from it, for those who do not see it. */
  readonly description: string;
  readonly shapes: readonly Shape[];
}

/** How wide letters of 12 pixels are on average, and those of strong text. */
const LETTER_PX = 6.6;
const STRONG_LETTER_PX = 7.6;

/** Longer texts are cut before they are looked at, UTF-16 code units. */
const MAX_TEXT = 2_000;

/** A text in so many pixels, cut at its end. */
export function fittedText(text: string, width: number, look: { readonly isStrong?: boolean } = {}): string {
  const line = text.slice(0, MAX_TEXT).replace(/\s+/g, ' ').trim();
  const letters = Math.max(1, Math.floor(width / (look.isStrong === true ? STRONG_LETTER_PX : LETTER_PX)));
  const points = [...line];
  return points.length <= letters ? line : `${points.slice(0, letters - 1).join('')}…`;
}

/** About how wide a text is, pixels. */
export function textWidth(text: string): number {
  return [...text].length * LETTER_PX;
}

/** The tone of a line or row by its index; after the fourth they begin again. */
export function seriesTone(index: number): Series {
  return TONES[index % 4] ?? 'series-0';
}

const TONES: readonly Series[] = ['series-0', 'series-1', 'series-2', 'series-3'];

const LOOKS = ['circle', 'square', 'diamond', 'triangle'] as const;

/** The mark of a line by its index. */
export function seriesLook(index: number): (typeof LOOKS)[number] {
  return LOOKS[index % 4] ?? 'circle';
}

/** The outline of a mark, as the `d` of a path. */
export function markPath({ x, y, size, look }: Extract<Shape, { type: 'mark' }>): string {
  const [left, right, top, bottom] = [x - size, x + size, y - size, y + size].map(pixels);
  switch (look) {
    case 'circle': {
      const r = pixels(size);
      return `M${left} ${pixels(y)}a${r} ${r} 0 1 0 ${pixels(2 * size)} 0a${r} ${r} 0 1 0 ${pixels(-2 * size)} 0z`;
    }
    case 'square':
      return `M${left} ${top}H${right}V${bottom}H${left}z`;
    case 'diamond':
      return `M${pixels(x)} ${top}L${right} ${pixels(y)}L${pixels(x)} ${bottom}L${left} ${pixels(y)}z`;
    case 'triangle':
      return `M${pixels(x)} ${top}L${right} ${bottom}H${left}z`;
  }
}

/** Lines from point to point, as the `d` of a path. */
export function linePath({ points, isFilled = false }: Extract<Shape, { type: 'path' }>): string {
  const places = points.map(({ x, y }) => `${pixels(x)} ${pixels(y)}`);
  return `M${places.join('L')}${isFilled ? 'z' : ''}`;
}

/** A length as a picture's text has it: at most one digit behind the point. */
export function pixels(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}
