import { CoreError } from '../../../protocol/errors.ts';
import type { CompiledModule } from '../../../runtime/compiled-module.ts';
import type { Connection, DuckDb } from '../boot.ts';
import type { Pointer } from '../c-api.ts';
import type { Adapters } from './adapter.ts';
import { callForm } from './call-form.ts';
import type { CallableFunction, FunctionCalls } from './function-calls.ts';
import type { InlineLoops } from './inline-loop.ts';
import { withPluginType } from './plugin-type.ts';
import { ScalarCalls } from './scalar-calls.ts';
import type { StringWriter } from './text-vector.ts';

/** What defines functions needs of the engine. */
export interface DefinitionParts {
  readonly db: DuckDb;
  readonly connection: Connection;
  readonly calls: FunctionCalls;
  readonly strings: StringWriter;
  readonly adapters: Adapters;
  readonly inlines: InlineLoops;
}

/** Functions of one module and one name, which DuckDB tells apart by their parameters. */
export interface FunctionSet {
  readonly internalName: string;
  readonly compiled: CompiledModule;
  readonly callables: readonly CallableFunction[];
}

/** Registers scalar functions under one internal name. */
export function defineScalars(parts: DefinitionParts, set: FunctionSet): void {
  const { native } = parts.db;
  const { api } = native;
  const functionSet = native.withText(set.internalName, (name) =>
    api.duckdb_create_scalar_function_set(name),
  );
  try {
    for (const callable of set.callables) addScalar(parts, { ...set, functionSet, callable });
    const failed = api.duckdb_register_scalar_function_set(parts.connection.pointer, functionSet) !== 0;
    if (failed) throw new Error(`DuckDB did not take the function ${set.callables[0]?.fn.name}`);
  } finally {
    native.withPointer(functionSet, (slot) => api.duckdb_destroy_scalar_function_set(slot));
  }
}

function addScalar(
  parts: DefinitionParts,
  set: FunctionSet & { readonly functionSet: Pointer; readonly callable: CallableFunction },
): void {
  const { native } = parts.db;
  const { api } = native;
  const { fn } = set.callable;
  const scalar = api.duckdb_create_scalar_function();
  try {
    native.withText(set.internalName, (name) => api.duckdb_scalar_function_set_name(scalar, name));
    for (const { type, variadic } of fn.parameters) {
      withPluginType(native, type, (t) => {
        if (variadic) api.duckdb_scalar_function_set_varargs(scalar, t);
        else api.duckdb_scalar_function_add_parameter(scalar, t);
      });
    }
    withPluginType(native, fn.returns, (t) => api.duckdb_scalar_function_set_return_type(scalar, t));
    if (!fn.deterministic) api.duckdb_scalar_function_set_volatile(scalar);
    if (fn.nulls === 'pass') api.duckdb_scalar_function_set_special_handling(scalar);
    const calls = new ScalarCalls({
      ...parts,
      native,
      callable: set.callable,
      moduleName: set.compiled.name,
      isBatch: callForm(set.compiled, fn) === 'batch',
    });
    const callback = native.addCallback((info, chunk, output) => {
      const error = calls.chunk(chunk, output);
      if (error === undefined) return;
      native.withText(error.message, (text) => api.duckdb_scalar_function_set_error(info, text));
    });
    api.duckdb_scalar_function_set_function(scalar, callback);
    if (api.duckdb_add_scalar_function_to_set(set.functionSet, scalar) !== 0) {
      throw new CoreError('ABI_MISMATCH', `${fn.name} has the same parameters as another ${fn.name}.`);
    }
  } finally {
    native.withPointer(scalar, (slot) => api.duckdb_destroy_scalar_function(slot));
  }
}
