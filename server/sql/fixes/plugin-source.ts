/** A function to be written. */
export interface NewFunction {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly returns: string;
}

/** AssemblyScript's types for SQL's, with a first value of each. */
const TYPES: Readonly<Record<string, readonly [string, string]>> = {
  BOOLEAN: ['bool', 'false'],
  TINYINT: ['i8', '0'],
  SMALLINT: ['i16', '0'],
  INTEGER: ['i32', '0'],
  BIGINT: ['i64', '0'],
  UTINYINT: ['u8', '0'],
  USMALLINT: ['u16', '0'],
  UINTEGER: ['u32', '0'],
  UBIGINT: ['u64', '0'],
  FLOAT: ['f32', '0'],
  DOUBLE: ['f64', '0'],
  // DuckDB casts it to DOUBLE, which holds what most sums come to.
  HUGEINT: ['f64', '0'],
  VARCHAR: ['string', "''"],
  BLOB: ['Uint8Array', 'new Uint8Array(0)'],
  DATE: ['Date32', '0'],
  TIME: ['Time', '0'],
  TIMESTAMP: ['Timestamp', '0'],
  TIMESTAMP_S: ['TimestampS', '0'],
  TIMESTAMP_MS: ['TimestampMs', '0'],
  TIMESTAMP_NS: ['TimestampNs', '0'],
  'TIMESTAMP WITH TIME ZONE': ['TimestampTz', '0'],
  INTERVAL: ['Interval', ''],
  UUID: ['Uuid', ''],
};

/** A plugin in AssemblyScript that compiles as it is; undefined when a type has no simple form in it. */
export function assemblyScriptSource({ name, parameters, returns }: NewFunction): string | undefined {
  const typed = parameters.map((parameter) => ({
    ...parameter,
    written: assemblyScriptType(parameter.type),
  }));
  const [result, empty] = TYPES[returns] ?? [];
  if (result === undefined || empty === undefined || typed.some(({ written }) => written === undefined)) {
    return undefined;
  }
  const list = typed.map((parameter) => `${parameter.name}: ${parameter.written}`).join(', ');
  const same = parameters.find(({ type }) => type === returns);
  const value = same?.name ?? empty;
  return `// @ts-nocheck This is AssemblyScript: Quern checks it, and its types are WebAssembly's.

/**
 * Say here what ${name} does: for now it gives ${same === undefined ? `${empty} for every row` : `its argument ${value}`}.
 * @udf
 */
export function ${name}(${list}): ${result} {
  return ${value};
}
`;
}

const WAT_TYPES: Readonly<Record<string, string>> = {
  BOOLEAN: 'i32',
  TINYINT: 'i32',
  SMALLINT: 'i32',
  INTEGER: 'i32',
  BIGINT: 'i64',
  FLOAT: 'f32',
  DOUBLE: 'f64',
  DATE: 'i32',
  TIMESTAMP: 'i64',
};

/**
 * A plugin in WAT that compiles as it is; undefined when a type is no number. A result that would be VARCHAR is DOUBLE.
 */
export function watSource({ name, parameters, returns }: NewFunction): string | undefined {
  const result = returns === 'VARCHAR' ? 'DOUBLE' : returns;
  const type = WAT_TYPES[result];
  const typed = parameters.map((parameter) => ({ ...parameter, written: WAT_TYPES[parameter.type] }));
  if (type === undefined || typed.some(({ written }) => written === undefined)) return undefined;
  const signature = parameters.map((parameter) => `${parameter.name} ${parameter.type}`).join(', ');
  const list = typed.map((parameter) => ` (param $${parameter.name} ${parameter.written})`).join('');
  const same = parameters.find((parameter) => parameter.type === result);
  const value = same === undefined ? `(${type}.const 0)` : `(local.get $${same.name})`;
  return `;; Say here what ${name} does: for now it gives ${same === undefined ? '0 for every row' : `its argument ${same.name}`}.
;; @udf ${name}(${signature}) -> ${result}
(module
  (func (export "${name}")${list} (result ${type})
    ${value}))
`;
}

function assemblyScriptType(type: string): string | undefined {
  const element = /^(.+)\[\]$/.exec(type)?.[1];
  if (element === undefined) return TYPES[type]?.[0];
  const written = element.endsWith(']') ? undefined : TYPES[element]?.[0];
  return written === undefined ? undefined : `Array<${written}>`;
}
