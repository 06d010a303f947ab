import { CompletionItemKind } from 'vscode-languageserver';
import { isMark } from '../tokens.ts';
import { calledName } from './brackets.ts';
import type { CompletionScope } from './completion-scope.ts';
import { type Cursor, wordAt } from './cursor.ts';
import { type Offer, RANK } from './offers.ts';

/** How many folders are looked into for one answer, beside the one that is named. */
const MOST_FOLDERS = 12;

const DATA_FILE =
  /\.((csv|tsv|txt|json|jsonl|ndjson|parquet|pq)(\.(gz|zst))?|arrow|arrows|feather|ipc|xlsx|avro|sqlite|sqlite3|db3|s3db|sl3)$/i;
const DATABASE_FILE = /\.(db|ddb|duckdb|sqlite|sqlite3|db3|s3db|sl3)$/i;

/** Files and folders inside a string that names one; nothing in other strings. */
export async function pathOffers(scope: CompletionScope): Promise<Offer[]> {
  const { cursor, knowledge } = scope;
  const wanted = wantedFiles(cursor);
  if (wanted === undefined) return [];
  const typed = typedPath(cursor);
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const names = await namesIn(folder, knowledge.files);
  const inside = await Promise.all(
    foldersOf(names).map((name) => namesIn(`${folder}${name}`, knowledge.files)),
  );
  const files = names.filter((name) => !name.endsWith('/'));
  const patterns =
    wanted === DATABASE_FILE ? [] : [...patternsOf(files, ''), ...patternsOf(inside.flat(), '**/')];
  return [
    ...names.map((name) => pathOffer(name, wanted)),
    ...patterns.map(
      (label): Offer => ({
        label,
        kind: CompletionItemKind.File,
        rank: RANK.keyword,
        detail: 'all of a kind',
      }),
    ),
  ];
}

/** Files beside the document that FROM can read, in quotes. */
export async function quotedFileOffers({ knowledge }: CompletionScope): Promise<Offer[]> {
  const names = await namesIn('', knowledge.files);
  const inside = await Promise.all(
    foldersOf(names).map(async (folder) =>
      (await namesIn(folder, knowledge.files)).map((name) => folder + name),
    ),
  );
  return [...names, ...inside.flat()]
    .filter((name) => DATA_FILE.test(name))
    .slice(0, 100)
    .map((name, order) => ({
      label: `'${name}'`,
      kind: CompletionItemKind.File,
      rank: RANK.keyword,
      order,
      insert: `'${name.replaceAll("'", "''")}'`,
      filter: name,
    }));
}

/** The same as the first argument of a function that reads files. */
export async function readFileOffers(scope: CompletionScope): Promise<Offer[]> {
  const called = calledName(scope.cursor)?.toLowerCase();
  if (called === undefined || !isReader(called) || !isMark(scope.cursor.before.at(-1), '(')) return [];
  const files = await quotedFileOffers(scope);
  return files
    .filter(({ filter = '' }) => readable(called).test(filter))
    .map((file) => ({ ...file, rank: RANK.fitting }));
}

/** How much of the string in front of the position is replaced: the path's last part. */
export function typedPart(cursor: Cursor): number {
  const text = cursor.typed?.text ?? '';
  const start = Math.max(text.lastIndexOf('/'), text.search(/'/)) + 1;
  return text.length - start;
}

/** Which files the string at the position names; undefined when it names none. */
function wantedFiles(cursor: Cursor): RegExp | undefined {
  const { before } = cursor;
  const last = before.length - 1;
  const word = wordAt(cursor, last);
  if (/^(FROM|JOIN|INTO|DESCRIBE|SUMMARIZE|PIVOT|UNPIVOT|TABLE|TO|LATERAL)$/.test(word)) return DATA_FILE;
  if (wordAt(cursor, 0) === 'ATTACH' || wordAt(cursor, 0) === 'IMPORT') return DATABASE_FILE;
  const list = isMark(before[last], ',') || isMark(before[last], '(') || isMark(before[last], '[');
  const called = calledOf(cursor);
  if (list && called !== undefined)
    return isReader(called) && isFirstArgument(cursor) ? readable(called) : undefined;
  // `from 'a.csv', '|`: a comma between relations.
  const isInFrom = cursor.open.length === 0 || !isMark(before[last], '(');
  return isMark(before[last], ',') && isInFrom && leadsToFrom(cursor) ? DATA_FILE : undefined;
}

/** `read_csv(['a.csv', '|` is inside of the function, too. */
function calledOf(cursor: Cursor): string | undefined {
  const bracket = cursor.open.at(-1) ?? -1;
  const isList = isMark(cursor.before[bracket], '[');
  return calledName(isList ? { ...cursor, open: cursor.open.slice(0, -1) } : cursor)?.toLowerCase();
}

function isReader(name: string): boolean {
  return /^(read_\w+|parquet_\w+|sqlite_scan|sniff_csv|glob)$/.test(name);
}

function readable(name: string): RegExp {
  if (/^(read_text|read_blob|glob)$/.test(name)) return /./;
  if (name.includes('parquet')) return /\.(parquet|pq)$/i;
  if (name.includes('sqlite')) return /\.(sqlite|sqlite3|db|db3|s3db|sl3)$/i;
  if (name === 'read_arrow') return /\.(arrow|arrows|feather|ipc)$/i;
  if (name === 'read_xlsx' || name === 'read_avro') return name === 'read_xlsx' ? /\.xlsx$/i : /\.avro$/i;
  return name.includes('json') ? /\.(json|jsonl|ndjson)(\.(gz|zst))?$/i : /\.(csv|tsv|txt)(\.(gz|zst))?$/i;
}

function isFirstArgument(cursor: Cursor): boolean {
  const bracket = cursor.open.at(-1) ?? 0;
  const isList = isMark(cursor.before[bracket], '[');
  const first = isList ? bracket - 1 : cursor.before.length - 1;
  return isMark(cursor.before[first], '(');
}

function leadsToFrom(cursor: Cursor): boolean {
  for (let at = cursor.before.length - 1; at >= 0; at--) {
    const word = wordAt(cursor, at);
    if (word === 'FROM' || word === 'JOIN') return true;
    if (/^(SELECT|WHERE|BY|VALUES|SET|HAVING|QUALIFY|IN)$/.test(word)) return false;
  }
  return false;
}

function typedPath({ typed }: Cursor): string {
  return (typed?.text ?? '').replace(/^[eE]?'/, '').replaceAll("''", "'");
}

/** The names in a folder; where its path has patterns, of the folders that match. */
async function namesIn(
  folder: string,
  list: (folder: string) => Promise<readonly string[]>,
): Promise<string[]> {
  const [first, ...rest] = folder.split(/(?<=\/)/);
  const at = [first ?? '', ...rest].findIndex((part) => part.includes('*'));
  if (at < 0) return (await list(folder)).filter((name) => !name.startsWith('.'));
  const parts = [first ?? '', ...rest];
  const base = parts.slice(0, at).join('');
  const behind = parts.slice(at + 1).join('');
  const folders = foldersOf(await namesIn(base, list));
  const here = parts[at] === '**/' ? await namesIn(base + behind, list) : [];
  const found = await Promise.all(folders.map((name) => namesIn(base + name + behind, list)));
  return [...new Set([...here, ...found.flat()])];
}

function foldersOf(names: readonly string[]): string[] {
  return names
    .filter((name) => name.endsWith('/') && !/^(\.|node_modules\/|dist\/|out\/)/.test(name))
    .slice(0, MOST_FOLDERS);
}

/** `*.csv` where several files have that ending. @param prefix where below they lie; one is then enough */
function patternsOf(names: readonly string[], prefix: string): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const ending = DATA_FILE.exec(name)?.[0];
    if (ending !== undefined) counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > (prefix === '' ? 1 : 0))
    .map(([ending]) => `${prefix}*${ending}`);
}

function pathOffer(name: string, wanted: RegExp): Offer {
  const isFolder = name.endsWith('/');
  const rank = isFolder
    ? RANK.relation
    : wanted.test(name)
      ? RANK.column
      : DATA_FILE.test(name)
        ? RANK.function
        : RANK.last;
  return {
    label: name,
    kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
    rank,
    insert: name.replaceAll("'", "''"),
  };
}
