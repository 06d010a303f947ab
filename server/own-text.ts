/**
 * A text that is no part of another one. What is cut out of a document keeps all of it in memory, so that what outlives
 * a version of the document must have a text of its own.
 */
export function ownText(text: string): string {
  return text.split('').join('');
}
