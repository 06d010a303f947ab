import type { CoreError } from '../../protocol/errors.ts';
import { isPattern, matchesPattern } from './compare-values.ts';

/**
 * Whether an error has the text that a file expects, in the engine's words or in ours.
 *
 * @param expected part of the text, or a pattern for all of it
 */
export function errorMatches(error: CoreError, expected: string): boolean {
  const texts = [error.message, engineText(error)];
  if (isPattern(expected)) {
    const isNegated = expected.startsWith('<!');
    return isNegated
      ? texts.every((text) => matchesPattern(text, expected))
      : texts.some((text) => matchesPattern(text, expected));
  }
  // The engine's words have lost the blanks at their end.
  return texts.some((text) => text.includes(expected) || text.includes(expected.trim()));
}

/** What the engine said, or what we said where it said nothing. */
export function engineText({ message, details }: CoreError): string {
  return typeof details.engineText === 'string' ? details.engineText : message;
}

/** Whether the engine failed in a way that no test may expect. */
export function isInternalError(error: CoreError): boolean {
  return /^(INTERNAL|FATAL) Error/.test(engineText(error)) || error.kind === 'SQL_ENGINE_LOST';
}
