import { shortName } from '../names/names.ts';
import type { WatLint } from './lint.ts';
import { unusedDefinitions } from './unused.ts';

/** A global that is not exported, and that nothing reads or sets. */
export const watUnusedGlobal: WatLint = {
  code: 'wat-unused-global',
  level: 'hint',
  isUnnecessary: true,
  find: (names) =>
    unusedDefinitions(names, 'global').map((definition) => {
      const { start, end } = definition.place;
      const name = shortName(definition);
      return { start, end, message: `Nothing reads, sets or exports the global ${name}.` };
    }),
};
