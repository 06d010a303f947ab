import { CoreError } from '../protocol/errors.ts';
import {
  CAPABILITIES,
  type Capability,
  PLUGIN_TYPES,
  type PluginFunction,
  type PluginManifest,
  type PluginParameter,
  type PluginType,
} from '../protocol/plugins.ts';
import { concat, nameBytes, sectionBytes } from './byte-writer.ts';
import { readModule } from './reader.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { SECTION, type WasmModule } from './wasm-module.ts';

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
export function readManifest(module: WasmModule): PluginManifest | undefined {
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
  const module = readModule(bytes);
  const replaced = new Set(
    module.customSections.filter((s) => s.name === MANIFEST_SECTION).map((section) => section.end),
  );
  const kept = module.sections
    .filter((section) => !(section.id === SECTION.custom && replaced.has(section.end)))
    .map((section) => bytes.subarray(section.start, section.end));
  const payload = concat([nameBytes(MANIFEST_SECTION), encodeUtf8(JSON.stringify(manifest))]);
  return concat([bytes.subarray(0, 8), ...kept, sectionBytes(SECTION.custom, payload)]);
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
  const parameters = asArray(entry.parameters ?? [], at('parameters')).map((parameter, index) =>
    parseParameter(parameter, at(`parameters[${index}]`)),
  );
  const returns = asType(entry.returns, at('returns'));
  return { name, export: exported, parameters, returns, deterministic, doc: asDoc(entry.doc, at('doc')) };
}

function parseParameter(value: unknown, place: Place): PluginParameter {
  const entry = asObject(value, place);
  const namePlace = { ...place, path: `${place.path}.name` };
  if (typeof entry.name !== 'string' || !PARAMETER_NAME.test(entry.name)) {
    throw manifestError(namePlace, `is ${shown(entry.name)}; write a name of 1 to 63 letters, digits and _`);
  }
  return { name: entry.name, type: asType(entry.type, { ...place, path: `${place.path}.type` }) };
}

const FUNCTION_NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const PARAMETER_NAME = /^[\p{L}_$][\p{L}\p{N}_$]{0,62}$/u;

function checkDistinct(functions: readonly PluginFunction[], source: string): void {
  const seen = new Set<string>();
  for (const [index, { name }] of functions.entries()) {
    if (seen.has(name)) {
      throw manifestError(
        { source, path: `$.functions[${index}].name` },
        `is ${name} again; give it another`,
      );
    }
    seen.add(name);
  }
}

function asName(value: unknown, place: Place): string {
  if (typeof value === 'string' && FUNCTION_NAME.test(value)) return value;
  throw manifestError(place, `is ${shown(value)}; write a lower-case identifier of at most 63 characters`);
}

function asType(value: unknown, place: Place): PluginType {
  const type = PLUGIN_TYPES.find((t) => t === value);
  if (type !== undefined) return type;
  const alias = typeof value === 'string' ? ALIASES[value.toUpperCase()] : undefined;
  throw manifestError(place, `is ${shown(value)}; write ${alias ?? `one of ${PLUGIN_TYPES.join(', ')}`}`);
}

/** What people write for a type that SQL calls otherwise; only for the advice in messages. */
const ALIASES: Readonly<Record<string, PluginType | undefined>> = {
  ...Object.fromEntries(PLUGIN_TYPES.map((type) => [type, type])),
  TEXT: 'VARCHAR',
  STRING: 'VARCHAR',
  BOOL: 'BOOLEAN',
  INT: 'INTEGER',
  LONG: 'BIGINT',
  REAL: 'FLOAT',
  BYTES: 'BLOB',
  BYTEA: 'BLOB',
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
