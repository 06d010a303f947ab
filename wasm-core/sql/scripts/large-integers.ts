/** The member of an object that stands for a whole number which a double cannot hold. */
export const LARGE_INTEGER_KEY = '\u0001quern integer';

/** JSON text in which whole numbers beyond 2^53 - 1 are objects that carry their digits; equal text when there are none. */
export function markLargeIntegers(json: string): string {
  if (!/\d{16}/.test(json)) return json;
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => {
    const isLarge = /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));
    return isLarge ? JSON.stringify({ [LARGE_INTEGER_KEY]: token }) : token;
  });
}
