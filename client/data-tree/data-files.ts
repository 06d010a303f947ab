/*
 * Which files of a workspace hold data that SQL can read by a file's name alone.
 */

/** Endings, without the dot, that the engine reads by themselves. */
export const DATA_ENDINGS = [
  'csv',
  'tsv',
  'json',
  'jsonl',
  'ndjson',
  'parquet',
  'arrow',
  'arrows',
  'feather',
  'ipc',
  'xlsx',
] as const;

/** Of databases, which a statement reads below `-- @db`. */
export const DATABASE_ENDINGS = ['duckdb', 'db', 'sqlite', 'sqlite3', 'db3'] as const;

/** Formats of text that may be compressed. */
const PACKED = '(csv|tsv|json|jsonl|ndjson)\\.(gz|zst)';

/** Finds data files and databases in a workspace. */
export const DATA_PATTERN = `**/*.{${[...DATA_ENDINGS, ...DATABASE_ENDINGS].join()},gz,zst}`;

/** Folders whose files are no data of one's own. */
export const PASSED_OVER = '**/{node_modules,.git,.venv,venv,target,dist}/**';

const DATA_FILE = new RegExp(`\\.(${DATA_ENDINGS.join('|')}|${PACKED})$`, 'i');
const DATABASE_FILE = new RegExp(`\\.(${DATABASE_ENDINGS.join('|')})$`, 'i');

/** JSON that programs keep for themselves. */
const OTHER_JSON =
  /(?:^|\/)(?:package|package-lock|composer|deno|biome|jsconfig[^/]*|tsconfig[^/]*|quern|quern\.lock|[^/]+\.(?:chain|search|quern|schema|snippets|tmLanguage|language-configuration))\.json$/i;

/** Whether SQL can read a file by its name. @param path with `/`, from its workspace folder */
export function isDataFile(path: string): boolean {
  if (!DATA_FILE.test(path) || OTHER_JSON.test(path)) return false;
  // Settings of editors and tools: `.vscode/launch.json`.
  return !/\.json$/i.test(path) || !/(?:^|\/)\.[^/]+/.test(path);
}

/** Whether a file is a database that can be attached. @param path with `/` */
export function isDatabaseFile(path: string): boolean {
  return DATABASE_FILE.test(path);
}
