import fc from 'fast-check';

/*
 * Edits as people make them, at random: they insert, delete, and paste halves of the text. No edit ends inside of a
 * surrogate pair or between a carriage return and its line feed, as no editor's does.
 */

/** Replaces the text from `start` to before `end`, UTF-16 code units. */
export interface RandomEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Gives whole numbers from 0 to below a limit. */
export type Dice = (limit: number) => number;

/** Numbers that are the same for a seed. */
export function diceOf(seed: number): Dice {
  const [stream] = fc.sample(fc.infiniteStream(fc.integer({ min: 0, max: 2 ** 31 - 1 })), {
    seed,
    numRuns: 1,
  });
  if (stream === undefined) throw new Error('there is no sample');
  return (limit) => Number(stream.next().value) % limit;
}

/** Texts that are longer lose a part, so that they stay as long as files that people edit. */
const LONGEST = 6_000;

/** An edit of a text. @param pieces what is inserted */
export function randomEdit(text: string, dice: Dice, pieces: readonly string[]): RandomEdit {
  const at = boundary(text, dice(text.length + 1));
  if (text.length > LONGEST) return { start: boundary(text, at >> 1), end: text.length, text: '' };
  switch (dice(8)) {
    case 0:
      return { start: at, end: boundary(text, at + 1 + dice(40)), text: '' };
    case 1:
      return { start: at, end: at, text: half(text, dice) };
    case 2:
      return { start: at, end: boundary(text, at + 1 + dice(8)), text: pieces[dice(pieces.length)] ?? '' };
    default:
      return { start: at, end: at, text: pieces[dice(pieces.length)] ?? '' };
  }
}

/** The text after an edit. */
export function edited(text: string, { start, end, text: inserted }: RandomEdit): string {
  return text.slice(0, start) + inserted + text.slice(end);
}

/** Whether a position is one that an editor's cursor may have. */
export function isBoundary(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  const splitsPair = before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
  return !splitsPair && !(before === 13 && after === 10);
}

/** The nearest such position from one on, or the text's end. */
export function boundary(text: string, at: number): number {
  const inside = Math.min(at, text.length);
  return isBoundary(text, inside) ? inside : inside + 1;
}

function half(text: string, dice: Dice): string {
  const middle = boundary(text, text.length >> 1);
  const part = dice(2) === 0 ? text.slice(0, middle) : text.slice(middle);
  return part.length > LONGEST / 4 ? part.slice(0, boundary(part, LONGEST >> 2)) : part;
}
