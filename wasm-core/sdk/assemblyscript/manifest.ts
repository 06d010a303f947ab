import type { UdfFunction } from './definitions.ts';
import { sqlName } from './sql-text.ts';

/** The manifest of the functions: the JSON text of the custom section `quern`. */
export function manifestText(functions: readonly UdfFunction[]): string {
  return JSON.stringify({ abi: 1, functions: functions.map(entry) });
}

/** What a function returns, in SQL. */
export function returnType(fn: UdfFunction): string {
  if (fn.kind !== 'table') return fn.returns.sql;
  return `TABLE(${fn.columns.map((c) => `${sqlName(c.name)} ${c.codec.sql}`).join(', ')})`;
}

/** The parameters that tell functions of one name apart. */
export function parameterTypes({ parameters }: UdfFunction): string {
  return parameters
    .map((p) => `${p.value === 'document' ? 'DOCUMENT' : p.value.sql}${p.variadic ? '...' : ''}`)
    .join(', ');
}

function entry(fn: UdfFunction): object {
  return {
    name: fn.name,
    export: fn.exportName,
    ...(fn.kind === 'aggregate' && { kind: fn.kind }),
    parameters: fn.parameters.map(({ name, value, variadic }) =>
      value === 'document'
        ? { name, type: 'DOCUMENT', idField: fn.idField, scoreField: fn.scoreField }
        : { name, type: value.sql, ...(variadic && { variadic }) },
    ),
    returns: returnType(fn),
    deterministic: fn.deterministic,
    ...(fn.passesNulls && { nulls: 'pass' }),
    ...(fn.nullOnError && { onError: 'null' }),
    doc: fn.doc,
  };
}
