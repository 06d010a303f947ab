import { usesMemory } from '../../../wasm-core/binary/abi.ts';
import type { PluginCheck } from './check.ts';

/** Functions of text and bytes in a module that does not say where arguments may go. */
export const allocMissing: PluginCheck = {
  code: 'alloc-missing',
  level: 'hint',
  find: ({ module, manifest }) => {
    const exported = module.exports.map(({ name }) => name);
    if (exported.includes('alloc')) return [];
    const getState = module.imports.find(({ module, name }) => module === 'host' && name === 'get_state');
    if (getState !== undefined) {
      const message =
        'host.get_state puts what it gives into room from alloc, which the module does not export: it fails for every key that is set. Export alloc(n i32) -> i32, or call host.get_state_into.';
      return [{ message, about: { type: 'import', module: 'host', name: 'get_state' } }];
    }
    if (exported.includes('__heap_base')) return [];
    const user =
      manifest?.functions.find(usesMemory)?.name ?? (exported.includes('process') ? 'process' : undefined);
    if (user === undefined) return [];
    const message = `${user} takes or gives values in memory, and the module exports no alloc: Quern adds pages at the end of memory for them, which the module does not know of. Export alloc(n i32) -> i32, or the global __heap_base where free memory begins.`;
    return [{ message, about: { type: 'function', name: user } }];
  },
};
