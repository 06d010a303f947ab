import { aggregateSource } from './aggregates.ts';
import { argumentLoads, hasRowForm, rowArguments, rowResultOf } from './arguments.ts';
import { codecSource, getValue, putValue } from './codec-source.ts';
import { type Codec, rowResult } from './codecs.ts';
import type { ScalarFunction, UdfFunction } from './definitions.ts';
import { tableSource } from './tables.ts';

/**
 * AssemblyScript that exports each function in the forms of the plugin ABI: for each row where there is such a form,
 * and for batches; with `alloc`, `free` and the version beside them.
 *
 * A result lies in buffers that all functions share and that only grow: the host copies it before its next call.
 *
 * @param taken names that the source exports itself; `alloc` and `free` are left to it when it has them
 * @param declared names that the source declares, which the SDK's aliases leave to it
 */
export function wrapperSource(
  functions: readonly UdfFunction[],
  codecs: readonly Codec[],
  taken: ReadonlySet<string>,
  declared: ReadonlySet<string>,
): string {
  const memory = taken.has('alloc') || taken.has('free') ? '' : MEMORY;
  return [
    'const __quern_abi: i32 = 1;',
    'export { __quern_abi as quern_abi_1 };',
    memory,
    ALIASES.filter(([name]) => !declared.has(name))
      .map(([name, type]) => `type ${name} = ${type};`)
      .join('\n'),
    '@lazy const __quern_document: Document = new Document();',
    codecSource(codecs),
    restSource(functions),
    ...functions.map(functionSource),
  ].join('\n');
}

/** Functions that gather the arguments of variadic parameters, one for each type. */
function restSource(functions: readonly UdfFunction[]): string {
  const rests = functions.flatMap((fn) => fn.parameters.filter((p) => p.variadic).map((p) => p.value));
  return [...new Set(rests)]
    .filter((value) => value !== 'document')
    .map(
      (value) => `function __quern_rest${value.id}(c: usize, n: i32, i: i32): Array<${value.as}> {
  const all = new Array<${value.as}>(n);
  for (let k = 0; k < n; k++) all[k] = ${getValue(value, 'c + (<usize>k << 5)', 'i')};
  return all;
}`,
    )
    .join('\n');
}

function functionSource(fn: UdfFunction): string {
  switch (fn.kind) {
    case 'scalar':
      return scalarSource(fn);
    case 'aggregate':
      return aggregateSource(fn);
    case 'table':
      return tableSource(fn);
  }
}

/** Numbers that stand for SQL's dates and times. The compiler takes no global alias, so that each entry has them. */
const ALIASES = [
  ['Date32', 'i32'],
  ['Time', 'i64'],
  ['Timestamp', 'i64'],
  ['TimestampS', 'i64'],
  ['TimestampMs', 'i64'],
  ['TimestampNs', 'i64'],
  ['TimestampTz', 'i64'],
] as const;

const MEMORY = `function __quern_alloc(n: i32): usize { return heap.alloc(<usize>n); }
function __quern_free(pointer: usize, n: i32): void { heap.free(pointer); }
export { __quern_alloc as alloc, __quern_free as free };`;

function scalarSource(fn: ScalarFunction): string {
  const isRow = hasRowForm(fn) && rowResult(fn.returns) !== undefined;
  return [userSource(fn), isRow ? rowSource(fn) : '', batchSource(fn)].join('\n');
}

/** Calls the author's function where no name of a wrapper's own can stand before its name. */
function userSource(fn: ScalarFunction): string {
  const declared = fn.parameters.map(({ value, variadic }, k) => {
    const type = value === 'document' ? 'Document' : value.as;
    return `__quern_a${k}: ${variadic ? `Array<${type}>` : type}`;
  });
  const values = fn.parameters.map((_, k) => `__quern_a${k}`);
  return `@inline function __quern_user_${fn.exportName}(${declared.join(', ')}): ${fn.returns.as} { return ${fn.sourceName}(${values.join(', ')}); }`;
}

function rowSource(fn: ScalarFunction): string {
  const { declared, values } = rowArguments(fn);
  const { type, statements } = rowResultOf(fn.returns, `__quern_user_${fn.exportName}(${values.join(', ')})`);
  return [
    `function __quern_call_${fn.exportName}(${declared.join(', ')}): ${type} { ${statements} }`,
    `export { __quern_call_${fn.exportName} as ${fn.exportName} };`,
  ].join('\n');
}

function batchSource(fn: ScalarFunction): string {
  const { returns, exportName } = fn;
  const { before, skip, values } = argumentLoads(fn);
  const call = `__quern_user_${fn.exportName}(${values.join(', ')})`;
  const out = `__quern_out${returns.id}`;
  const isTight = returns.shape.kind === 'number' && skip === '';
  const bytes = returns.shape.kind === 'number' ? returns.shape.bytes : 0;
  const loop = isTight
    ? `const to = out.fixed(n); for (let i = 0; i < n; i++) store<${returns.as}>(to + <usize>i * ${bytes}, ${call});`
    : `for (let i = 0; i < n; i++) { ${skip === '' ? '' : `if (${skip}) { out.null(); continue; } `}${putValue(returns, 'out', call)} }`;
  return [
    `function __quern_batch_${exportName}(batch: usize, size: i32): usize {`,
    `  const n = load<i32>(batch); const out = ${out}; out.reset();`,
    `  ${before}`,
    `  ${loop}`,
    '  return __quern_result(out);',
    '}',
    `export { __quern_batch_${exportName} as ${exportName}__batch };`,
  ].join('\n');
}
