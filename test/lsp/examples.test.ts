import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { type Compilers, createCompilers } from '../../server/compilers/node/compilers.ts';
import { readPluginSource } from '../../server/compilers/node/read-source.ts';
import { type BarePlugin, instantiate } from '../support/bare-plugin.ts';
import { distFolder } from '../support/dist.ts';
import { projectRoot, readProjectFile } from '../support/project.ts';

describe('the example plugins', () => {
  let compilers: Compilers;
  const folder = path.join(projectRoot(), 'examples/plugins');
  const settings = JSON.parse(readProjectFile('examples/.vscode/settings.json')) as {
    readonly 'quern.diagnostics': Readonly<Record<string, string>>;
  };

  before(() => {
    compilers = createCompilers(distFolder());
  });
  after(() => compilers.dispose());

  async function load(file: string): Promise<BarePlugin> {
    const source = readPluginSource(path.join(folder, file), folder);
    assert(source !== undefined);
    const outcome = await compilers.compile(source);
    // The folder's settings quiet what an example does on purpose, and nothing else is told in it.
    const told = outcome.diagnostics.filter(
      ({ severity, code }) =>
        (severity === 'error' || severity === 'warning') && settings['quern.diagnostics'][code] !== 'off',
    );
    assert.deepEqual(told, []);
    assert(outcome.wasm !== undefined);
    return instantiate(outcome.wasm);
  }

  it('quiet only what one of them does on purpose', async () => {
    const source = readPluginSource(path.join(folder, 'text.ts'), folder);
    assert(source !== undefined);
    const codes = (await compilers.compile(source)).diagnostics.map(({ code }) => code);
    for (const code of Object.keys(settings['quern.diagnostics'])) assert(codes.includes(code), code);
  });

  describe('text.ts', () => {
    let text: BarePlugin;
    before(async () => {
      text = await load('text.ts');
    });

    it('makes slugs', () => {
      const slugs: Record<string, string> = {
        'Crème brûlée, à la carte': 'creme-brulee-a-la-carte',
        '  Hello,   World! ': 'hello-world',
        "Don't panic – it’s fine": 'dont-panic-its-fine',
        'Straße Ærø Łódź Œuvre Þór ĳs': 'strasse-aero-lodz-oeuvre-thor-ijs',
        'Cafe\u0301 100%': 'cafe-100',
        'Ÿ ſ': 'y-s',
        日本語: '',
        '': '',
      };
      for (const [input, expected] of Object.entries(slugs)) assert.equal(text.text('slug', input), expected);
    });

    it('folds each letter of Latin-1 and Latin Extended-A as its canonical decomposition does', () => {
      for (let c = 0xc0; c < 0x180; c++) {
        const base = String.fromCharCode(c).normalize('NFD').charAt(0).toLowerCase();
        if (/[a-z]/.test(base)) assert.equal(text.text('slug', String.fromCharCode(c)), base);
      }
    });

    it('counts edits as the textbook does', () => {
      const words = [
        '',
        'a',
        'kitten',
        'sitting',
        'flaw',
        'lawn',
        'żółć',
        '😀😁',
        '😁',
        'Saturday',
        'Sunday',
      ];
      for (const a of words) {
        for (const b of words) {
          const bytes = [a, b].map((w) => new TextEncoder().encode(w));
          assert.equal(text.raw('levenshtein', ...bytes), levenshtein(a, b), `${a} ${b}`);
        }
      }
    });

    it('gives words capitals', () => {
      assert.equal(text.text('title_case', "o'neill's GRAND tour"), "O'neill's Grand Tour");
      assert.equal(text.text('title_case', 'élan vital — 3rd édition'), 'Élan Vital — 3rd Édition');
      assert.equal(text.text('title_case', ''), '');
    });

    it('stays within its memory over a million calls', () => {
      text.text('slug', 'Warm up, please');
      const before = text.pages();
      for (let i = 0; i < 1_000_000; i++) {
        if (text.text('slug', `Row ${i}`) !== `row-${i}`) assert.fail(`row ${i}`);
      }
      assert.equal(text.pages(), before);
    });
  });

  describe('geo.wat', () => {
    it('measures distances as the formula over Math.sin does', async () => {
      const geo = await load('geo.wat');
      const random = mulberry32(7);
      for (let i = 0; i < 20_000; i++) {
        const [lat1, lat2] = [random() * 180 - 90, random() * 180 - 90] as const;
        const [lon1, lon2] = [random() * 720 - 360, random() * 360 - 180] as const;
        const expected = haversineKm(lat1, lon1, lat2, lon2);
        const actual = Number(geo.number('haversine_km', lat1, lon1, lat2, lon2));
        assert(Math.abs(actual - expected) <= 1e-9 * expected + 1e-9, `${lat1} ${lon1} ${lat2} ${lon2}`);
      }
    });

    it('knows distances that people know', async () => {
      const geo = await load('geo.wat');
      const miles = (...p: number[]) => Number(geo.number('haversine_miles', ...p));
      assert.equal(miles(52.5, 13.4, 52.5, 13.4), 0);
      // JFK to LAX is 2,475 miles on the ellipsoid.
      assert(Math.abs(miles(40.6413, -73.7781, 33.9416, -118.4085) - 2475) < 15);
      // Opposite places are half a circumference apart.
      assert(Math.abs(miles(0, 0, 0, 180) * 1.609344 - Math.PI * 6371.0088) < 1e-6);
      assert(Math.abs(miles(90, 0, -90, 55) * 1.609344 - Math.PI * 6371.0088) < 1e-6);
      assert(Number.isNaN(miles(Number.NaN, 0, 0, 0)));
      assert(Number.isNaN(miles(Number.POSITIVE_INFINITY, 0, 0, 0)));
    });
  });

  it('upper.wat upper-cases ASCII letters and no other byte', async () => {
    const upper = await load('upper.wat');
    const run = (s: string) => Buffer.from(upper.process(Buffer.from(s))).toString();
    assert.equal(run('hello, Wörld {az}@`'), 'HELLO, WöRLD {AZ}@`');
    assert.equal(run(''), '');
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    assert.deepEqual(
      upper.process(all),
      all.map((b) => (b >= 97 && b <= 122 ? b - 32 : b)),
    );
  });

  it('reverse.wat reverses text by characters', async () => {
    const reverse = await load('reverse.wat');
    for (const s of ['', 'a', 'stressed', 'héllo', '日本語', 'a😀b', '😀', 'ß']) {
      assert.equal(Buffer.from(reverse.process(Buffer.from(s))).toString(), [...s].reverse().join(''));
    }
  });

  it('checksum.wat agrees with zlib', async () => {
    const checksum = await load('checksum.wat');
    const bytes = readFileSync(path.join(folder, 'geo.wat'));
    assert.equal(Number(checksum.raw('crc32', bytes)) >>> 0, crc32(bytes));
    assert.equal(Number(checksum.raw('crc32', Buffer.from('123456789'))) >>> 0, 0xcbf43926);
    assert.equal(checksum.raw('crc32', new Uint8Array()), 0);
  });
});

function levenshtein(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  const distance = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const [up, left, both] = [at(i - 1, j), at(i, j - 1), at(i - 1, j - 1)];
    return Math.min(up + 1, left + 1, both + (x[i - 1] === y[j - 1] ? 0 : 1));
  };
  const known = new Map<string, number>();
  const at = (i: number, j: number): number => {
    const key = `${i},${j}`;
    const value = known.get(key) ?? distance(i, j);
    known.set(key, value);
    return value;
  };
  return at(x.length, y.length);
}

function haversineKm(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const radians = (d: number) => (d * Math.PI) / 180;
  const north = Math.sin(radians(lat2 - lat1) / 2);
  const east = Math.sin(radians(lon2 - lon1) / 2);
  const a = north * north + Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * east * east;
  return 2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(a)));
}

/** A small seeded generator, so that a failure can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
