import type { WatDefinition, WatNames } from '../names/names.ts';
import type { WatSpan } from '../syntax/tree.ts';

/**
 * The definitions of a space that nothing uses but what they are themselves, in a module without a fault in its syntax:
 * half of a text may hold what uses them.
 */
export function unusedDefinitions(
  { syntax, definitions }: WatNames,
  space: WatDefinition['space'],
): WatDefinition[] {
  if (syntax.faults.length > 0) return [];
  return definitions.filter((definition) => {
    const { field, uses } = definition;
    const isExported = 'exports' in field && field.exports.length > 0;
    return definition.space === space && !isExported && uses.every((use) => use.field === field);
  });
}

/** Whether a fault of the syntax lies in a part of the text. */
export function hasFault({ syntax }: WatNames, { start, end }: WatSpan): boolean {
  return syntax.faults.some((fault) => fault.start >= start && fault.start <= end);
}
