import { argumentLoads, hasRowForm, rowArguments, rowResultOf } from './arguments.ts';
import { putValue } from './codec-source.ts';
import { rowResult } from './codecs.ts';
import type { ScalarFunction } from './definitions.ts';

/** The exports of an aggregate: a state is a pinned instance of its class, and its handle the instance's address. */
export function aggregateSource(fn: ScalarFunction): string {
  const { exportName: name, sourceName: type } = fn;
  const state = (handle: string) => `changetype<${type}>(${handle})`;
  return [
    `function __quern_init_${name}(): usize { return __pin(changetype<usize>(new ${type}())); }`,
    `function __quern_combine_${name}(a: usize, b: usize): void { ${state('a')}.merge(${state('b')}); }`,
    `function __quern_free_${name}(a: usize): void { __unpin(a); }`,
    updateSource(fn),
    finalizeSource(fn),
    exported(name, 'init', 'combine', 'free'),
  ].join('\n');
}

/** A statement that exports functions of the wrapper as parts of a function for SQL. */
export function exported(name: string, ...parts: readonly string[]): string {
  const all = parts.map((part) => `__quern_${part}_${name} as ${name}__${part.replace('_batch', '__batch')}`);
  return `export { ${all.join(', ')} };`;
}

function updateSource(fn: ScalarFunction): string {
  const { exportName: name, sourceName: type } = fn;
  const { before, skip, values } = argumentLoads(fn);
  const batch = `function __quern_update_batch_${name}(batch: usize, size: i32): void {
  const n = load<i32>(batch), states = load<usize>(batch, 8), one = load<usize>(batch, 12);
  ${before}
  for (let i = 0; i < n; i++) {
    ${skip === '' ? '' : `if (${skip}) continue;`}
    changetype<${type}>(states != 0 ? load<usize>(states + (<usize>i << 2)) : one).update(${values.join(', ')});
  }
}
${exported(name, 'update_batch')}`;
  if (!hasRowForm(fn)) return batch;
  const row = rowArguments(fn);
  const call = `changetype<${type}>(state).update(${row.values.join(', ')});`;
  return `${batch}
function __quern_update_${name}(${['state: usize', ...row.declared].join(', ')}): void { ${call} }
${exported(name, 'update')}`;
}

function finalizeSource(fn: ScalarFunction): string {
  const { exportName: name, sourceName: type, returns } = fn;
  const batch = `function __quern_finalize_batch_${name}(batch: usize, size: i32): usize {
  const n = load<i32>(batch), states = load<usize>(batch, 8), one = load<usize>(batch, 12);
  const out = __quern_out${returns.id}; out.reset();
  for (let i = 0; i < n; i++) {
    ${putValue(returns, 'out', `changetype<${type}>(states != 0 ? load<usize>(states + (<usize>i << 2)) : one).finish()`)}
  }
  return __quern_result(out);
}
${exported(name, 'finalize_batch')}`;
  if (rowResult(returns) === undefined) return batch;
  const result = rowResultOf(returns, `changetype<${type}>(state).finish()`);
  return `${batch}
function __quern_finalize_${name}(state: usize): ${result.type} { ${result.statements} }
${exported(name, 'finalize')}`;
}
