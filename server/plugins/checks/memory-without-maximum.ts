import type { PluginCheck } from './check.ts';

/** A memory that grows as far as the run's limit lets it. */
export const memoryWithoutMaximum: PluginCheck = {
  code: 'memory-without-maximum',
  level: 'hint',
  find: ({ module, isGenerated, workspace }) => {
    const [memory] = module.memories;
    if (memory === undefined || memory.maximumPages !== undefined || isGenerated) return [];
    const message = `The memory has no maximum: what grows it by mistake goes on to ${workspace.memoryMb} MiB, the limit of a run. Say how many pages of 64 KiB it may have, such as (memory ${memory.initialPages} ${Math.max(16, memory.initialPages * 2)}).`;
    return [{ message, about: { type: 'memory' } }];
  },
};
