import assert from 'node:assert/strict';
import { hoverWat } from '../../../server/wat/navigation/hover.ts';
import { helpWithWat } from '../../../server/wat/navigation/signature-help.ts';
import { watPlaceIn } from '../../support/wat-place.ts';

describe('hover in WebAssembly text', () => {
  const text = (marked: string): string => {
    const contents = hoverWat(watPlaceIn(marked))?.contents;
    return typeof contents === 'object' && 'value' in contents ? contents.value : '';
  };

  it('tells what a name, a number or a word is', () => {
    const cases: [string, RegExp][] = [
      [
        '(module (func $f (param $a i32) (param i32 i64) (result i64)) (func call $|f))',
        /\(func \$f \(param \$a i32\) \(param i32 i64\) \(result i64\)\)/,
      ],
      [
        '(module (type $t (func (param i32))) (func $f (type $t)) (func call |0))',
        /\(func \$f \(param i32\)\)/,
      ],
      [
        '(module (import "host" "log" (func $log (param i32 i32))) (func call $|log))',
        /\(func \$log \(import "host" "log"\) \(param i32 i32\)\)/,
      ],
      ['(module (func (param $a i32) (local $b i64) local.get $|b))', /\(local \$b i64\)/],
      ['(module (func (param i32 i64) local.get |1))', /\(param i64\)[\s\S]*Local 1/],
      ['(module (global $g (mut i32) (i32.const 1)) (func global.get $|g))', /\(global \$g \(mut i32\)\)/],
      ['(module (memory $m 1 2) (func (memory.size $|m)))', /\(memory \$m 1 2\)/],
      ['(module (type $|t (func (param i32))))', /\(type \$t \(func \(param i32\)\)\)/],
      [
        '(module (func (loop $l (result i32) (br $|l))))',
        /\(loop \$l \(result i32\)\)[\s\S]*beginning of this loop/,
      ],
      ['(module (func (block $l (br |0))))', /\(block \$l\)[\s\S]*end of this block/],
      ['(module (func (i32.a|dd)))', /i32\.add : \[i32 i32\] -> \[i32\][\s\S]*Adds/],
      ['(module (func (param |i32)))', /integer of 32 bits/],
      ['(module (memory 1) (func (i32.load of|fset=4)))', /added to the address/],
    ];
    for (const [marked, expected] of cases) assert.match(text(marked), expected, marked);
    assert.equal(hoverWat(watPlaceIn('(module | )')), null);
    assert.equal(hoverWat(watPlaceIn('(module ;; i32.a|dd\n)')), null);
  });
});

describe('signature help in WebAssembly text', () => {
  /** The signature at `|`, with the operand that is written in brackets of its own. */
  const help = (marked: string): string | undefined => {
    const found = helpWithWat(watPlaceIn(marked));
    const [signature] = found?.signatures ?? [];
    const active = signature?.parameters?.[found?.activeParameter ?? 0]?.label;
    if (signature === undefined || !Array.isArray(active)) return signature?.label;
    const [start, end] = active;
    return `${signature.label.slice(0, start)}<${signature.label.slice(start, end)}>${signature.label.slice(end)}`;
  };

  it('shows which operand is written', () => {
    const cases: [string, string | undefined][] = [
      ['(module (func (i32.add |)))', 'i32.add [<i32>, i32] -> [i32]'],
      ['(module (func (i32.add (i32.const 1) |)))', 'i32.add [i32, <i32>] -> [i32]'],
      ['(module (func (i32.add (i32.const 1) (i32.const 2) |)))', 'i32.add [i32, i32] -> [i32]'],
      ['(module (func (i32.add (i32.const 1) (|', 'i32.add [i32, <i32>] -> [i32]'],
      ['(module (func (i32.add (i32.const |', 'i32.add [<i32>, i32] -> [i32]'],
      [
        '(module (memory 1) (func (i32.store offset=1 (i32.const 1) |',
        'i32.store [address: i32, <value: i32>] -> []',
      ],
      [
        '(module (func $f (param $a i32) (param i64) (result f32)) (func (call $f (i32.const 1) |)))',
        'call $f [$a: i32, <i64>] -> [f32]',
      ],
      [
        '(module (func $two (result i32 i32)) (func $f (param i32 i32 i64)) (func (call $f (call $two) |)))',
        'call $f [i32, i32, <i64>] -> []',
      ],
      [
        '(module (type $t (func (param i64))) (func (call_indirect (type $t) (i64.const 1) |)))',
        'call_indirect [i64, <index: i32>] -> []',
      ],
      [
        '(module (type $s (struct (field $x i32) (field i64))) (func (struct.new $s |)))',
        'struct.new $s [<$x: i32>, i64] -> [(ref $s)]',
      ],
      [
        '(module (type $t (func (param i32 i64))) (func $f (param (ref null $t)) (param i32)) (func (call $f (ref.null $t) |)))',
        'call $f [(ref null $t), <i32>] -> []',
      ],
      [
        '(module (type $s (struct (field $x (mut i8)) (field i64))) (func (struct.new $s (i32.const 1) |)))',
        'struct.new $s [$x: i32, <i64>] -> [(ref $s)]',
      ],
      ['(module (func (param $x i64) (local.set $x |)))', 'local.set $x [<value: i64>] -> []'],
      [
        '(module (global $g (mut f32) (f32.const 1)) (func (global.set $g |)))',
        'global.set $g [<value: f32>] -> []',
      ],
      [
        '(module (func (block $l (result i32) (br_if $l (i32.const 1) |))))',
        'br_if $l [i32, <condition: i32>] -> [i32]',
      ],
      ['(module (func (loop $l (br_if $l |))))', 'br_if $l [<condition: i32>] -> []'],
      ['(module (func (block (br_table 0 |))))', 'br_table [<index: i32>] -> [t*]'],
      ['(module (tag $e (param i32)) (func (throw $e |)))', 'throw $e [<i32>] -> [t*]'],
      ['(module (func (block |)))', undefined],
      ['(module (func (drop (block (result i32) |))))', undefined],
      ['(module (func |))', undefined],
    ];
    for (const [marked, expected] of cases) assert.equal(help(marked), expected, marked);
  });
});
