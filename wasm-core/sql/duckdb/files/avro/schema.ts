import type { SqlField, SqlType } from '../../../../protocol/sql-types.ts';

/*
 * Avro's schemas, https://avro.apache.org/docs/1.12.0/specification/, read from the JSON in a file. Written here rather
 * than taken from avsc, which makes code of the names in a schema, gives numbers beyond 2^53 up, and believes counts.
 */

/** A schema that cannot be read. */
export class AvroSchemaError extends Error {}

/** How values are encoded, and the type of SQL that they become. */
export type AvroType = { readonly sql: SqlType } & (
  | { readonly kind: 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string' }
  | { readonly kind: 'fixed'; readonly size: number }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'array' | 'map'; readonly items: AvroType }
  | { readonly kind: 'record'; readonly fields: readonly AvroField[] }
  | { readonly kind: 'union'; readonly branches: readonly AvroType[] }
) & { readonly logical?: AvroLogical };

export type AvroLogical =
  | 'date'
  | 'time-millis'
  | 'time-micros'
  | 'timestamp-millis'
  | 'timestamp-micros'
  | 'timestamp-nanos'
  | 'local-timestamp-millis'
  | 'local-timestamp-micros'
  | 'local-timestamp-nanos'
  | 'decimal'
  | 'uuid'
  | 'duration';

export interface AvroField {
  readonly name: string;
  readonly type: AvroType;
}

const MAX_DEPTH = 16;
const MAX_FIELDS = 100_000;

/** @param json as it was parsed @throws AvroSchemaError */
export function readSchema(json: unknown): AvroType {
  return new SchemaReader().type(json, { namespace: '', depth: 0 });
}

interface At {
  readonly namespace: string;
  readonly depth: number;
}

type Json = Readonly<Record<string, unknown>>;

class SchemaReader {
  /** Types by their full names; undefined while they are read. */
  readonly #named = new Map<string, AvroType | undefined>();
  #fields = 0;

  type(json: unknown, at: At): AvroType {
    if (at.depth > MAX_DEPTH) throw new AvroSchemaError(`its types nest deeper than ${MAX_DEPTH}`);
    if (Array.isArray(json)) return this.#union(json, at);
    if (typeof json === 'string') return PRIMITIVES[json] ?? this.#reference(json, at);
    if (typeof json !== 'object' || json === null) throw new AvroSchemaError('its schema is not whole');
    const object = json as Json;
    const { type } = object;
    const deeper = { ...at, depth: at.depth + 1 };
    switch (type) {
      case 'record':
      case 'error':
        return this.#record(object, deeper);
      case 'enum':
        return this.#define(object, at, () => ({
          kind: 'enum',
          symbols: texts(object.symbols),
          sql: simple('VARCHAR'),
        }));
      case 'fixed':
        return this.#define(object, at, () =>
          withLogical({ kind: 'fixed', size: sizeOf(object), sql: simple('BLOB') }, object),
        );
      case 'array': {
        const items = this.type(object.items, deeper);
        return { kind: 'array', items, sql: { kind: 'list', element: items.sql } };
      }
      case 'map': {
        const items = this.type(object.values, deeper);
        return { kind: 'map', items, sql: { kind: 'map', key: simple('VARCHAR'), value: items.sql } };
      }
      default:
        return withLogical(this.type(type, deeper), object);
    }
  }

  #record(object: Json, at: At): AvroType {
    const { name, namespace } = fullName(object, at);
    return this.#define(object, at, () => {
      if (!Array.isArray(object.fields)) throw new AvroSchemaError(`its record '${name}' has no fields`);
      if (object.fields.length === 0) throw new AvroSchemaError(`its record '${name}' has no fields`);
      this.#fields += object.fields.length;
      if (this.#fields > MAX_FIELDS) throw new AvroSchemaError(`it has more than ${MAX_FIELDS} fields`);
      const fields = object.fields.map((field: unknown) => {
        const member = (field ?? {}) as Json;
        return { name: String(member.name ?? ''), type: this.type(member.type, { ...at, namespace }) };
      });
      const parts: SqlField[] = fields.map(({ name: part, type }) => ({ name: part, type: type.sql }));
      return { kind: 'record', fields, sql: { kind: 'struct', fields: parts } };
    });
  }

  #define(object: Json, at: At, make: () => AvroType): AvroType {
    const { name } = fullName(object, at);
    this.#named.set(name, undefined);
    const type = make();
    this.#named.set(name, type);
    return type;
  }

  #reference(name: string, { namespace }: At): AvroType {
    for (const full of [name, `${namespace}.${name}`]) {
      if (!this.#named.has(full)) continue;
      const type = this.#named.get(full);
      if (type === undefined)
        throw new AvroSchemaError(`its type '${name}' contains itself, which SQL has no type for`);
      return type;
    }
    throw new AvroSchemaError(`it has no type '${name}'`);
  }

  #union(json: readonly unknown[], at: At): AvroType {
    const branches = json.map((branch) => this.type(branch, { ...at, depth: at.depth + 1 }));
    const others = branches.filter(({ kind }) => kind !== 'null');
    return { kind: 'union', branches, sql: unionType(others.map(({ sql }) => sql)) };
  }
}

/** The one type that values of several have. @throws AvroSchemaError when there is none */
function unionType(types: readonly SqlType[]): SqlType {
  const [first = simple('VARCHAR'), ...others] = types;
  const same = JSON.stringify(first);
  if (others.every((type) => JSON.stringify(type) === same)) return first;
  const names = types.map((type) => (type.kind === 'simple' ? type.name : type.kind));
  if (names.every((name) => name === 'INTEGER' || name === 'BIGINT')) return simple('BIGINT');
  if (names.every((name) => ['INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE'].includes(name))) return simple('DOUBLE');
  throw new AvroSchemaError(`it has values that are one of ${names.join(', ')}, which have no common type`);
}

function simple(name: Extract<SqlType, { kind: 'simple' }>['name']): SqlType {
  return { kind: 'simple', name };
}

const PRIMITIVES: Readonly<Record<string, AvroType>> = {
  null: { kind: 'null', sql: simple('VARCHAR') },
  boolean: { kind: 'boolean', sql: simple('BOOLEAN') },
  int: { kind: 'int', sql: simple('INTEGER') },
  long: { kind: 'long', sql: simple('BIGINT') },
  float: { kind: 'float', sql: simple('FLOAT') },
  double: { kind: 'double', sql: simple('DOUBLE') },
  bytes: { kind: 'bytes', sql: simple('BLOB') },
  string: { kind: 'string', sql: simple('VARCHAR') },
};

/** Which logical types an encoding may have, and what they become. Others are what they are without. */
const LOGICAL: Readonly<Record<string, readonly [AvroType['kind'], SqlType]>> = {
  date: ['int', simple('DATE')],
  'time-millis': ['int', simple('TIME')],
  'time-micros': ['long', simple('TIME')],
  'timestamp-millis': ['long', simple('TIMESTAMP WITH TIME ZONE')],
  'timestamp-micros': ['long', simple('TIMESTAMP WITH TIME ZONE')],
  'timestamp-nanos': ['long', simple('TIMESTAMP_NS')],
  'local-timestamp-millis': ['long', simple('TIMESTAMP')],
  'local-timestamp-micros': ['long', simple('TIMESTAMP')],
  'local-timestamp-nanos': ['long', simple('TIMESTAMP_NS')],
};

function withLogical(type: AvroType, { logicalType, precision, scale }: Json): AvroType {
  const known = LOGICAL[String(logicalType)];
  if (known !== undefined && known[0] === type.kind) {
    return { ...type, sql: known[1], logical: logicalType as AvroLogical };
  }
  if (logicalType === 'decimal' && (type.kind === 'bytes' || type.kind === 'fixed')) {
    const [width, digits] = [Number(precision), Number(scale ?? 0)];
    const fits = Number.isInteger(width) && width >= 1 && width <= 38 && digits >= 0 && digits <= width;
    return fits ? { ...type, sql: { kind: 'decimal', width, scale: digits }, logical: 'decimal' } : type;
  }
  if (logicalType === 'uuid' && (type.kind === 'string' || (type.kind === 'fixed' && type.size === 16))) {
    return { ...type, sql: simple('UUID'), logical: 'uuid' };
  }
  if (logicalType === 'duration' && type.kind === 'fixed' && type.size === 12) {
    return { ...type, sql: simple('INTERVAL'), logical: 'duration' };
  }
  return type;
}

function fullName(object: Json, at: At): { readonly name: string; readonly namespace: string } {
  const name = String(object.name ?? '');
  const dot = name.lastIndexOf('.');
  if (dot > 0) return { name, namespace: name.slice(0, dot) };
  const namespace = String(object.namespace ?? at.namespace);
  return { name: namespace === '' ? name : `${namespace}.${name}`, namespace };
}

function texts(json: unknown): string[] {
  if (!Array.isArray(json)) throw new AvroSchemaError('an enum of it has no symbols');
  return json.map(String);
}

function sizeOf({ size, name }: Json): number {
  const bytes = Number(size);
  if (Number.isInteger(bytes) && bytes >= 0 && bytes <= 2 ** 20) return bytes;
  throw new AvroSchemaError(`its type '${String(name)}' has ${String(size)} bytes`);
}
