import { CoreError } from '../protocol/errors.ts';
import {
  CAPABILITIES,
  type Capability,
  DOCUMENT_TYPE,
  FUNCTION_KINDS,
  type PluginFunction,
  type PluginManifest,
  type PluginParameter,
  type PluginType,
} from '../protocol/plugins.ts';
import {
  parseSqlType,
  parseTableType,
  SIMPLE_TYPES,
  sqlTypeText,
  tableTypeText,
} from '../protocol/sql-types.ts';
import { withCustomSection } from './custom-section.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import type { WasmModule } from './wasm-module.ts';

/** Name of the custom section that holds a manifest. */
export const MANIFEST_SECTION = 'quern';

/** The longest manifest, in bytes. */
export const MAX_MANIFEST_BYTES = 1024 * 1024;

/**
 * Checks the text of a manifest and fills in its defaults. Members that version 1 does not know are ignored, so that
 * a later version's additions do not make a module useless here.
 *
 * @param text JSON
 * @param options.source where it is from, for messages: a path, or "the custom section quern"
 * @throws CoreError FORMAT_MANIFEST that names the JSON path and what to write; details `{source, path}`
 */
export function parseManifest(text: string, options: { readonly source: string }): PluginManifest {
  const { source } = options;
  if (text.length > MAX_MANIFEST_BYTES) {
    throw manifestError({ source, path: '$' }, `is longer than ${MAX_MANIFEST_BYTES} characters; shorten it`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CoreError('FORMAT_MANIFEST', `The manifest in ${source} is not JSON: ${reason}.`, { source });
  }
  const root = asObject(value, { source, path: '$' });
  if (root.abi !== 1) {
    throw manifestError({ source, path: '$.abi' }, `is ${shown(root.abi)}; write 1`);
  }
  const functions = asArray(root.functions ?? [], { source, path: '$.functions' }).map((entry, index) =>
    parseFunction(entry, { source, path: `$.functions[${index}]` }),
  );
  checkDistinct(functions, source);
  const capabilities = asArray(root.capabilities ?? [], { source, path: '$.capabilities' }).map(
    (entry, index) => asCapability(entry, { source, path: `$.capabilities[${index}]` }),
  );
  return { abi: 1, functions, capabilities, doc: asDoc(root.doc, { source, path: '$.doc' }) };
}

/**
 * The manifest that a module carries in its custom section `quern`; undefined when it has none.
 *
 * @throws CoreError FORMAT_MANIFEST, also when there are two sections or the text is not UTF-8
 */
export function readManifest(
  module: Pick<WasmModule, 'bytes' | 'customSections'>,
): PluginManifest | undefined {
  const [section, second] = module.customSections.filter((s) => s.name === MANIFEST_SECTION);
  if (section === undefined) return undefined;
  const source = `the custom section ${MANIFEST_SECTION}`;
  if (second !== undefined) {
    throw new CoreError('FORMAT_MANIFEST', `The module has ${source} twice; keep one.`, { source });
  }
  const text = decodeUtf8(module.bytes.subarray(section.start, section.end));
  if (text === undefined) {
    throw new CoreError('FORMAT_MANIFEST', `The manifest in ${source} is not UTF-8.`, { source });
  }
  return parseManifest(text, { source });
}

/**
 * Puts a manifest into a module as its last section, in the place of any that it had.
 *
 * @returns a new file; `bytes` stays as it is
 * @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED
 */
export function writeManifest(bytes: Uint8Array, manifest: PluginManifest): Uint8Array {
  const content = encodeUtf8(JSON.stringify(manifest));
  return withCustomSection(bytes, { name: MANIFEST_SECTION, content });
}

/** A place in a manifest: the JSON path, `$` for the whole. */
interface Place {
  readonly source: string;
  readonly path: string;
}

function parseFunction(value: unknown, place: Place): PluginFunction {
  const entry = asObject(value, place);
  const at = (member: string): Place => ({ ...place, path: `${place.path}.${member}` });
  const name = asName(entry.name, at('name'));
  const { deterministic = true } = entry;
  if (typeof deterministic !== 'boolean') {
    throw manifestError(at('deterministic'), `is ${shown(deterministic)}; write true or false`);
  }
  const exported = entry.export ?? name;
  if (typeof exported !== 'string') {
    throw manifestError(at('export'), `is ${shown(exported)}; write the name of an export, or leave it out`);
  }
  const given = asArray(entry.parameters ?? [], at('parameters'));
  const parameters = given.map((parameter, index) =>
    parseParameter(parameter, {
      place: at(`parameters[${index}]`),
      isLast: index === given.length - 1,
    }),
  );
  const columns = typeof entry.returns === 'string' ? parseTableType(entry.returns) : undefined;
  const kind = asWord(entry.kind ?? (columns ? 'table' : 'scalar'), FUNCTION_KINDS, at('kind'));
  if ((kind === 'table') !== (columns !== undefined)) {
    throw manifestError(
      at('returns'),
      `is ${shown(entry.returns)}; a table function, and no other, returns TABLE(name TYPE, …)`,
    );
  }
  const rowsOnly = parameters.findIndex((p) => p.variadic === true || p.type === DOCUMENT_TYPE);
  if (kind !== 'scalar' && rowsOnly >= 0) {
    const what = parameters[rowsOnly]?.variadic ? 'is variadic' : 'is a DOCUMENT';
    throw manifestError(at(`parameters[${rowsOnly}]`), `${what}; only a scalar function may take that`);
  }
  const nulls = asWord(entry.nulls ?? 'skip', ['skip', 'pass'] as const, at('nulls'));
  const onError = asWord(entry.onError ?? 'fail', ['fail', 'null'] as const, at('onError'));
  if (onError === 'null' && kind !== 'scalar') {
    throw manifestError(at('onError'), 'is "null"; only a scalar function has one result for each call');
  }
  return {
    name,
    export: exported,
    ...(kind !== 'scalar' && { kind }),
    parameters,
    returns: columns ? tableTypeText(columns) : asType(entry.returns, at('returns')),
    deterministic,
    ...(nulls === 'pass' && { nulls }),
    ...(onError === 'null' && { onError }),
    doc: asDoc(entry.doc, at('doc')),
  };
}

function parseParameter(
  value: unknown,
  at: { readonly place: Place; readonly isLast: boolean },
): PluginParameter {
  const { place } = at;
  const member = (name: string): Place => ({ ...place, path: `${place.path}.${name}` });
  const entry = asObject(value, place);
  if (typeof entry.name !== 'string' || !PARAMETER_NAME.test(entry.name)) {
    throw manifestError(
      member('name'),
      `is ${shown(entry.name)}; write a name of 1 to 63 letters, digits and _`,
    );
  }
  const { name, variadic = false } = entry;
  if (typeof variadic !== 'boolean' || (variadic && !at.isLast)) {
    throw manifestError(member('variadic'), `is ${shown(variadic)}; the last parameter alone may say true`);
  }
  if (entry.type === DOCUMENT_TYPE && !variadic) {
    const idField = asFieldName(entry.idField, member('idField'));
    const scoreField = asFieldName(entry.scoreField, member('scoreField'));
    return { name, type: DOCUMENT_TYPE, ...(idField && { idField }), ...(scoreField && { scoreField }) };
  }
  const type = asType(entry.type, member('type'));
  return variadic ? { name, type, variadic } : { name, type };
}

function asFieldName(value: unknown, place: Place): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw manifestError(place, `is ${shown(value)}; write the name of a field, or leave it out`);
}

function asWord<T extends string>(value: unknown, words: readonly T[], place: Place): T {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw manifestError(place, `is ${shown(value)}; write ${words.join(' or ')}`);
}

const FUNCTION_NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const PARAMETER_NAME = /^[\p{L}_$][\p{L}\p{N}_$]{0,62}$/u;

/** Functions of one name are told apart by their parameters, and are of one kind. */
function checkDistinct(functions: readonly PluginFunction[], source: string): void {
  const seen = new Map<string, PluginFunction>();
  for (const [index, fn] of functions.entries()) {
    const place = { source, path: `$.functions[${index}]` };
    const types = fn.parameters.map((p) => (p.variadic ? `${p.type}...` : p.type)).join(', ');
    const key = `${fn.name}(${types})`;
    if (seen.has(key))
      throw manifestError(place, `is ${key} again; give it other parameters, or another name`);
    const other = seen.get(fn.name);
    if (other !== undefined && other.kind !== fn.kind) {
      throw manifestError(place, `is of another kind than the other ${fn.name}; give it another name`);
    }
    seen.set(key, fn);
    seen.set(fn.name, fn);
  }
}

function asName(value: unknown, place: Place): string {
  if (typeof value === 'string' && FUNCTION_NAME.test(value)) return value;
  throw manifestError(place, `is ${shown(value)}; write a lower-case identifier of at most 63 characters`);
}

function asType(value: unknown, place: Place): PluginType {
  const type = typeof value === 'string' ? parseSqlType(value) : undefined;
  if (type !== undefined) return sqlTypeText(type);
  const alias = typeof value === 'string' ? ALIASES[value.toUpperCase()] : undefined;
  const all = `one of ${SIMPLE_TYPES.join(', ')}, DECIMAL(width,scale), a list such as INTEGER[], an array such as FLOAT[3], STRUCT(name TYPE, …) or MAP(KEY, VALUE)`;
  throw manifestError(place, `is ${shown(value)}; write ${alias ?? all}`);
}

/** What people write for a type that DuckDB calls otherwise; only for the advice in messages. */
const ALIASES: Readonly<Record<string, PluginType | undefined>> = {
  ...Object.fromEntries(SIMPLE_TYPES.map((type) => [type, type])),
  TEXT: 'VARCHAR',
  STRING: 'VARCHAR',
  BOOL: 'BOOLEAN',
  INT: 'INTEGER',
  LONG: 'BIGINT',
  REAL: 'FLOAT',
  BYTES: 'BLOB',
  BYTEA: 'BLOB',
  TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE',
  DATETIME: 'TIMESTAMP',
  NUMERIC: 'DECIMAL(18,3)',
  DECIMAL: 'DECIMAL(18,3)',
};

function asCapability(value: unknown, place: Place): Capability {
  const capability = CAPABILITIES.find((known) => known === value);
  if (capability !== undefined) return capability;
  throw manifestError(place, `is ${shown(value)}; write one of ${CAPABILITIES.join(', ')}`);
}

function asDoc(value: unknown, place: Place): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  throw manifestError(place, `is ${shown(value)}; write text, or leave it out`);
}

function asObject(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw manifestError(place, `is ${shown(value)}; write an object`);
}

function asArray(value: unknown, place: Place): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw manifestError(place, `is ${shown(value)}; write an array`);
}

function manifestError({ source, path }: Place, what: string): CoreError {
  return new CoreError('FORMAT_MANIFEST', `In the manifest of ${source}, ${path} ${what}.`, { source, path });
}

/** A value as a message shows it, cut to a readable length. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
