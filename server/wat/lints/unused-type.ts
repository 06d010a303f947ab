import { shortName, type WatNames } from '../names/names.ts';
import type { WatForm } from '../syntax/tree.ts';
import type { WatLint } from './lint.ts';
import { unusedDefinitions } from './unused.ts';

/** A type that nothing uses. Of a `rec` that has one in use, the others make it the type that it is. */
export const watUnusedType: WatLint = {
  code: 'wat-unused-type',
  level: 'hint',
  isUnnecessary: true,
  find: (names) => {
    const groups = usedGroups(names);
    return unusedDefinitions(names, 'type')
      .filter(({ field }) => field.kind === 'type' && (field.rec === undefined || !groups.has(field.rec)))
      .map((definition) => {
        const { start, end } = definition.place;
        const name = shortName(definition);
        return { start, end, message: `Nothing uses the type ${name}.` };
      });
  },
};

/** The groups that something outside of them uses. */
function usedGroups({ definitions }: WatNames): ReadonlySet<WatForm> {
  return new Set(
    definitions.flatMap(({ field, uses }) => {
      const rec = field.kind === 'type' ? field.rec : undefined;
      const isOutside = uses.some((use) => use.field.kind !== 'type' || use.field.rec !== rec);
      return rec !== undefined && isOutside ? [rec] : [];
    }),
  );
}
