/**
 * The text in capitals, with an exclamation mark: my_function('hey') is 'HEY!'.
 * @udf
 */
export function my_function(text: string): string {
  return text.toUpperCase() + '!';
}
