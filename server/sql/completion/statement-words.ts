import { isMark } from '../tokens.ts';
import { type Cursor, insideStart, wordAt } from './cursor.ts';

/* Keywords of statements that are no queries: what follows their verbs, column definitions, and options. */

/** Behind the first words of statements that are no queries. */
export function statementWords(cursor: Cursor): readonly string[] {
  const words = cursor.before.map((token) => token.text.toLowerCase()).join(' ');
  const last = cursor.before.at(-1)?.text.toUpperCase() ?? '';
  const fixed = AFTER_WORDS[words];
  if (fixed !== undefined) return [...fixed];
  if (/^(create|prepare)\b/.test(words) && last === 'AS')
    return ['select', 'from', 'with', 'values', 'pivot', 'table', 'enum ('];
  if (words.startsWith('create')) return ['as', 'if not exists'];
  if (words.startsWith('copy'))
    return last === 'TO' || last === 'FROM'
      ? []
      : /to\b/.test(words)
        ? ['(format parquet)', '(']
        : ['to', 'from'];
  if (words.startsWith('alter')) return ALTER_WORDS;
  if (words.startsWith('drop')) return ['cascade', 'restrict'];
  if (words.startsWith('attach')) return ['as', '(type', '(read_only)'];
  return [];
}

/** In the column list of CREATE TABLE. */
export function definitionWords(isStart: boolean): string[] {
  return isStart
    ? ['primary key (', 'unique (', 'foreign key (', 'check (']
    : [
        'not null',
        'primary key',
        'default',
        'unique',
        'check (',
        'references',
        'collate',
        'generated always as (',
      ];
}

/** In the options of COPY, ATTACH and EXPORT. */
export function optionWords(cursor: Cursor): readonly string[] {
  const last = cursor.before.at(-1);
  const word = wordAt(cursor, cursor.before.length - 1);
  const isStart = cursor.before.length === insideStart(cursor) || isMark(last, ',');
  if (!isStart) return OPTION_VALUES[word] ?? [];
  return wordAt(cursor, 0) === 'ATTACH' ? ['type', 'read_only', 'read_write', 'block_size'] : COPY_OPTIONS;
}

const AFTER_WORDS: Readonly<Record<string, readonly string[]>> = {
  create: [
    'table',
    'view',
    'macro',
    'or replace',
    'or replace table',
    'or replace view',
    'or replace macro',
    'temp table',
    'temp view',
    'schema',
    'type',
    'index',
    'sequence',
    'secret',
    'function',
    'unique index',
  ],
  'create or': ['replace'],
  'create or replace': ['table', 'view', 'macro', 'temp table', 'temp view', 'function', 'type', 'secret'],
  'create temp': ['table', 'view', 'macro'],
  'create table': ['if not exists'],
  'create schema': ['if not exists'],
  'create view': ['if not exists'],
  drop: [
    'table',
    'view',
    'macro',
    'macro table',
    'schema',
    'type',
    'index',
    'sequence',
    'function',
    'table if exists',
    'view if exists',
  ],
  alter: ['table', 'view', 'sequence'],
  insert: ['into', 'or replace into', 'or ignore into'],
  'insert or': ['replace into', 'ignore into'],
  delete: ['from'],
  merge: ['into'],
  explain: ['analyze', 'select'],
  export: ['database'],
  import: ['database'],
  attach: ['if not exists', 'or replace', 'database'],
  detach: ['database', 'if exists'],
  begin: ['transaction'],
  comment: ['on table', 'on column', 'on view'],
};

const ALTER_WORDS = [
  'add column',
  'drop column',
  'rename to',
  'rename column',
  'alter column',
  'set data type',
  'set default',
  'drop default',
  'set not null',
  'drop not null',
  'add primary key (',
  'type',
  'to',
  'if exists',
];

const COPY_OPTIONS = [
  'format',
  'header',
  'delimiter',
  'quote',
  'escape',
  'nullstr',
  'compression',
  'partition_by',
  'overwrite_or_ignore',
  'row_group_size',
  'per_thread_output',
  'file_size_bytes',
  'filename_pattern',
  'dateformat',
  'timestampformat',
  'force_quote',
  'array',
  'append',
  'use_tmp_file',
  'write_partition_columns',
  'return_files',
  'columns',
  'auto_detect',
];

const OPTION_VALUES: Readonly<Record<string, readonly string[]>> = {
  FORMAT: ['parquet', 'csv', 'json'],
  HEADER: ['true', 'false'],
  COMPRESSION: ['zstd', 'snappy', 'gzip', 'uncompressed'],
  ARRAY: ['true', 'false'],
  TYPE: ['duckdb'],
};
