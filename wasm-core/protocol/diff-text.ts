import type { DiffResult } from './diff.ts';

/** What a comparison found, in few words: `equal`, or `1 added, 2 changed`. */
export function diffOutcome({ equal, counts }: DiffResult): string {
  if (equal) return 'equal';
  const { added, removed, changed, duplicate } = counts;
  const parts = Object.entries({ added, removed, changed, duplicate }).flatMap(([word, count]) =>
    count > 0 ? [`${count.toLocaleString('en')} ${word}`] : [],
  );
  return parts.join(', ') || 'the same rows in the columns of both';
}

/**
 * What is to be said beside the rows that differ, a sentence each.
 *
 * @param options.names how people call the two sides
 */
export function diffNotes(
  diff: DiffResult,
  { key, names }: { readonly key: readonly string[]; readonly names: readonly [string, string] },
): string[] {
  const [before, after] = names;
  const { duplicate, nullKeys } = diff.counts;
  const values = `${duplicate.toLocaleString('en')} ${duplicate === 1 ? 'value' : 'values'}`;
  const rows = `${nullKeys.toLocaleString('en')} differing ${nullKeys === 1 ? 'row has' : 'rows have'}`;
  return [
    ...diff.removedColumns.map((name) => `column ${name} is in ${before} alone`),
    ...diff.addedColumns.map((name) => `column ${name} is in ${after} alone`),
    ...diff.types.map((type) => `column ${type.name} is ${type.before} before and ${type.after} after`),
    ...(duplicate > 0
      ? [
          `${values} of the key ${key.join(', ')} with several rows, which cannot be told apart; add a column to the key`,
        ]
      : []),
    ...(nullKeys > 0 ? [`${rows} NULL in the key`] : []),
  ];
}
