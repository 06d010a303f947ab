import { exportRoles } from '../../../wasm-core/binary/function-exports.ts';
import type { PluginCheck } from './check.ts';

/** What the host or a language's own runtime calls; names with a leading underscore are a compiler's. */
const KNOWN = /^(?:process|output_len|alloc|free|malloc|realloc|calloc|quern_abi_\d+|asyncify_.*|_.*)$/;

/** Exported functions that nobody can call. */
export const unusedExport: PluginCheck = {
  code: 'unused-export',
  level: 'hint',
  find: ({ module, manifest }) => {
    const functions = manifest?.functions ?? [];
    // A module that says nothing of its functions has them called one by one, as they are.
    if (functions.length === 0) return [];
    const used = new Set(
      functions.flatMap(exportRoles).flatMap((role) => role.forms.map(({ name }) => name)),
    );
    return module.exports
      .filter(({ kind, name }) => kind === 'function' && !used.has(name) && !KNOWN.test(name))
      .map(({ name }) => ({
        message: `${name} is exported, and no declaration is for it: neither SQL nor a chain can call it. Declare it for SQL, or do not export it.`,
        about: { type: 'function', name },
      }));
  },
};
