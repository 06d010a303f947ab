/**
 * The first letters of the words, in capitals: my_function('Ada Lovelace') is 'AL'. NULL when there are none.
 * @udf my_function(text VARCHAR) -> VARCHAR
 */
export function my_function(text) {
  const letters = text.match(/(?<![\p{L}\p{N}])\p{L}/gu);
  return letters === null ? null : letters.join('').toUpperCase();
}
