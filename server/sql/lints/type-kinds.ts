/** What types have in common for whoever writes a value of them. */
export type Kind =
  | 'text'
  | 'number'
  | 'boolean'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamp with time zone'
  | 'interval'
  | 'uuid'
  | 'blob'
  | 'list'
  | 'record'
  | 'other';

/** The kind of a type by DuckDB's name. */
export function kindOf(type: string): Kind {
  if (/\[\d*\]$/.test(type)) return 'list';
  if (/^(STRUCT|MAP)\(/.test(type)) return 'record';
  if (/^DECIMAL\b/.test(type)) return 'number';
  return KINDS[type] ?? 'other';
}

const KINDS: Readonly<Record<string, Kind>> = {
  VARCHAR: 'text',
  BOOLEAN: 'boolean',
  TINYINT: 'number',
  SMALLINT: 'number',
  INTEGER: 'number',
  BIGINT: 'number',
  HUGEINT: 'number',
  UTINYINT: 'number',
  USMALLINT: 'number',
  UINTEGER: 'number',
  UBIGINT: 'number',
  UHUGEINT: 'number',
  FLOAT: 'number',
  DOUBLE: 'number',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp with time zone',
  INTERVAL: 'interval',
  UUID: 'uuid',
  BLOB: 'blob',
};
