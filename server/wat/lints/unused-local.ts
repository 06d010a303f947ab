import { shortName } from '../names/names.ts';
import type { WatLint } from './lint.ts';
import { hasFault } from './unused.ts';

const MOST_FAULTS = 100;

/** A local that nothing reads or sets. Parameters are part of what a function promises, used or not. */
export const watUnusedLocal: WatLint = {
  code: 'wat-unused-local',
  level: 'hint',
  isUnnecessary: true,
  find: (names) => {
    // Of such a text nothing is certain, and looking for each function's faults would take long.
    if (names.syntax.faults.length > MOST_FAULTS) return [];
    const faulty = new Map<object, boolean>();
    const isFaulty = (field: (typeof names.definitions)[number]['field']): boolean => {
      const known = faulty.get(field) ?? hasFault(names, field.form);
      faulty.set(field, known);
      return known;
    };
    return names.definitions
      .filter(
        ({ space, variable, uses }) =>
          space === 'local' && variable?.form.head === 'local' && uses.length === 0,
      )
      .filter(({ field }) => !isFaulty(field))
      .map((definition) => {
        const { start, end } = definition.place;
        const name = shortName(definition);
        return { start, end, message: `Nothing reads or sets the local ${name}.` };
      });
  },
};
