import assert from 'node:assert/strict';
import { linePicture } from '../../../../wasm-core/results/bench/line-picture.ts';
import {
  fittedText,
  type Picture,
  type Shape,
  textWidth,
} from '../../../../wasm-core/results/bench/picture.ts';
import { splitPicture } from '../../../../wasm-core/results/bench/split-picture.ts';
import { stripPicture, tickText } from '../../../../wasm-core/results/bench/strip-picture.ts';

type Kind<T extends Shape['type']> = Extract<Shape, { type: T }>;

function shapesOf<T extends Shape['type']>(picture: Picture, type: T): Kind<T>[] {
  return picture.shapes.filter((shape): shape is Kind<T> => shape.type === type);
}

function texts(picture: Picture): string[] {
  return shapesOf(picture, 'text').map(({ text }) => text);
}

/** Every place of every shape of a picture. */
function places({ shapes }: Picture): { readonly x: number; readonly y: number }[] {
  return shapes.flatMap((shape) => {
    switch (shape.type) {
      case 'line':
        return [
          { x: shape.x1, y: shape.y1 },
          { x: shape.x2, y: shape.y2 },
        ];
      case 'path':
        return shape.points;
      case 'rect':
        return [
          { x: shape.x, y: shape.y },
          { x: shape.x + shape.width, y: shape.y + shape.height },
        ];
      default:
        return [{ x: shape.x, y: shape.y }];
    }
  });
}

/** Nothing of a picture is outside it, or nowhere. */
function isWithin(picture: Picture): void {
  for (const { x, y } of places(picture)) {
    assert.ok(x >= 0 && x <= picture.width, `x ${x} of ${picture.width}`);
    assert.ok(y >= 0 && y <= picture.height, `y ${y} of ${picture.height}`);
  }
}

const WIDTHS = [220, 760, 1600];

describe('the picture of times', () => {
  const rows = [
    { label: 'slug', micros: [1000, 1100, 1200, 1300, 5000], before: [900, 950, 1000] },
    { label: 'upper', micros: [2000] },
  ];

  it('has a mark for each run, where its time is, and says the figures', () => {
    const picture = stripPicture(rows, { width: 760 });
    const marks = shapesOf(picture, 'mark');
    assert.equal(marks.length, 9);
    const own = marks.filter(({ tone }) => tone === 'series-0');
    const across = own.map(({ x }) => x);
    assert.deepEqual(
      across,
      [...across].sort((a, b) => a - b),
    );
    assert.equal(own[4]?.title, 'run 5: 5.0 ms');
    assert.equal(marks.filter(({ isHollow }) => isHollow).length, 3, 'what it is compared with');
    assert.equal(
      picture.description,
      'slug: median 1.2 ms, p95 4.3 ms, 1.0 ms to 5.0 ms. upper: median 2.0 ms, p95 2.0 ms, 2.0 ms to 2.0 ms.',
    );
  });

  it('is the same for the same runs', () => {
    assert.deepEqual(stripPicture(rows, { width: 700 }), stripPicture(rows, { width: 700 }));
  });

  it('shows the heap of many runs in few shapes', () => {
    const micros = Array.from({ length: 1000 }, (_, i) => 1000 + (i % 97) * 3);
    const picture = stripPicture([{ label: 'many', micros }], { width: 760 });
    assert.ok(picture.shapes.length < 30, `${picture.shapes.length}`);
    assert.equal(shapesOf(picture, 'path').length, 1);
  });

  it('takes the logarithm where times lie far apart, and says so', () => {
    const far = [
      { label: 'a', micros: [10, 11] },
      { label: 'b', micros: [90_000, 91_000] },
    ];
    assert.ok(texts(stripPicture(far, { width: 760 })).includes('time of a run, logarithmic'));
  });

  it('stays within itself, whatever it is of', () => {
    const odd = [[], [0], [0, 0], [1], [5, 5, 5], [0.0001, 1e12], [Number.NaN, 4], [3, Infinity]];
    for (const width of WIDTHS) {
      for (const micros of odd) isWithin(stripPicture([{ label: 'odd', micros }], { width }));
      isWithin(stripPicture([], { width }));
      isWithin(stripPicture(rows, { width }));
    }
  });
});

describe('the picture of where the time goes', () => {
  it('cuts bars by the shares, and leaves parts of nothing out', () => {
    const rows = [
      { label: 'slug', engine: 500, functions: 400, transfer: 100 },
      { label: 'plain', engine: 250, functions: 0, transfer: 0 },
    ];
    const picture = splitPicture(rows, { width: 1024 });
    const bars = shapesOf(picture, 'rect').filter(({ title }) => title !== undefined);
    assert.deepEqual(
      bars.map(({ title, width }) => [title, Math.round(width)]),
      [
        ['engine: 500 µs, 50 %', 498],
        ['functions: 400 µs, 40 %', 398],
        ['transfer: 100 µs, 10 %', 98],
        ['engine: 250 µs, 100 %', 248],
      ],
    );
    assert.ok(texts(picture).includes('1.0 ms: engine 50 %, functions 40 %, transfer 10 %'));
    for (const width of WIDTHS) {
      isWithin(splitPicture(rows, { width }));
      isWithin(splitPicture([{ label: '', engine: 0, functions: 0, transfer: 0 }], { width }));
    }
  });
});

describe('a picture of lines', () => {
  const look = {
    title: 'Rows a second',
    description: '',
    xName: 'rows',
    yName: 'rows a second',
    xText: String,
    yText: String,
    width: 760,
  };

  it('gives each line a mark of its own, in the order of its places', () => {
    const lines = ['a', 'b', 'c', 'd', 'e'].map((label, i) => ({
      label,
      points: [3, 1, 2].map((x) => ({ x, y: x * (i + 1), title: `${label}${x}` })),
    }));
    const picture = linePicture(lines, look);
    const marks = shapesOf(picture, 'mark').filter(({ title }) => title !== undefined);
    assert.deepEqual(
      [...new Set(marks.map((mark) => mark.look))],
      ['circle', 'square', 'diamond', 'triangle'],
    );
    assert.deepEqual(
      marks.slice(0, 3).map(({ title }) => title),
      ['a1', 'a2', 'a3'],
    );
    isWithin(picture);
  });

  it('leaves names out that would touch, and stays within itself', () => {
    const points = Array.from({ length: 60 }, (_, x) => ({ x, y: x, low: x - 1, high: x + 1, title: '' }));
    const xTicks = points.map(({ x }) => x);
    for (const width of WIDTHS) {
      const xText = (x: number) => `commit${x}`;
      const picture = linePicture([{ label: 'a', points }], { ...look, width, xTicks, xText });
      const named = shapesOf(picture, 'text').filter(({ text }) => text.startsWith('commit'));
      const gaps = named.slice(1).map(({ x }, i) => x - (named[i]?.x ?? 0));
      assert.ok(
        gaps.every((gap) => gap >= textWidth('commit1') / 2),
        gaps.join(),
      );
      isWithin(picture);
      isWithin(linePicture([], { ...look, width }));
      isWithin(linePicture([{ label: 'one', points: [{ x: 5, y: 0, title: '' }] }], { ...look, width }));
    }
  });
});

describe('the texts of a picture', () => {
  it('are cut to their room', () => {
    assert.equal(fittedText('a\n  b', 100), 'a b');
    assert.equal(fittedText('abcdefghijkl', 50), 'abcdef…');
    assert.equal(fittedText('🦆🦆🦆🦆🦆🦆', 20), '🦆🦆…');
    assert.equal(fittedText('x'.repeat(10_000_000), 70).length, 10);
  });

  it('say times in round units', () => {
    assert.deepEqual([0, 0.5, 20, 1500, 2_000_000].map(tickText), ['0', '0.5 µs', '20 µs', '1.5 ms', '2 s']);
  });
});
