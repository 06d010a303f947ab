import assert from 'node:assert/strict';
import { decodeColumn, encodeBatch, type GivenColumn, type Layout, type Value } from './batch-layout.ts';

/** An instance of a plugin, called with batches as docs/plugin-abi.md has them. */
export interface BatchPlugin {
  /** Calls an export that takes a batch; gives what it returns. */
  batch(name: string, columns: readonly GivenColumn[], options?: Partial<BatchOptions>): number;
  /** The values of the column whose record lies at an address. */
  column(record: number, layout: Layout): Value[];
  call(name: string, ...args: readonly (number | bigint)[]): number | bigint;
  view(): DataView;
}

export interface BatchOptions {
  readonly rows: number;
  readonly states: readonly number[];
  readonly state: number;
}

/** Makes an instance of a compiled plugin, whose documents are empty. */
export function batchPlugin(wasm: Uint8Array): BatchPlugin {
  const field = (): number => -1;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm)), {
    env: {
      abort: (message: number) => {
        const length = new DataView(memoryOf(exports).buffer).getUint32(message - 4, true);
        throw new Error(
          new TextDecoder('utf-16le').decode(memoryOf(exports).buffer.slice(message, message + length)),
        );
      },
    },
    host: { field_string: field, field_i64: () => 0, field_f64: () => 0, field_bool: field, score: () => 0 },
  });
  const call = (name: string, ...args: readonly (number | bigint)[]): number | bigint => {
    const fn = exports[name];
    assert(typeof fn === 'function', `no function ${name}`);
    return fn(...args);
  };
  const buffer = { at: 0, size: 0 };
  return {
    call,
    view: () => new DataView(memoryOf(exports).buffer),
    column: (record, layout) => decodeColumn(memoryOf(exports).buffer, record, layout),
    batch: (name, columns, options = {}) => {
      const rows = options.rows ?? columns[0]?.values.length ?? 1;
      const { length } = encodeBatch(columns, { ...options, rows, at: 0 });
      if (length > buffer.size) Object.assign(buffer, { at: Number(call('alloc', length)), size: length });
      const bytes = encodeBatch(columns, { ...options, rows, at: buffer.at });
      new Uint8Array(memoryOf(exports).buffer).set(bytes, buffer.at);
      return Number(call(name, buffer.at, bytes.length) ?? 0);
    },
  };
}

function memoryOf(exports: WebAssembly.Exports): WebAssembly.Memory {
  assert(exports.memory instanceof WebAssembly.Memory);
  return exports.memory;
}
