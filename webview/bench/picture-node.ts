import {
  linePath,
  markPath,
  type Picture,
  pixels,
  type Shape,
} from '../../wasm-core/results/bench/picture.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** A picture as an element, whose colours are the theme's; it is one image for readers of the page. */
export function pictureNode(picture: Picture): SVGElement {
  const { width, height, title, description, shapes } = picture;
  const node = made('svg', {
    class: 'picture',
    width: pixels(width),
    height: pixels(height),
    viewBox: `0 0 ${pixels(width)} ${pixels(height)}`,
    role: 'img',
    'aria-label': `${title}. ${description}`,
  });
  node.append(...shapes.map(shapeNode));
  return node;
}

function shapeNode(shape: Shape): SVGElement {
  const { tone } = shape;
  switch (shape.type) {
    case 'line': {
      const [x1, y1, x2, y2] = [shape.x1, shape.y1, shape.x2, shape.y2].map(pixels);
      return made('line', { class: tone, x1, y1, x2, y2 });
    }
    case 'rect': {
      const [x, y, width, height] = [shape.x, shape.y, shape.width, shape.height].map(pixels);
      return titled(made('rect', { class: classes(tone, shape), x, y, width, height }), shape.title);
    }
    case 'path':
      return made('path', {
        class: `${tone} ${shape.isFilled === true ? 'area' : 'open'}`,
        d: linePath(shape),
      });
    case 'mark':
      return titled(made('path', { class: `mark ${classes(tone, shape)}`, d: markPath(shape) }), shape.title);
    case 'text': {
      const { x, y, anchor, text, isStrong = false } = shape;
      const node = made('text', {
        class: isStrong ? `${tone} strong` : tone,
        x: pixels(x),
        y: pixels(y),
        'text-anchor': anchor,
      });
      node.textContent = text;
      return node;
    }
  }
}

function classes(tone: string, { isHollow = false }: { readonly isHollow?: boolean }): string {
  return isHollow ? `${tone} hollow` : tone;
}

function titled(node: SVGElement, title: string | undefined): SVGElement {
  if (title === undefined) return node;
  const tooltip = made('title', {});
  tooltip.textContent = title;
  node.append(tooltip);
  return node;
}

function made(name: string, attributes: Readonly<Record<string, string | undefined>>): SVGElement {
  const node = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(attribute, value);
  }
  return node;
}
