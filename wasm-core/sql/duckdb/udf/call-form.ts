import { exportRoles, implementedForm, isBatchForm } from '../../../binary/function-exports.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { CompiledModule } from '../../../runtime/compiled-module.ts';
import { signatureOf } from './adapter-cells.ts';

/**
 * How SQL calls a function: `inline` when its code stands in the loop over the rows, which is fastest; `batch` with many
 * rows at once; `row` one by one. Of several exports the one counts that takes the rows.
 */
export function callForm(compiled: CompiledModule, fn: PluginFunction): 'inline' | 'batch' | 'row' {
  const isScalar = fn.kind === undefined && fn.nulls !== 'pass';
  if (isScalar && compiled.inlines.has(fn.export) && signatureOf(fn) !== undefined) return 'inline';
  const forms = exportRoles(fn).map((role) => implementedForm(compiled.exports, role));
  return forms.some((form) => form !== undefined && isBatchForm(form)) ? 'batch' : 'row';
}
