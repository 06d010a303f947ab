import type { LogicRecord } from '../../protocol/logictest/records.ts';

/** What `require` may ask for that this engine has, beside extensions: what is native, or a matter of how DuckDB was built. */
const PRESENT: ReadonlySet<string> = new Set([
  'allow_unsigned_extensions',
  'core_functions',
  'duckdb',
  'longdouble',
  'no_alternative_verify',
  'no_block_verification',
  'no_extension_autoloading',
  'no_latest_storage',
  'no_vector_verification',
  'noforcestorage',
  'notmingw',
  'notmusl',
  'nothreadsan',
  'notwindows',
  'skip_reload',
  'strinline',
]);

/** Rows that the engine takes at a time. */
const VECTOR_SIZE = 2048;

/** Size of a block in a database file, bytes. */
const BLOCK_SIZE = 262_144;

/** What it does not have, and why. */
const MISSING: Readonly<Record<string, string>> = {
  '64bit': 'The engine is WebAssembly with addresses of 32 bits.',
  mingw: 'The engine is WebAssembly, not Windows.',
  windows: 'The engine is WebAssembly, not Windows.',
  disk_space: 'How much room the disk has is not known to the engine.',
};

/** The engine's addresses reach so far, MiB. */
const MEMORY_MB = 3200;

/**
 * Why something that a file requires is not there.
 *
 * @param words what stands behind `require`
 * @param extensions names that the engine has loaded
 * @returns a sentence; undefined when it is there
 */
export function missingRequirement(
  words: readonly string[],
  extensions: ReadonlySet<string>,
): string | undefined {
  const [name = '', value = ''] = words.map((word) => word.toLowerCase());
  if (PRESENT.has(name) || extensions.has(name)) return undefined;
  if (name in MISSING) return MISSING[name];
  switch (name) {
    case 'vector_size':
      return Number(value) <= VECTOR_SIZE ? undefined : `The engine takes ${VECTOR_SIZE} rows at a time.`;
    case 'exact_vector_size':
      return Number(value) === VECTOR_SIZE ? undefined : `The engine takes ${VECTOR_SIZE} rows at a time.`;
    case 'block_size':
      return Number(value) === BLOCK_SIZE ? undefined : `The engine's blocks have ${BLOCK_SIZE} bytes.`;
    case 'ram':
      return megabytes(value) <= MEMORY_MB ? undefined : `The engine can use ${MEMORY_MB} MiB of memory.`;
    default:
      return `The extension ${name} is not part of Quern.`;
  }
}

/** Extensions that are part of Quern, and in DuckDB's runner are not there before a file requires them. */
const LOADABLE = ['parquet', 'json', 'icu'];

/**
 * Extensions that a file requires below statements, which are then to see an engine without them.
 *
 * @param records of the whole file
 */
export function requiredLate(records: readonly LogicRecord[]): readonly string[] {
  const late: string[] = [];
  let hasStatement = false;
  for (const record of records) {
    if (record.type !== 'command') hasStatement = true;
    else if (record.name === 'require' && hasStatement) late.push(record.words[0]?.toLowerCase() ?? '');
  }
  return LOADABLE.filter((name) => late.includes(name));
}

function megabytes(text: string): number {
  const [, amount = '0', unit = ''] = /^([\d.]+)\s*([kmgt]?)/.exec(text) ?? [];
  const factors: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024 };
  return Number(amount) * (factors[unit] ?? 1 / (1024 * 1024));
}
