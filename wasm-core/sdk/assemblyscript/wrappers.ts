import type { SqlType } from './sql-types.ts';

/** A function marked with `@udf`, checked. */
export interface UdfFunction {
  /** The name in SQL and of the export. */
  readonly name: string;
  /** The name in the source. */
  readonly sourceName: string;
  readonly parameters: readonly { readonly name: string; readonly type: SqlType }[];
  readonly returns: SqlType;
  readonly deterministic: boolean;
  readonly doc: string;
  /** Where the name stands in the source, UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/**
 * AssemblyScript that exports each function under its SQL name in the form of the plugin ABI, with `alloc`, `free` and
 * the version beside them.
 *
 * Text and bytes come back in one buffer that all functions share and that only grows: the host copies a result before
 * its next call. Arguments become ordinary garbage-collected values.
 *
 * @param taken names that the source exports itself; `alloc` and `free` are left to it when it has them
 */
export function wrapperSource(functions: readonly UdfFunction[], taken: ReadonlySet<string>): string {
  return [HELPERS, exportUnlessTaken(taken), ...functions.map(wrapper)].join('\n');
}

/** The manifest of the functions: the JSON text of the custom section `quern`. */
export function manifestText(functions: readonly UdfFunction[]): string {
  return JSON.stringify({
    abi: 1,
    functions: functions.map((fn) => ({
      name: fn.name,
      export: fn.name,
      parameters: fn.parameters.map(({ name, type }) => ({ name, type: type.sql })),
      returns: fn.returns.sql,
      deterministic: fn.deterministic,
      doc: fn.doc,
    })),
  });
}

function wrapper(fn: UdfFunction): string {
  // Numbered, because a parameter of the function may be called what the wrapper calls something of its own.
  const parameters = fn.parameters.map(({ type }, i) =>
    type.wasm === 'bytes' ? `p${i}_pointer: usize, p${i}_length: i32` : `p${i}: ${type.wasm}`,
  );
  const values = fn.parameters.map(({ type }, i) => type.argument(`p${i}`));
  const result = fn.returns.wasm === 'bytes' ? 'i64' : fn.returns.wasm;
  const call = fn.returns.result(`${fn.sourceName}(${values.join(', ')})`);
  return [
    `function __quern_call_${fn.name}(${parameters.join(', ')}): ${result} { return ${call}; }`,
    `export { __quern_call_${fn.name} as ${fn.name} };`,
  ].join('\n');
}

function exportUnlessTaken(taken: ReadonlySet<string>): string {
  const memory =
    taken.has('alloc') || taken.has('free') ? '' : 'export { __quern_alloc as alloc, __quern_free as free };';
  return `${memory}\nexport { __quern_abi as quern_abi_1 };`;
}

/** A lone surrogate has no UTF-8 form: it leaves as U+FFFD rather than as bytes that the host would refuse. */
const HELPERS = `
const __quern_abi: i32 = 1;
const __quern_null: i64 = -1 << 32;
let __quern_out: usize = 0;
let __quern_out_size: i32 = 0;

function __quern_alloc(n: i32): usize { return heap.alloc(<usize>n); }
function __quern_free(pointer: usize, n: i32): void { heap.free(pointer); }

function __quern_reserve(n: i32): usize {
  if (n > __quern_out_size || __quern_out == 0) {
    if (__quern_out != 0) heap.free(__quern_out);
    __quern_out_size = max(n, max(256, __quern_out_size * 2));
    __quern_out = heap.alloc(<usize>__quern_out_size);
  }
  return __quern_out;
}

function __quern_pack(pointer: usize, n: i32): i64 { return (<i64>n << 32) | <i64>(<u64>pointer); }

function __quern_give_text(value: string | null): i64 {
  if (value === null) return __quern_null;
  const n = String.UTF8.byteLength(value);
  const pointer = __quern_reserve(n);
  String.UTF8.encodeUnsafe(changetype<usize>(value), value.length, pointer, false, String.UTF8.ErrorMode.REPLACE);
  return __quern_pack(pointer, n);
}

function __quern_take_bytes(pointer: usize, n: i32): Uint8Array {
  const value = new Uint8Array(n);
  memory.copy(value.dataStart, pointer, <usize>n);
  return value;
}

function __quern_give_bytes(value: Uint8Array | null): i64 {
  if (value === null) return __quern_null;
  const n = value.byteLength;
  const pointer = __quern_reserve(n);
  memory.copy(pointer, value.dataStart, <usize>n);
  return __quern_pack(pointer, n);
}
`;
