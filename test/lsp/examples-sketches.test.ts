import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { type Compilers, createCompilers } from '../../server/compilers/node/compilers.ts';
import { type BarePlugin, instantiate } from '../support/bare-plugin.ts';
import { distFolder } from '../support/dist.ts';
import { examplePluginsFolder } from '../support/example-plugins.ts';

/** Functions that show the inside of a source, which are compiled behind it and are no part of it. */
const PROBES = {
  'quantiles.ts': `let a = new QuantileSketch(); let b = new QuantileSketch();
    /** @udf */ export function reset(x: f64): f64 { a = new QuantileSketch(); b = new QuantileSketch(); return x; }
    /** @udf */ export function add_a(x: f64): f64 { a.update(x); return x; }
    /** @udf */ export function add_b(x: f64): f64 { b.update(x); return x; }
    /** @udf */ export function join(x: f64): f64 { a.merge(b); return x; }
    /** @udf */ export function at(x: f64): f64 { return a.quantile(x); }`,
  'top-values.ts': `
    function fill(text: string): TopValues {
      const s = new TopValues(); const parts = text.split(' ');
      for (let i = 0; i < parts.length; i++) s.update(parts[i]);
      return s;
    }
    /** @udf */ export function top(x: string): string { return fill(x).top(3).join(' '); }
    /** @udf */ export function joined(x: string, y: string): string { const s = fill(x); s.merge(fill(y)); return s.top(3).join(' '); }
    /** @udf */ export function count(x: string, value: string): string { return fill(x).count(value).toString(); }`,
  'ewma.ts': `let a = new Ewma(); let b = new Ewma();
    /** @udf */ export function reset(x: f64): f64 { a = new Ewma(); b = new Ewma(); return x; }
    /** @udf */ export function add_a(x: f64, w: f64): f64 { a.update(x, w); return x; }
    /** @udf */ export function add_b(x: f64, w: f64): f64 { b.update(x, w); return x; }
    /** @udf */ export function average(x: f64): f64 { a.merge(b); return a.average(); }`,
  'tokens.ts': `
    /** @udf */ export function word_list(x: string): string { return words(x).join('|'); }
    /** @udf */ export function pairs(x: string): string { return grams(x, 2).join('|'); }`,
  'test-rows.ts': `
    /** @udf */ export function row(seed: i64, id: i64): string {
      const r = new TestRow(seed, id);
      return r.name + '|' + r.email + '|' + r.day.toString() + '|' + r.amount.toString() + '|' + r.country + '|' + r.active.toString();
    }`,
} as const;

describe('what the aggregates of the pack compute', () => {
  let compilers: Compilers;
  before(() => {
    compilers = createCompilers(distFolder());
  });
  after(() => compilers.dispose());

  async function probe(file: keyof typeof PROBES): Promise<BarePlugin> {
    const folder = examplePluginsFolder();
    const text = `${readFileSync(path.join(folder, file), 'utf8')}\n${PROBES[file]}`;
    const source = { language: 'assemblyscript', path: path.join(folder, file), root: folder, text } as const;
    const { wasm, diagnostics } = await compilers.compile(source);
    // as/235: a class is exported for the sake of whoever wraps it, and is none of the module's exports. Hints are of
    // no matter to what a function computes.
    assert.deepEqual(
      diagnostics.filter((d) => d.code !== 'as/235' && d.isLint !== true),
      [],
    );
    assert(wasm !== undefined);
    return instantiate(wasm);
  }

  it('quantiles lie within 1 % of the true ones, also of two sketches put together', async () => {
    const sketch = await probe('quantiles.ts');
    const value = fc
      .double({ min: -1e6, max: 1e6, noNaN: true })
      .filter((x) => x === 0 || Math.abs(x) > 1e-9);
    const values = fc.array(value, { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.array(value), fc.double({ min: 0, max: 1, noNaN: true }), (some, more, rank) => {
        sketch.number('reset', 0);
        for (const x of some) sketch.number('add_a', x);
        for (const x of more) sketch.number('add_b', x);
        sketch.number('join', 0);
        const all = [...some, ...more].sort((x, y) => x - y);
        const expected = all[Math.floor(rank * (all.length - 1))] ?? Number.NaN;
        const actual = Number(sketch.number('at', rank));
        assert(Math.abs(actual - expected) <= 0.010001 * Math.abs(expected), `${actual} for ${expected}`);
      }),
      { numRuns: 200 },
    );
    sketch.number('reset', 0);
    assert(Number.isNaN(sketch.number('at', 0.5)));
  });

  it('frequent values are found among many rare ones, also in two parts', async () => {
    const summary = await probe('top-values.ts');
    const rare = Array.from({ length: 2000 }, (_, i) => `r${i}`);
    const frequent = [...Array(300).fill('x'), ...Array(200).fill('y'), ...Array(100).fill('z')];
    const stream = rare.flatMap((r, i) => (i < frequent.length ? [r, frequent[i]] : [r]));
    const text = stream.join(' ');
    assert.equal(summary.text('top', text), 'x y z');
    const half = stream.length >> 1;
    const parts = [stream.slice(0, half).join(' '), stream.slice(half).join(' ')] as const;
    assert.equal(summary.text('joined', ...parts), 'x y z');
    assert(Number(summary.text('count', text, 'x')) >= 300);
    assert.equal(summary.text('count', 'a b a', 'a'), '2');
    assert.equal(summary.text('top', 'b a c c'), 'c a b');
  });

  it('a moving average follows its recursion, wherever the values are cut in two', async () => {
    const ewma = await probe('ewma.ts');
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }));
    const weight = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, values, weight, (early, late, alpha) => {
        ewma.number('reset', 0);
        for (const x of early) ewma.number('add_a', x, alpha);
        for (const x of late) ewma.number('add_b', x, alpha);
        const all = [...early, ...late];
        const expected = all.slice(1).reduce((y, x) => (1 - alpha) * y + alpha * x, all[0] ?? Number.NaN);
        const actual = Number(ewma.number('average', 0));
        if (all.length === 0) assert(Number.isNaN(actual));
        else assert(Math.abs(actual - expected) < 1e-8, `${actual} for ${expected}`);
      }),
    );
  });

  it('words and runs of characters are those of the text', async () => {
    const tokens = await probe('tokens.ts');
    assert.equal(tokens.text('word_list', "Don't panic – 42! 'Żółć' «été»"), "don't|panic|42|żółć|été");
    assert.equal(tokens.text('word_list', ' … '), '');
    assert.equal(tokens.text('pairs', 'a😀bc'), 'a😀|😀b|bc');
    assert.equal(tokens.text('pairs', 'a'), '');
  });

  it('test rows depend on seed and number alone, and are spread as they say', async () => {
    const rows = await probe('test-rows.ts');
    const row = (seed: bigint, id: bigint) =>
      Buffer.from(rows.bytes(BigInt(rows.number('row', seed, id))) ?? []).toString();
    const table = Array.from({ length: 4000 }, (_, i) => row(7n, BigInt(i)).split('|'));
    assert.equal(row(7n, 3999n), table[3999]?.join('|'));
    assert.notEqual(row(8n, 0n), row(7n, 0n));
    assert.equal(new Set(table.map(([, email]) => email)).size, 4000);
    const days = table.map((r) => Number(r[2]));
    assert(Math.min(...days) >= 16_436 && Math.max(...days) < 16_436 + 3653);
    const amounts = table.map((r) => Number(r[3])).sort((a, b) => a - b);
    assert((amounts[0] ?? 0) >= 1 && (amounts[3999] ?? 0) <= 1024);
    assert(Math.abs(Math.log2(amounts[2000] ?? 0) - 5) < 0.5);
    const share = (country: string) => table.filter((r) => r[4] === country).length / 4000;
    assert(Math.abs(share('US') - 0.5) < 0.05 && Math.abs(share('IN') - 0.25) < 0.05);
    assert(Math.abs(table.filter((r) => r[5] === 'true').length / 4000 - 0.9) < 0.03);
  });
});
