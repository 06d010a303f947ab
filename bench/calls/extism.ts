import { assemble } from '../../test/support/wat.ts';

/** Calls of an Extism plugin's `upper`, in this process: text in, text out. */
export interface ExtismCalls {
  /** On one instance, again and again. */
  upper(text: string): Promise<string>;
  /** On a plugin of its own: made from a compiled module, called, closed. */
  wholeRun(text: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Blocks are kept from call to call until a reset, and the 32,768th has an address that Extism 1.0.3 does not find
 * again.
 */
const CALLS_UNTIL_RESET = 1000;

/** Compiles the plugin and makes the first instance of it. */
export async function extismCalls(): Promise<ExtismCalls> {
  // Loaded here, because it loads node:wasi too.
  const { createPlugin } = await import('@extism/extism');
  const module = await WebAssembly.compile(Buffer.from(await assemble(UPPER_EXTISM_WAT)));
  const create = () => createPlugin({ wasm: [{ module }] }, { useWasi: false, runInWorker: false });
  const kept = await create();
  let count = 0;
  return {
    async upper(text) {
      if (++count % CALLS_UNTIL_RESET === 0) await kept.reset();
      return (await kept.call('upper', text))?.text() ?? '';
    },
    async wholeRun(text) {
      const fresh = await create();
      const output = await fresh.call('upper', text);
      await fresh.close();
      return output?.text() ?? '';
    },
    close: () => kept.close(),
  };
}

/**
 * An Extism plugin whose `upper` makes ASCII letters upper case, as its PDKs do it: eight bytes at a time over the
 * functions of `extism:host/env`, through the plugin's own memory
 * (https://github.com/extism/proposals/blob/main/EIP-007-extism-runtime-kernel.md).
 */
const UPPER_EXTISM_WAT = `(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_u8 (param i64) (result i32)))
  (import "extism:host/env" "input_load_u64" (func $input_u64 (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (memory (export "memory") 1)
  (func $load (param $n i32)
    (local $i i32)
    (block $tail (loop $words
      (br_if $tail (i32.gt_u (i32.add (local.get $i) (i32.const 8)) (local.get $n)))
      (i64.store (local.get $i) (call $input_u64 (i64.extend_i32_u (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 8)))
      (br $words)))
    (block $done (loop $bytes
      (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
      (i32.store8 (local.get $i) (call $input_u8 (i64.extend_i32_u (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $bytes))))
  (func $upper (param $n i32)
    (local $i i32) (local $c i32)
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
      (local.set $c (i32.load8_u (local.get $i)))
      (if (i32.lt_u (i32.sub (local.get $c) (i32.const 97)) (i32.const 26))
        (then (i32.store8 (local.get $i) (i32.sub (local.get $c) (i32.const 32)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next))))
  (func $store (param $to i64) (param $n i32)
    (local $i i32)
    (block $tail (loop $words
      (br_if $tail (i32.gt_u (i32.add (local.get $i) (i32.const 8)) (local.get $n)))
      (call $store_u64 (i64.add (local.get $to) (i64.extend_i32_u (local.get $i))) (i64.load (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 8)))
      (br $words)))
    (block $done (loop $bytes
      (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
      (call $store_u8 (i64.add (local.get $to) (i64.extend_i32_u (local.get $i))) (i32.load8_u (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $bytes))))
  (func (export "upper") (result i32)
    (local $n i32) (local $to i64)
    (local.set $n (i32.wrap_i64 (call $input_length)))
    (call $load (local.get $n))
    (call $upper (local.get $n))
    (local.set $to (call $alloc (i64.extend_i32_u (local.get $n))))
    (call $store (local.get $to) (local.get $n))
    (call $output_set (local.get $to) (i64.extend_i32_u (local.get $n)))
    (i32.const 0)))`;
