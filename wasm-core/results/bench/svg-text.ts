import { linePath, markPath, type Picture, pixels, type Shape } from './picture.ts';

/*
 * Pictures as files. One that is shown in a page follows the reader's choice of light or dark.
 */

const LIGHT = `.text{fill:#24292f}.quiet{fill:#57606a}.grid{stroke:#d0d7de;fill:#d0d7de}.back{fill:#ffffff}
.engine,.series-0{fill:#0969da;stroke:#0969da}.functions,.series-1{fill:#bc4c00;stroke:#bc4c00}
.transfer,.series-2{fill:#8250df;stroke:#8250df}.series-3{fill:#1a7f37;stroke:#1a7f37}
.median{fill:#24292f;stroke:#24292f}.before{fill:#6e7781;stroke:#6e7781}`;

const DARK = `.text{fill:#e6edf3}.quiet{fill:#9198a1}.grid{stroke:#3d444d;fill:#3d444d}.back{fill:#0d1117}
.engine,.series-0{fill:#4493f8;stroke:#4493f8}.functions,.series-1{fill:#db6d28;stroke:#db6d28}
.transfer,.series-2{fill:#ab7df8;stroke:#ab7df8}.series-3{fill:#3fb950;stroke:#3fb950}
.median{fill:#e6edf3;stroke:#e6edf3}.before{fill:#9198a1;stroke:#9198a1}`;

const SHARED = `text{font:12px system-ui,"Segoe UI",Ubuntu,sans-serif;stroke:none}.strong{font-weight:600}
line,path{stroke-width:1}.hollow{fill:none;stroke-width:1.5}.open{fill:none;stroke-width:1.5}.area{fill-opacity:.25}
rect:not(.hollow),.mark:not(.hollow){stroke:none}.mark{fill-opacity:.75}`;

/** A picture as the text of an SVG file, which loads nothing and runs nothing. */
export function svgText(picture: Picture): string {
  const { width, height, title, description, shapes } = picture;
  const style = `${LIGHT}\n@media (prefers-color-scheme:dark){${DARK}}\n${SHARED}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${pixels(width)}" height="${pixels(height)}" viewBox="0 0 ${pixels(width)} ${pixels(height)}" role="img">`,
    `<title>${xmlText(title)}</title>`,
    `<desc>${xmlText(description)}</desc>`,
    `<style>${style}</style>`,
    `<rect class="back" width="100%" height="100%"/>`,
    ...shapes.map(shapeText),
    '</svg>\n',
  ].join('\n');
}

/**
 * Several pictures below each other as one.
 *
 * @throws Error when there is none
 */
export function stacked(pictures: readonly Picture[]): Picture {
  const [first] = pictures;
  if (first === undefined) throw new Error('there is no picture to stack');
  let top = 0;
  const shapes = pictures.flatMap((picture) => {
    const moved = picture.shapes.map((shape) => movedDown(shape, top));
    top += picture.height + GAP_PX;
    return moved;
  });
  return {
    width: pictures.reduce((most, { width }) => Math.max(most, width), 0),
    height: top - GAP_PX,
    title: pictures.map(({ title }) => title).join('; '),
    description: pictures.map(({ description }) => description).join(' '),
    shapes,
  };
}

/** Between two pictures of one. */
const GAP_PX = 16;

/**
 * A text that XML can hold and that looks like what it is: markup is escaped, and what XML forbids or what turns the
 * direction of other text around is shown as a replacement character.
 */
export function xmlText(text: string): string {
  return text
    .replace(UNFIT, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

// Control characters, lone surrogates, marks and overrides of direction, and what is no character.
const UNFIT = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

function shapeText(shape: Shape): string {
  const { tone } = shape;
  switch (shape.type) {
    case 'line': {
      const [x1, y1, x2, y2] = [shape.x1, shape.y1, shape.x2, shape.y2].map(pixels);
      return `<line class="${tone}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
    }
    case 'rect': {
      const [x, y, width, height] = [shape.x, shape.y, shape.width, shape.height].map(pixels);
      const place = `x="${x}" y="${y}" width="${width}" height="${height}"`;
      return titled(`rect class="${tone}${hollow(shape)}" ${place}`, shape.title);
    }
    case 'path':
      return `<path class="${tone} ${shape.isFilled === true ? 'area' : 'open'}" d="${linePath(shape)}"/>`;
    case 'mark':
      return titled(`path class="mark ${tone}${hollow(shape)}" d="${markPath(shape)}"`, shape.title);
    case 'text': {
      const place = `x="${pixels(shape.x)}" y="${pixels(shape.y)}" text-anchor="${shape.anchor}"`;
      return `<text class="${tone}${shape.isStrong === true ? ' strong' : ''}" ${place}>${xmlText(shape.text)}</text>`;
    }
  }
}

function hollow({ isHollow = false }: { readonly isHollow?: boolean }): string {
  return isHollow ? ' hollow' : '';
}

function titled(tag: string, title: string | undefined): string {
  if (title === undefined) return `<${tag}/>`;
  return `<${tag}><title>${xmlText(title)}</title></${tag.slice(0, tag.indexOf(' '))}>`;
}

function movedDown(shape: Shape, by: number): Shape {
  switch (shape.type) {
    case 'line':
      return { ...shape, y1: shape.y1 + by, y2: shape.y2 + by };
    case 'path':
      return { ...shape, points: shape.points.map(({ x, y }) => ({ x, y: y + by })) };
    default:
      return { ...shape, y: shape.y + by };
  }
}
