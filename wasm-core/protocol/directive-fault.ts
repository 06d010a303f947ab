import { nearNames } from './near-names.ts';

/** What is wrong with what a directive says; positions are UTF-16 code units in the text behind its keyword. */
export interface DirectiveFault {
  /** A sentence for the user. */
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What may have been meant in this place, the likeliest first; absent: nothing that is known. */
  readonly candidates?: readonly string[];
}

/**
 * A fault whose candidates are the names that are most like what is written.
 *
 * @param at.text what stands there
 * @param known the names that could
 */
export function unknownWord(
  message: string,
  at: { readonly start: number; readonly end: number; readonly text: string },
  known: readonly string[],
): DirectiveFault {
  const { start, end, text } = at;
  const candidates = nearNames(text, known);
  return { message, start, end, ...(candidates.length > 0 && { candidates }) };
}
