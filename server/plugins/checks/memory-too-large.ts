import { PAGE_BYTES } from '../../../wasm-core/protocol/limits.ts';
import type { PluginCheck } from './check.ts';

const PAGES_A_MIB = (1024 * 1024) / PAGE_BYTES;

/** A memory that is larger at the start than a run may have. */
export const memoryTooLarge: PluginCheck = {
  code: 'memory-too-large',
  level: 'error',
  find: ({ module, workspace }) => {
    const { initialPages = 0 } = module.memories[0] ?? {};
    if (initialPages <= workspace.memoryMb * PAGES_A_MIB) return [];
    const neededMb = Math.ceil(initialPages / PAGES_A_MIB);
    const message = `The memory has ${initialPages} pages of 64 KiB at the start, which are ${neededMb} MiB, and a run may have ${workspace.memoryMb} MiB: each fails with MEMORY_LIMIT. Begin with fewer pages, or set "limits": {"memoryMb": ${neededMb}} in quern.json.`;
    return [{ message, about: { type: 'memory' } }];
  },
};
