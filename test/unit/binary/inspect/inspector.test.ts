import assert from 'node:assert/strict';
import { inspect } from '../../../support/inspect.ts';
import { assembleAny } from '../../../support/wasm-tools.ts';
import { assemblePlugin, REVERSE_WAT, sqlFunction } from '../../../support/wat.ts';

const WAT = `(module $shapes
  (type $op (func (param i32 i32) (result i32)))
  (import "host" "random" (func $random (param i32 i32)))
  (memory (export "memory") 1 4)
  (table $ops 2 funcref)
  (elem (table $ops) (i32.const 0) func $add $sub)
  (global $g (export "g") (mut i64) (i64.const 1))
  (func $add (type $op) (i32.add (local.get 0) (local.get 1)))
  (func $sub (type $op) (i32.sub (local.get 0) (local.get 1)))
  (func $pick (export "pick") (param $which i32) (result i32)
    (call_indirect $ops (type $op) (i32.const 1) (i32.const 2) (local.get $which)))
  (func $main (export "main") (result i32)
    (call $random (i32.const 0) (i32.const 4))
    (i32.add (call $pick (i32.const 0)) (call $leaf)))
  (func $leaf (result i32) (f32.const 0.1) (drop) (i32.const 7))
  (start $go)
  (func $go)
  (data (i32.const 0) "some data")
  (@custom "producers" "\\01\\08language\\01\\03WAT\\011"))`;

const rows = { kind: 'rows', search: '', descending: false, first: 0, count: 100 } as const;

describe('what is told of a module', () => {
  it('has its sections, sizes, memory, producers and needs', async () => {
    const bytes = await assembleAny(WAT);
    const overview = inspect(bytes).ask({ kind: 'overview' });
    assert.equal(overview.form, 'module');
    assert.equal(overview.name, 'shapes');
    assert.deepEqual(overview.problems, []);
    assert.deepEqual(overview.memories, ['1 4']);
    assert.deepEqual(overview.tables, ['2 funcref']);
    assert.deepEqual(overview.producers, [{ field: 'language', name: 'WAT', version: '1' }]);
    assert.deepEqual(overview.plugin.capabilities, ['random']);
    assert.equal(overview.start?.name, 'go');
    assert.equal(overview.functionCount, 7);
    const total = overview.sections.reduce((sum, section) => sum + section.byteLength, 8);
    assert.equal(total, bytes.length);
    const code = overview.sizes.children?.find(({ label }) => label === 'code');
    assert.equal(code?.children?.[0]?.label, 'main');
  });

  it('has the signatures of imports and exports in the text format', async () => {
    const { ask } = inspect(await assembleAny(WAT));
    assert.deepEqual(
      ask({ ...rows, list: 'imports' }).rows.map(({ cells }) => cells),
      [['host', 'random', 'function', '(func (param i32 i32))']],
    );
    assert.deepEqual(
      ask({ ...rows, list: 'exports', sort: 0 }).rows.map(({ cells }) => cells.slice(0, 3)),
      [
        ['g', 'global', '(global (mut i64))'],
        ['main', 'function', '(func (result i32))'],
        ['memory', 'memory', '(memory 1 4)'],
        ['pick', 'function', '(func (param i32) (result i32))'],
      ],
    );
  });

  it('has the functions for SQL beside their exports', async () => {
    const slug = { ...sqlFunction('slug', ['VARCHAR'], 'VARCHAR'), export: 'process', doc: 'Makes a slug.' };
    const { ask } = inspect(await assemblePlugin(REVERSE_WAT, [slug]));
    const { plugin } = ask({ kind: 'overview' });
    assert.deepEqual(plugin.functions, [
      { signature: 'slug(p1 VARCHAR) -> VARCHAR', export: 'process', doc: 'Makes a slug.' },
    ]);
    const { cells } = ask({ ...rows, list: 'exports', search: 'process' }).rows[0] ?? { cells: [] };
    assert.equal(cells[3], 'slug(p1 VARCHAR) -> VARCHAR: Makes a slug.');
  });

  it('has the functions, searched by name and sorted by size', async () => {
    const { ask } = inspect(await assembleAny(WAT));
    const bySize = ask({ ...rows, list: 'functions', sort: 3, descending: true });
    const sizes = bySize.rows.map(({ cells }) => Number.parseInt(cells[3] ?? '', 10) || 0);
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
    );
    const found = ask({ ...rows, list: 'functions', search: 'PICK' });
    assert.deepEqual(
      found.rows.map(({ cells }) => cells[1]),
      ['pick'],
    );
    assert.equal(ask({ ...rows, list: 'functions', first: 5, count: 10 }).rows.length, 2);
  });
});

describe('a function that is looked for', () => {
  it('is found by its index, its name, and at last by a part of its name', async () => {
    const { ask } = inspect(
      await assembleAny('(module (func $remain) (func) (func $main (export "start")))'),
    );
    const named = (text: string) => ask({ kind: 'named', text }).function;
    assert.deepEqual(['1', '$main', 'main', 'start', 'MAI', '3', 'none'].map(named), [1, 2, 2, 2, 0, -1, -1]);
  });
});

describe('the code of a function', () => {
  it('is lines with offsets, names and the functions that they lead to', async () => {
    const bytes = await assembleAny(WAT);
    const { inspector, ask } = inspect(bytes);
    const main = inspector.functionNamed('main');
    const { heading, lines, total } = ask({ kind: 'lines', function: main, first: 0, count: 100 });
    assert.equal(heading, '(func $main (;4;) (type 3) (result i32)');
    assert.equal(total, lines.length);
    assert.deepEqual(
      lines.map(({ text }) => text),
      [
        'i32.const 0',
        'i32.const 4',
        'call $random',
        'i32.const 0',
        'call $pick',
        'call $leaf',
        'i32.add',
        'end',
      ],
    );
    const call = lines[4];
    assert.equal(call?.target, inspector.functionNamed('$pick'));
    assert.equal(bytes[call?.offset ?? 0], 0x10);
    assert.equal(ask({ kind: 'find', function: main, text: 'leaf', from: 0 }).line, 5);
  });

  it('is copied as text that says the same', async () => {
    const { inspector } = inspect(await assembleAny(WAT));
    const text = [...inspector.text(inspector.functionNamed('leaf'))].join('');
    assert.equal(text, '(func $leaf (;5;) (type 3) (result i32)\n  f32.const 0.1\n  drop\n  i32.const 7)\n');
    assert.equal(
      [...inspector.text(0)].join(''),
      '(import "host" "random" (func $random (;0;) (type 1) (param i32 i32)))\n',
    );
  });
});

describe('the calls of a function', () => {
  it('are those that it names, those that name it, and what it reaches', async () => {
    const { inspector, ask } = inspect(await assembleAny(WAT));
    const calls = ask({ kind: 'calls', function: inspector.functionNamed('main') });
    assert.deepEqual(
      calls.callees.map(({ name, how }) => [name, how]),
      [
        ['random', 'calls'],
        ['pick', 'calls'],
        ['leaf', 'calls'],
      ],
    );
    assert.equal(calls.reachable.functionCount, 4);
    const pick = ask({ kind: 'calls', function: inspector.functionNamed('pick') });
    assert.deepEqual(
      pick.callers.map(({ name }) => name),
      ['main'],
    );
    assert.deepEqual(
      pick.indirect.map(({ type, functions }) => [type, functions.map(({ name }) => name)]),
      [['(func (param i32 i32) (result i32))', ['add', 'sub']]],
    );
    assert.ok(ask({ kind: 'calls', function: inspector.functionNamed('add') }).isInTable);
  });
});

describe('a comparison of two modules', () => {
  it('lists what was added, removed and changed', async () => {
    const { inspector, ask } = inspect(await assembleAny(WAT));
    const other = WAT.replace('(i32.const 7)', '(i32.const 70000)')
      .replace('(func $go)', '(func $go) (func $gone (export "gone"))')
      .replace('(export "pick") ', '')
      .replace('(result i32)\n    (call $random', '(result i32) (local i64)\n    (call $random');
    const comparison = inspector.compare(await assembleAny(other), 'other.wasm');
    assert.equal(comparison.other, 'other.wasm');
    const changes = ask({ ...rows, list: 'changes' }).rows.map(({ cells }) => cells);
    assert.deepEqual(
      changes.map(([change, kind, name, , , bytes]) => [change, kind, name, bytes]),
      [
        ['added', 'export', 'pick', ''],
        ['changed', 'function', 'main', '-2'],
        ['changed', 'function', 'leaf', '-2'],
        ['removed', 'export', 'gone', ''],
        ['removed', 'function', 'gone', '-2'],
      ],
    );
    assert.equal(comparison.changeCount, changes.length);
    assert.equal(comparison.sameFunctionCount, 4);
    const code = comparison.sections.find(({ name }) => name === 'code');
    assert.ok((code?.before ?? 0) > (code?.after ?? 0));
  });
});
