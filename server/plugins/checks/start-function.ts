import type { PluginCheck } from './check.ts';

/** Code that runs before each first call. */
export const startFunction: PluginCheck = {
  code: 'start-function',
  level: 'hint',
  find: ({ module, isGenerated }) => {
    if (module.start === undefined || isGenerated) return [];
    const message =
      'The start function runs again for each instance, and there is a fresh one for each run, each step of a chain and each statement: what it costs is paid every time. Put constant data into data segments, and what is seldom needed where it is used.';
    return [{ message, about: { type: 'start' } }];
  },
};
