import assert from 'node:assert/strict';
import { asPlugin, problemsOf } from '../../support/as-plugin.ts';
import type { Layout } from '../../support/batch-layout.ts';

const f64: Layout = { kind: 'fixed', read: 'f64' };
const i64: Layout = { kind: 'fixed', read: 'i64' };
const text: Layout = { kind: 'text' };

describe('the AssemblyScript SDK', () => {
  it('makes an aggregate of a class, for many states and for one', async () => {
    const { batch, call, column, manifest } = await asPlugin(`
      @aggregate export class MyMean {
        private sum: f64 = 0; private count: i64 = 0;
        update(x: f64): void { this.sum += x; this.count++; }
        merge(other: MyMean): void { this.sum += other.sum; this.count += other.count; }
        finish(): Opt<f64> { return this.count == 0 ? Opt.none<f64>() : Opt.of<f64>(this.sum / <f64>this.count); }
      }`);
    assert.deepEqual([manifest.functions[0]?.name, manifest.functions[0]?.kind], ['my_mean', 'aggregate']);
    const [a, b, c] = [0, 1, 2].map(() => Number(call('my_mean__init'))) as [number, number, number];
    const states = [a, b, a, b];
    batch('my_mean__update__batch', [{ layout: f64, values: [1, 10, 3, 20] }], { states });
    batch('my_mean__update__batch', [{ layout: f64, values: [5, 5], constant: true }], { state: a });
    call('my_mean__combine', a, b);
    const result = batch('my_mean__finalize__batch', [], { rows: 3, states: [a, b, c] });
    assert.deepEqual(column(result, f64), [44 / 6, 15, null]);
    call('my_mean__free', a);
  });

  it('makes a table function of a class, batch by batch', async () => {
    const { call, column, manifest, view } = await asPlugin(`
      class Row { constructor(public id: i64, public name: string | null) {} }
      /** @table name: rows */
      class Rows {
        private i: i64 = 0;
        constructor(private n: i64) {}
        next(): Row | null { return this.i < this.n ? new Row(this.i++, this.i % 2 == 0 ? null : "x") : null; }
      }`);
    assert.equal(manifest.functions[0]?.returns, 'TABLE(id BIGINT, name VARCHAR)');
    const handle = Number(call('rows__open', 3n));
    const next = (): unknown => {
      const at = Number(call('rows__next', handle, 2));
      if (view().getUint32(at, true) === 0) return 'end';
      return [column(at + 16, i64), column(at + 48, text)];
    };
    assert.deepEqual(
      [next(), next(), next()],
      [
        [
          [0n, 1n],
          ['x', null],
        ],
        [[2n], ['x']],
        'end',
      ],
    );
    call('rows__close', handle);
  });

  it('gives NULL for a NULL that a parameter cannot take, and calls with one that it can', async () => {
    const { batch, column, manifest } = await asPlugin(
      '@udf export function pair(a: string | null, b: f64): string { return (a === null ? "none" : a) + b.toString(); }',
    );
    assert.equal(manifest.functions[0]?.nulls, 'pass');
    const columns = [
      { layout: text, values: ['a', null, 'c'] },
      { layout: f64, values: [1, 2, null] },
    ];
    assert.deepEqual(column(batch('pair__batch', columns), text), ['a1.0', 'none2.0', null]);
  });

  it('takes any number of arguments, overloads and documents', async () => {
    const { batch, column, manifest } = await asPlugin(`
      @udf export function joined(gap: string, ...rest: string[]): string { return rest.join(gap); }
      @udf({ name: "twice", onError: "null" }) export function twiceI(x: i64): i64 { return x * 2; }
      @udf({ name: "twice" }) export function twiceS(x: string): string { return x + x; }
      @udf({ document: { id: "key", score: "rank" } })
      export function keep(d: Document, least: f64): bool { return d.f64("a.b", 3) >= least; }`);
    const given = ['-', 'a', 'b'].map((value) => ({ layout: text, values: [value, value] }));
    assert.deepEqual(column(batch('joined__batch', given), text), ['a-b', 'a-b']);
    assert.deepEqual(
      manifest.functions.map((f) => [f.name, f.export]),
      [
        ['joined', 'joined'],
        ['twice', 'twice'],
        ['twice', 'twice__2'],
        ['keep', 'keep'],
      ],
    );
    assert.equal(manifest.functions[1]?.onError, 'null');
    assert.deepEqual(manifest.functions[3]?.parameters[0], {
      ...{ name: 'd', type: 'DOCUMENT', idField: 'key', scoreField: 'rank' },
    });
    const kept = batch('keep__batch', [{ layout: f64, values: [3] }], { rows: 1 });
    assert.deepEqual(column(kept, { kind: 'bits' }), [true]);
  });

  it('ends with words on a NULL inside a list that takes none', async () => {
    const { batch } = await asPlugin('@udf export function n(x: Array<i64>): i32 { return x.length; }');
    const layout: Layout = { kind: 'list', element: i64 };
    assert.throws(() => batch('n__batch', [{ layout, values: [[1n, null]] }]), /declare Opt<T>/);
  });

  it('keeps memory as it is over many batches', async () => {
    const { batch, view } = await asPlugin(
      '@udf export function words(s: string): Array<string> { return s.split(" "); }',
    );
    const values = Array.from({ length: 2_048 }, (_, i) => `word${i} and more`);
    const run = () => batch('words__batch', [{ layout: text, values }]);
    for (let i = 0; i < 10; i++) run();
    const before = view().byteLength;
    for (let i = 0; i < 50; i++) run();
    assert.equal(view().byteLength, before);
  });

  it('says what it cannot do, at its place', async () => {
    const cases: [string, string, RegExp][] = [
      ['@udf export function f(x: Set<i32>): i32 { return 1; }', 'Set<i32>', /no such type/],
      ['@udf export function f(x: i32 | null): i32 { return 1; }', 'i32 | null', /Opt<i32>/],
      ['@udf({ returns: "DATE" }) export function f(): i64 { return 1; }', 'i64', /does not hold/],
      ['@udf({ types: { y: "DATE" } }) export function f(x: i32): i32 { return 1; }', 'f', /no parameter/],
      [
        'class A { a: A | null = null; }\n@udf export function f(x: A): i32 { return 1; }',
        'A | null',
        /holds itself/,
      ],
      ['@aggregate class A { update(x: i32): void {} }', 'A', /no method merge/],
      ['@table class A { next(): i32 { return 1; } }', 'i32', /class or null/],
    ];
    for (const [source, under, message] of cases) {
      const [first] = await problemsOf(source);
      assert.equal(first?.[0], under, source);
      assert.match(first?.[1] ?? '', message);
    }
  });
});
