/** A pattern of keys of a bucket: `*` stands for any characters of a name, and `**` for any number of folders. */
export interface ObjectPattern {
  /** What all keys that match begin with. */
  readonly prefix: string;
  /** Whether all keys that match are in the folder of the prefix itself. */
  readonly isFlat: boolean;
  matches(key: string): boolean;
}

/** @param key the key of an address, with at least one `*` */
export function objectPattern(key: string): ObjectPattern {
  const prefix = key.slice(0, key.indexOf('*'));
  const names = key.split('/');
  const expression = names
    .map((name, index) => {
      const isLast = index === names.length - 1;
      if (name === '**') return isLast ? '.+' : '(?:[^/]+/)*';
      const text = name.split(/\*+/).map(escaped).join('[^/]*');
      return isLast ? text : `${text}/`;
    })
    .join('');
  const whole = new RegExp(`^${expression}$`, 's');
  // What ends with a slash stands for a folder, and has no rows.
  const matches = (found: string) => !found.endsWith('/') && whole.test(found);
  const isFlat = names.at(-1) !== '**' && !key.slice(prefix.length).includes('/');
  return { prefix, isFlat, matches };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
