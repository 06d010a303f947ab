import assert from 'node:assert/strict';
import { readBenchDirective } from '../../../../wasm-core/protocol/bench/bench-directive.ts';
import { groupReferences, readSqlBenchmarks } from '../../../../wasm-core/protocol/bench/sql-benchmarks.ts';
import { readDirectives } from '../../../../wasm-core/protocol/directives.ts';

describe('the directive @bench', () => {
  const check = (text: string, expected: unknown) => assert.deepEqual(readBenchDirective(text), expected);

  it('says what a benchmark is called, and how it is measured', () => {
    check('', {});
    check('slug', { name: 'slug' });
    check('"of a long text" group=slug reference', {
      name: 'of a long text',
      group: 'slug',
      isReference: true,
    });
    check("name='a b' runs=1_000 time=500 threshold=10%", {
      name: 'a b',
      runs: 1000,
      timeMs: 500,
      threshold: 0.1,
    });
    check('threshold=2.5', { threshold: 0.025 });
  });

  it('says what is wrong', () => {
    const fails = (text: string, message: RegExp) =>
      assert.match(String(Object(readBenchDirective(text)).message), message);
    fails('two words', /two names/);
    fails('runs=0', /from 1 to 10,000/);
    fails('runs=many', /from 1 to 10,000/);
    fails('time=1s', /milliseconds/);
    fails('threshold=0%', /percent/);
    fails('threshold=-5%', /percent/);
    fails('speed=fast', /no speed=; there are name/);
    fails('"open', /cannot read/);
    fails("name=''", /1 to 100/);
    fails(`group=${'x'.repeat(101)}`, /1 to 100/);
  });

  it('is one of the directives of a statement, with its faults in their place', () => {
    const read = (text: string) => readDirectives(text, 0, text.length);
    assert.deepEqual(read('-- @bench slug\n').bench, { name: 'slug' });
    const [problem] = read('\n-- @bench runs=0\n').problems;
    assert.deepEqual([problem?.type, problem?.start, problem?.end], ['bench', 11, 17]);
  });
});

describe('benchmarks of a SQL text', () => {
  const names = (text: string) => readSqlBenchmarks(text).benchmarks.map(({ name }) => name);

  it('are the queries that say so, else all queries', () => {
    assert.deepEqual(names('create table t (x int); from t; select 1'), ['from t', 'select 1']);
    assert.deepEqual(names('from t;\n-- @bench one\nselect 1; select 2'), ['one']);
    assert.deepEqual(names(''), []);
    assert.deepEqual(names('-- @bench x\ncreate table t (x int)'), []);
  });

  it('come with the statements in front that prepare for them', () => {
    const text =
      'create table t (x int);\nfrom t;\n-- @bench a\nselect 1; drop table t;\n-- @bench b\nselect 2; drop table u';
    const { setup } = readSqlBenchmarks(text);
    assert.deepEqual(
      setup.map(({ sql }) => sql.trim()),
      ['create table t (x int)', 'drop table t'],
    );
    for (const { sql, start } of setup) assert.equal(text.slice(start, start + sql.length), sql);
  });

  it('are called by their directive, their name, or their first words', () => {
    const text = `-- name: daily\nselect 1;\n-- name: daily\n-- @bench other\nselect 2`;
    assert.deepEqual(names(text), ['other']);
    assert.deepEqual(names('-- name: daily\nselect 1'), ['daily']);
    assert.deepEqual(names('select\n  1'), ['select 1']);
    assert.deepEqual(names(`select '${'x'.repeat(100)}'`), [`select '${'x'.repeat(51)}…`]);
    assert.deepEqual(names('select 1; select 1'), ['select 1', 'select 1 (2)']);
  });

  it('have their statement with the comments above it, and its place', () => {
    const text = 'select 0 ;\n-- @limit 3\nselect 1;';
    const second = readSqlBenchmarks(text).benchmarks[1];
    assert.equal(second?.sql, '\n-- @limit 3\nselect 1');
    assert.equal(text.slice(second?.range.start, second?.range.end), 'select 1');
    assert.equal(second?.index, 1);
  });

  it('of a group are compared with the reference, or the first', () => {
    const of = (groups: readonly { group?: string; isReference?: boolean }[]) =>
      Object.fromEntries(groupReferences(groups));
    assert.deepEqual(of([{}, { group: 'a' }, { group: 'b' }, { group: 'a', isReference: true }]), {
      a: 3,
      b: 2,
    });
    assert.deepEqual(
      of([
        { group: 'a', isReference: true },
        { group: 'a', isReference: true },
      ]),
      { a: 0 },
    );
  });
});
