import { CoreError } from '../../../protocol/errors.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { Pointer } from '../c-api.ts';
import { AggregateCalls } from './aggregate-calls.ts';
import { withPluginType } from './plugin-type.ts';
import type { DefinitionParts, FunctionSet } from './scalar-functions.ts';

/** Bytes of a state in the engine: the guest's handle, the statement whose instance it belongs to, and a mark. */
export const STATE_BYTES = 16;

/** Registers aggregates under one internal name. */
export function defineAggregates(parts: DefinitionParts, set: FunctionSet): void {
  const { native } = parts.db;
  const { api } = native;
  const functionSet = native.withText(set.internalName, (name) =>
    api.duckdb_create_aggregate_function_set(name),
  );
  try {
    for (const callable of set.callables) {
      addAggregate(parts, {
        set,
        functionSet,
        fn: callable.fn,
        calls: new AggregateCalls({ ...parts, callable, set }),
      });
    }
    const failed = api.duckdb_register_aggregate_function_set(parts.connection.pointer, functionSet) !== 0;
    if (failed) throw new Error(`DuckDB did not take the aggregate ${set.callables[0]?.fn.name}`);
  } finally {
    native.withPointer(functionSet, (slot) => api.duckdb_destroy_aggregate_function_set(slot));
  }
}

function addAggregate(
  parts: DefinitionParts,
  options: {
    readonly set: FunctionSet;
    readonly functionSet: Pointer;
    readonly fn: PluginFunction;
    readonly calls: AggregateCalls;
  },
): void {
  const { native } = parts.db;
  const { api } = native;
  const { fn, calls, set } = options;
  const aggregate = api.duckdb_create_aggregate_function();
  try {
    native.withText(set.internalName, (name) => api.duckdb_aggregate_function_set_name(aggregate, name));
    for (const { type } of fn.parameters) {
      withPluginType(native, type, (t) => api.duckdb_aggregate_function_add_parameter(aggregate, t));
    }
    withPluginType(native, fn.returns, (t) => api.duckdb_aggregate_function_set_return_type(aggregate, t));
    // NULLs are left out by us, row by row.
    api.duckdb_aggregate_function_set_special_handling(aggregate);
    const failed = (info: Pointer, error: CoreError | undefined): void => {
      if (error === undefined) return;
      native.withText(error.message, (text) => api.duckdb_aggregate_function_set_error(info, text));
    };
    api.duckdb_aggregate_function_set_functions(
      aggregate,
      native.addCallback(() => BigInt(STATE_BYTES), { parameters: ['i32'], result: 'i64' }),
      native.addCallback((_info, state) => calls.reset(state), { parameters: ['i32', 'i32'] }),
      native.addCallback((info, chunk, states) => failed(info, calls.update(chunk, states)), {
        parameters: ['i32', 'i32', 'i32'],
      }),
      native.addCallback(
        (info, source, target, count) =>
          failed(info, calls.combine({ source, target, count: Number(count) })),
        { parameters: ['i32', 'i32', 'i32', 'i64'] },
      ),
      native.addCallback(
        (info, source, result, count, offset) =>
          failed(info, calls.finalize({ source, result, count: Number(count), offset: Number(offset) })),
        { parameters: ['i32', 'i32', 'i32', 'i64', 'i64'] },
      ),
    );
    api.duckdb_aggregate_function_set_destructor(
      aggregate,
      native.addCallback((states, count) => calls.destroy(states, Number(count)), {
        parameters: ['i32', 'i64'],
      }),
    );
    if (api.duckdb_add_aggregate_function_to_set(options.functionSet, aggregate) !== 0) {
      throw new CoreError('ABI_MISMATCH', `${fn.name} has the same parameters as another ${fn.name}.`);
    }
  } finally {
    native.withPointer(aggregate, (slot) => api.duckdb_destroy_aggregate_function(slot));
  }
}
