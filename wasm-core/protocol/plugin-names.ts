/**
 * What modules are called that patterns of a `quern.json` name: by their file, and where two files have one name by
 * their path.
 *
 * @param names paths in the folder of the `quern.json`, without endings, with `/`
 * @returns one name for each, in their order
 */
export function shortNames(names: readonly string[]): string[] {
  const short = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
  const counts = new Map<string, number>();
  for (const name of names) counts.set(short(name), (counts.get(short(name)) ?? 0) + 1);
  return names.map((name) => (counts.get(short(name)) === 1 ? short(name) : name));
}
