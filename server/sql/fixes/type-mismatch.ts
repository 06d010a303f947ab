/** The types that a call was given, and those of the functions that the engine has. */
export interface TypeMismatch {
  readonly given: readonly string[];
  /** As many types each, those first that are cast to most. */
  readonly wanted: readonly (readonly string[])[];
}

/** Types in the order in which they are offered. */
const PREFERRED = [
  'VARCHAR',
  'DOUBLE',
  'BIGINT',
  'INTEGER',
  'TIMESTAMP',
  'DATE',
  'INTERVAL',
  'TIMESTAMP WITH TIME ZONE',
  'TIME',
  'BOOLEAN',
];

/**
 * Reads the engine's message that no function takes the arguments: their types, and the functions of the name with as
 * many parameters.
 */
export function parseMismatch(message: string): TypeMismatch | undefined {
  const [, name = '', types = ''] =
    /^No function matches the given name and argument types '(.+?)\((.*)\)'\. You might/s.exec(message) ?? [];
  if (name === '') return undefined;
  const given = splitTypes(types);
  const candidates = message.split('\n').flatMap((line) => {
    const list = /^\t(.+?)\((.*)\) -> /.exec(line);
    return list?.[1] === name ? [splitTypes(list[2] ?? '')] : [];
  });
  const fitting = candidates.filter((wanted) => wanted.length === given.length && wanted.every(isCastable));
  const wanted = [...fitting].sort((a, b) => rank(a, given) - rank(b, given));
  return { given, wanted };
}

/** A type that can be written behind `::`. */
function isCastable(type: string): boolean {
  return PREFERRED.includes(type);
}

/** Fewer casts come first, then types that are used more. */
function rank(wanted: readonly string[], given: readonly string[]): number {
  const casts = wanted.filter(
    (type, index) => type !== given[index] && !/_LITERAL$/.test(given[index] ?? ''),
  );
  return casts.length * 100 + Math.max(0, ...wanted.map((type) => PREFERRED.indexOf(type)));
}

/** At commas outside of brackets. */
function splitTypes(list: string): string[] {
  return list === '' ? [] : list.split(/, (?![^(]*\))/);
}
