/*
 * How DuckDB marks, in a field's metadata, types that Arrow has not. Below a map it leaves the marks out.
 */

const NAME = 'ARROW:extension:name';
const METADATA = 'ARROW:extension:metadata';

const OPAQUE: Readonly<Record<string, string>> = {
  HUGEINT: 'hugeint',
  UHUGEINT: 'uhugeint',
  BIGNUM: 'bignum',
  BIT: 'bit',
  'TIME WITH TIME ZONE': 'time_tz',
};

/** The metadata of a field of a type in DuckDB's words; empty for a type that Arrow has. */
export function extensionMetadata(type: string): Map<string, string> {
  if (type === 'UUID') return marks('arrow.uuid', '');
  if (type === 'JSON') return marks('arrow.json', '');
  const opaque = OPAQUE[type];
  if (opaque === undefined) return new Map();
  return marks('arrow.opaque', JSON.stringify({ type_name: opaque, vendor_name: 'DuckDB' }));
}

function marks(name: string, metadata: string): Map<string, string> {
  return new Map([
    [NAME, name],
    [METADATA, metadata],
  ]);
}
