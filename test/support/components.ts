import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';

/** A component of one module, made as component tools make it. @param wit with a world `plugin` */
export async function buildComponent(wat: string, wit: string): Promise<Uint8Array> {
  const binary = await parse(wat);
  const embedded = await componentEmbed({ binary, witSource: wit, world: 'plugin' });
  return componentNew(embedded, []);
}

/** The world of `COMPONENT_WAT`. */
export const COMPONENT_WIT = `package demo:strings@1.2.0;

interface stats {
  mean: func(a: f64, b: f64) -> f64;
}

world plugin {
  export stats;
  /// The text with exclamation marks.
  export shout: func(text: string, times: u8) -> string;
  export not-empty: func(text: string) -> option<string>;
  export flip: func(bytes: list<u8>) -> list<u8>;
  export half: func(n: s32) -> result<s32, string>;
  export is-big: func(n: s64) -> bool;
  export add-to: func(a: option<s32>, b: s32) -> s32;
  export pair: func(a: s32) -> tuple<s32, s32>;
}
`;

/** An allocator that gives memory back in post-return, so that a leak ends a long run. */
export const COMPONENT_WAT = `(module
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 1024))
  (global $returned (mut i32) (i32.const 0))
  (func $alloc (param $n i32) (result i32)
    (local $p i32)
    (local.set $p (global.get $next))
    (global.set $next (i32.and (i32.add (i32.add (global.get $next) (local.get $n)) (i32.const 7)) (i32.const -8)))
    (if (i32.gt_u (global.get $next) (i32.const 60000)) (then unreachable))
    (local.get $p))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (call $alloc (local.get 3)))
  (func $reset (param i32) (global.set $next (i32.const 1024)))
  (func $pair (param $p i32) (param $len i32) (result i32)
    (i32.store (i32.const 512) (local.get $p))
    (i32.store (i32.const 516) (local.get $len))
    (i32.const 512))
  (func (export "shout") (param $p i32) (param $len i32) (param $times i32) (result i32)
    (local $out i32)
    (local.set $out (call $alloc (i32.add (local.get $len) (local.get $times))))
    (memory.copy (local.get $out) (local.get $p) (local.get $len))
    (memory.fill (i32.add (local.get $out) (local.get $len)) (i32.const 33) (local.get $times))
    (call $pair (local.get $out) (i32.add (local.get $len) (local.get $times))))
  (func (export "cabi_post_shout") (param i32) (call $reset (local.get 0)))
  (func (export "not-empty") (param $p i32) (param $len i32) (result i32)
    (i32.store8 (i32.const 500) (i32.ne (local.get $len) (i32.const 0)))
    (i32.store (i32.const 504) (local.get $p))
    (i32.store (i32.const 508) (local.get $len))
    (i32.const 500))
  (func (export "cabi_post_not-empty") (param i32) (call $reset (local.get 0)))
  (func (export "flip") (param $p i32) (param $len i32) (result i32)
    (local $i i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $len)))
        (i32.store8 (i32.add (local.get $p) (local.get $i))
          (i32.xor (i32.load8_u (i32.add (local.get $p) (local.get $i))) (i32.const 255)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
    (call $pair (local.get $p) (local.get $len)))
  (func (export "cabi_post_flip") (param i32) (call $reset (local.get 0)))
  (func (export "half") (param $n i32) (result i32)
    (i32.store8 (i32.const 528) (i32.and (local.get $n) (i32.const 1)))
    (i32.store (i32.const 532) (i32.shr_s (local.get $n) (i32.const 1)))
    (i32.store (i32.const 536) (i32.const 0))
    (i32.const 528))
  (func (export "is-big") (param i64) (result i32) (i64.gt_s (local.get 0) (i64.const 1000)))
  (func (export "add-to") (param $some i32) (param $a i32) (param $b i32) (result i32)
    (i32.add (i32.mul (local.get $some) (local.get $a)) (local.get $b)))
  (func (export "demo:strings/stats@1.2.0#mean") (param f64 f64) (result f64)
    (f64.div (f64.add (local.get 0) (local.get 1)) (f64.const 2)))
  (func (export "pair") (param i32) (result i32) (call $pair (local.get 0) (local.get 0))))`;
