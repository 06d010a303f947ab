import { checkAbi, type ProcessForm, processForm } from '../binary/abi.ts';
import { neededCapabilities } from '../binary/capabilities.ts';
import { parseManifest, readManifest } from '../binary/manifest.ts';
import { readModule } from '../binary/reader.ts';
import type { WasmModule } from '../binary/wasm-module.ts';
import { CoreError } from '../protocol/errors.ts';
import type { ModuleInfo } from '../protocol/methods.ts';
import type { Capability, ModuleExport, PluginManifest } from '../protocol/plugins.ts';
import { capabilitiesOf } from './grants.ts';
import type { StoredLabel, StoredModule } from './store.ts';

/** A module under one of its labels. */
export interface ModuleRecord {
  readonly info: ModuleInfo;
  /** Empty of functions for a module that has `process` alone. */
  readonly manifest: PluginManifest;
  readonly exports: readonly ModuleExport[];
  readonly processForm?: ProcessForm;
}

/**
 * Reads a module and checks it against the ABI.
 *
 * @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED, FORMAT_MANIFEST, ABI_MISMATCH, IMPORT_UNKNOWN, EXPORT_MISSING
 */
export function makeRecord(options: {
  readonly bytes: Uint8Array;
  readonly label: StoredLabel;
  readonly stored: Pick<StoredModule, 'digest' | 'byteLength' | 'loadedAt'>;
}): ModuleRecord {
  const { bytes, label, stored } = options;
  const module = readModule(bytes);
  const given =
    label.manifest === undefined
      ? readManifest(module)
      : parseManifest(label.manifest, { source: `${label.name}.quern.json` });
  const [problem] = checkAbi(module, given).filter(
    (p) => !(p.code === 'EXPORT_MISSING' && isBare(module, given)),
  );
  if (problem !== undefined) {
    const { code, message, ...details } = problem;
    throw new CoreError(code, message, { module: label.name, ...details });
  }
  const manifest = given ?? { abi: 1, functions: [], capabilities: [], doc: '' };
  const form = processForm(module);
  const info: ModuleInfo = {
    uuid: uuidOf(stored.digest),
    digest: stored.digest,
    name: label.name,
    namespace: label.namespace,
    byteLength: stored.byteLength,
    functions: manifest.functions,
    process: form !== undefined,
    capabilities: capabilitiesOf([...neededCapabilities(module), ...manifest.capabilities], label.grants),
    loadedAt: stored.loadedAt,
    ...(label.source !== undefined && { source: label.source }),
  };
  return { info, manifest, exports: module.exports, ...(form && { processForm: form }) };
}

/** A record with other grants. */
export function withGrants(record: ModuleRecord, grants: readonly Capability[]): ModuleRecord {
  const capabilities = capabilitiesOf(record.info.capabilities.needed, grants);
  return { ...record, info: { ...record.info, capabilities } };
}

/** Whether a module has functions and says nothing of them: they can still be called one by one, as they are. */
function isBare({ exports }: WasmModule, manifest: PluginManifest | undefined): boolean {
  const functions = exports.filter((item) => item.kind === 'function');
  return manifest === undefined && functions.length > 0 && functions.every(({ name }) => name !== 'process');
}

/**
 * The UUID of a module: version 8 (RFC 9562, section 5.8) over the first bits of its digest, so that the same bytes
 * have the same UUID everywhere.
 *
 * @param digest 64 hex characters
 */
export function uuidOf(digest: string): string {
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

/**
 * Checks a label's name: any text of 1 to 200 characters without control characters.
 *
 * @throws CoreError PARAMS_INVALID
 */
export function checkLabelName(name: string): void {
  if (name.length >= 1 && name.length <= 200 && !/\p{Cc}/u.test(name)) return;
  const message = 'A module name is 1 to 200 characters, none of them a control character.';
  throw new CoreError('PARAMS_INVALID', message, { name: name.slice(0, 200) });
}

/**
 * Checks a namespace: a folder's path, or `default`.
 *
 * @throws CoreError PARAMS_INVALID
 */
export function checkNamespace(namespace: string): void {
  if (namespace.length >= 1 && namespace.length <= 4096 && !/\p{Cc}/u.test(namespace)) return;
  const message = 'A namespace is 1 to 4096 characters, none of them a control character.';
  throw new CoreError('PARAMS_INVALID', message, { namespace: namespace.slice(0, 200) });
}
