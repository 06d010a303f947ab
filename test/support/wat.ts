import { createHash } from 'node:crypto';
import wabt from 'wabt';
import { writeManifest } from '../../wasm-core/binary/manifest.ts';
import type { PluginFunction, PluginManifest, PluginType } from '../../wasm-core/protocol/plugins.ts';
import { compileModule } from '../../wasm-core/runtime/compile-module.ts';
import type { CompiledModule } from '../../wasm-core/runtime/compiled-module.ts';

const assembler = wabt();

/** Assembles a module from its text; names are kept in the name section. */
export async function assemble(wat: string): Promise<Uint8Array> {
  const { parseWat } = await assembler;
  const features = { exceptions: true, tail_call: true, multi_memory: true, memory64: true, threads: true };
  const module = parseWat('test.wat', wat, features);
  try {
    return new Uint8Array(module.toBinary({ write_debug_names: true }).buffer);
  } finally {
    module.destroy();
  }
}

/** Assembles and compiles a module as the registry does, without its checks. */
export async function compileWat(
  wat: string,
  name = 'test',
  options: { readonly metered?: boolean; readonly profiled?: boolean } = {},
): Promise<CompiledModule> {
  const bytes = await assemble(wat);
  return compileModule({ bytes, digest: sha256(bytes), name, ...options });
}

/** Assembles a module and gives it a manifest for the functions. */
export async function assemblePlugin(wat: string, functions: readonly PluginFunction[]): Promise<Uint8Array> {
  return writeManifest(await assemble(wat), manifestOf(functions));
}

/** A manifest with nothing but functions. */
export function manifestOf(functions: readonly PluginFunction[]): PluginManifest {
  return { abi: 1, functions, capabilities: [], doc: '' };
}

/** A function for SQL from its types: `sqlFunction('slug', ['VARCHAR'], 'VARCHAR')`. */
export function sqlFunction(name: string, types: readonly PluginType[], returns: PluginType): PluginFunction {
  const parameters = types.map((type, index) => ({ name: `p${index + 1}`, type }));
  return { name, export: name, parameters, returns, deterministic: true, doc: '' };
}

/** sha-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A `process` that gives its input back, prefixed form. */
export const ECHO_WAT = `(module
  (memory (export "memory") 1)
  (global $top (mut i32) (i32.const 1024))
  (func (export "alloc") (param $n i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $top))
    (global.set $top (i32.add (global.get $top) (local.get $n)))
    (block $fits
      (br_if $fits (i32.le_u (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
      (br_if $fits (i32.ne (i32.const -1) (memory.grow
        (i32.add (i32.shr_u (local.get $n) (i32.const 16)) (i32.const 1)))))
      (return (i32.const 0)))
    (local.get $at))
  (func (export "process") (param $p i32) (param $n i32) (result i32)
    (local $out i32)
    (local.set $out (i32.sub (local.get $p) (i32.const 4)))
    (i32.store (local.get $out) (local.get $n))
    (local.get $out)))`;

/** A `process` that makes ASCII letters upper case in place, packed form, without \`alloc\`. */
export const UPPER_WAT = `(module
  (memory (export "memory") 1)
  (func (export "process") (param $p i32) (param $n i32) (result i64)
    (local $i i32) (local $c i32)
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
      (local.set $c (i32.load8_u (i32.add (local.get $p) (local.get $i))))
      (if (i32.and (i32.ge_u (local.get $c) (i32.const 97)) (i32.le_u (local.get $c) (i32.const 122)))
        (then (i32.store8 (i32.add (local.get $p) (local.get $i)) (i32.sub (local.get $c) (i32.const 32)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next)))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $p)) (i64.const 32)) (i64.extend_i32_u (local.get $n)))))`;

/** A `process` that turns its input around, \`output_len\` form. */
export const REVERSE_WAT = `(module
  (memory (export "memory") 1)
  (global $len (mut i32) (i32.const 0))
  (func (export "output_len") (result i32) (global.get $len))
  (func (export "process") (param $p i32) (param $n i32) (result i32)
    (local $i i32) (local $j i32) (local $c i32)
    (global.set $len (local.get $n))
    (local.set $i (local.get $p))
    (local.set $j (i32.sub (i32.add (local.get $p) (local.get $n)) (i32.const 1)))
    (block $done (loop $next
      (br_if $done (i32.ge_s (local.get $i) (local.get $j)))
      (local.set $c (i32.load8_u (local.get $i)))
      (i32.store8 (local.get $i) (i32.load8_u (local.get $j)))
      (i32.store8 (local.get $j) (local.get $c))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (local.set $j (i32.sub (local.get $j) (i32.const 1)))
      (br $next)))
    (local.get $p)))`;

/** A `process` that never ends. */
export const LOOP_WAT = `(module
  (memory (export "memory") 1)
  (func (export "process") (param i32 i32) (result i32) (loop $again (br $again)) (unreachable)))`;
