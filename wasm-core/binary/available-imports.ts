import type { Capability, ValueType } from '../protocol/plugins.ts';
import { WASI_IMPORTS } from './wasi-imports.ts';

/** An import that we give. */
export interface AvailableImport {
  readonly module: string;
  readonly name: string;
  readonly kind: 'function' | 'memory';
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** What a run must be granted to call it; absent: every run may. */
  readonly capability?: Capability;
}

/** Everything that a module may import; docs/plugin-abi.md says what each does. */
export const AVAILABLE_IMPORTS: readonly AvailableImport[] = [
  host('log', ['i32', 'i32'], { capability: 'log' }),
  host('log_at', ['i32', 'i32', 'i32'], { capability: 'log' }),
  host('config', ['i32', 'i32'], { result: 'i32' }),
  host('get_state', ['i32', 'i32'], { result: 'i32', capability: 'state' }),
  host('get_state_into', ['i32', 'i32', 'i32', 'i32'], { result: 'i32', capability: 'state' }),
  host('set_state', ['i32', 'i32', 'i32', 'i32'], { capability: 'state' }),
  host('field_string', ['i32', 'i32', 'i32', 'i32'], { result: 'i32', capability: 'document' }),
  host('field_i64', ['i32', 'i32', 'i32'], { result: 'i32', capability: 'document' }),
  host('field_f64', ['i32', 'i32', 'i32'], { result: 'i32', capability: 'document' }),
  host('field_bool', ['i32', 'i32'], { result: 'i32', capability: 'document' }),
  host('document_id', ['i32', 'i32'], { result: 'i32', capability: 'document' }),
  host('score', ['i32'], { result: 'i32', capability: 'document' }),
  host('random', ['i32', 'i32'], { capability: 'random' }),
  host('now_ms', [], { result: 'f64', capability: 'clock' }),
  host('now_ns', [], { result: 'i64', capability: 'clock' }),
  host('monotonic_ns', [], { result: 'i64', capability: 'clock' }),
  { module: 'env', name: 'abort', kind: 'function', parameters: ['i32', 'i32', 'i32', 'i32'], results: [] },
  { module: 'env', name: 'memory', kind: 'memory', parameters: [], results: [] },
  ...WASI_IMPORTS,
];

function host(
  name: string,
  parameters: readonly ValueType[],
  options: { readonly result?: ValueType; readonly capability?: Capability },
): AvailableImport {
  const { result, capability } = options;
  const results = result === undefined ? [] : [result];
  const type = { module: 'host', name, kind: 'function', parameters, results } as const;
  return capability === undefined ? type : { ...type, capability };
}
