import { shortName } from '../names/names.ts';
import type { WatLint } from './lint.ts';
import { unusedDefinitions } from './unused.ts';

/** A function that is not exported, and that nothing else calls or refers to. */
export const watUnusedFunction: WatLint = {
  code: 'wat-unused-function',
  level: 'hint',
  isUnnecessary: true,
  find: (names) =>
    unusedDefinitions(names, 'func').map((definition) => {
      const { start, end } = definition.place;
      const isImported = definition.field.kind === 'func' && definition.field.imported !== undefined;
      const kind = isImported ? 'imported function' : 'function';
      const message = `Nothing calls, exports or refers to the ${kind} ${shortName(definition)}.`;
      return { start, end, message };
    }),
};
