import assert from 'node:assert/strict';
import { SaxesParser } from 'saxes';
import type { Picture } from '../../../../wasm-core/results/bench/picture.ts';
import { stripPicture } from '../../../../wasm-core/results/bench/strip-picture.ts';
import { stacked, svgText, xmlText } from '../../../../wasm-core/results/bench/svg-text.ts';

/** Names of elements and texts of a well-formed document. @throws Error for one that is not */
function read(xml: string): { readonly elements: string[]; readonly texts: string[] } {
  const elements: string[] = [];
  const texts: string[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => elements.push(name));
  parser.on('text', (text) => texts.push(text));
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return { elements, texts };
}

const HOSTILE = [
  '<script>alert(1)</script>',
  '</text></svg><img src=x onerror=alert(1)>',
  '"]]>&amp;&#0;<!--',
  'a\u0000b\u0008c\u001bd\ud800e\udfff',
  '\u202egnp.exe\u2066',
  'javascript:alert(1)',
];

describe('a picture as a file', () => {
  it('is well-formed, and shows hostile names as text', () => {
    const rows = HOSTILE.map((label) => ({ label, micros: [1, 2, 3] }));
    const { elements, texts } = read(svgText(stripPicture(rows, { width: 900 })));
    assert.deepEqual([...new Set(elements)].sort(), [
      'desc',
      'line',
      'path',
      'rect',
      'style',
      'svg',
      'text',
      'title',
    ]);
    assert.ok(texts.includes('<script>alert(1)</script>'));
    assert.ok(['\u202e', '\u2066', '\0'].every((unfit) => !texts.join('').includes(unfit)));
  });

  it('loads nothing', () => {
    const text = svgText(stripPicture([{ label: 'a', micros: [1] }], { width: 300 }));
    assert.doesNotMatch(text.replace('http://www.w3.org/2000/svg', ''), /https?:|href|@import|url\(/);
  });

  it('stands below another', () => {
    const one: Picture = {
      width: 100,
      height: 50,
      title: 'One',
      description: 'First.',
      shapes: [
        { type: 'text', x: 1, y: 10, text: 'a', anchor: 'start', tone: 'text' },
        { type: 'path', points: [{ x: 0, y: 1 }], tone: 'grid' },
        { type: 'line', x1: 0, y1: 2, x2: 3, y2: 4, tone: 'grid' },
      ],
    };
    const both = stacked([one, { ...one, width: 120, title: 'Two' }]);
    assert.deepEqual([both.width, both.height, both.title], [120, 116, 'One; Two']);
    assert.deepEqual(both.shapes.slice(3), [
      { type: 'text', x: 1, y: 76, text: 'a', anchor: 'start', tone: 'text' },
      { type: 'path', points: [{ x: 0, y: 67 }], tone: 'grid' },
      { type: 'line', x1: 0, y1: 68, x2: 3, y2: 70, tone: 'grid' },
    ]);
    assert.throws(() => stacked([]), /no picture/);
  });

  it('escapes what XML does not take', () => {
    assert.equal(xmlText('a<b>&"c"'), 'a&lt;b&gt;&amp;&quot;c&quot;');
    assert.equal(xmlText('x\u0007y\ud83d'), 'x\ufffdy\ufffd');
    assert.equal(xmlText('🦆 שלום'), '🦆 שלום');
  });
});
