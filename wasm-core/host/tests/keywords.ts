import { randomUUID } from 'node:crypto';
import path from 'node:path';

/** What texts in a file of tests may name. */
export interface Keywords {
  /** Puts values in place of `{NAME}`, `${NAME}` and `__TEST_DIR__`. */
  replace(text: string): string;
  /** A further name; the last value counts. */
  set(name: string, value: string): void;
  get(name: string): string | undefined;
}

/**
 * The names that DuckDB's runner knows, and those that the caller gives.
 *
 * @param options.folder absolute: where relative paths start
 * @param options.testFolder absolute: a folder of the run's own, which is deleted behind it
 */
export function createKeywords(options: {
  readonly file: string;
  readonly folder: string;
  readonly testFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}): Keywords {
  const { file, folder, testFolder, environment } = options;
  const name = path.relative(folder, file).split(path.sep).join('/');
  const values = new Map<string, string>([
    ['TEST_DIR', testFolder],
    ['TEMP_DIR', testFolder],
    ['WORKING_DIR', folder],
    ['DATA_DIR', 'data'],
    ['TEST_NAME', name],
    ['TEST_NAME__NO_SLASH', name.replaceAll('/', '_')],
    ['BASE_TEST_NAME', path.parse(file).name],
    ['UUID', randomUUID()],
    ...Object.entries(environment),
  ]);
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    replace: (text) =>
      text
        .replaceAll('__TEST_DIR__', testFolder)
        .replaceAll('__WORKING_DIRECTORY__', folder)
        .replace(/\$?\{(\w+)\}/g, (whole, key: string) => values.get(key) ?? whole),
  };
}
