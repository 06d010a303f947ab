import { CoreError } from '../../protocol/errors.ts';
import { sqlSignature } from '../../protocol/sql-signature.ts';
import type { WasmOverview } from '../../protocol/wasm-viewer.ts';
import { neededCapabilities } from '../capabilities.ts';
import { readManifest } from '../manifest.ts';
import { SECTION } from '../wasm-module.ts';
import type { ModuleOutline } from './module-outline.ts';
import { customContent } from './read-outline.ts';

/** What the manifest and the imports say of the module as a plugin. */
export function pluginOf(outline: ModuleOutline): WasmOverview['plugin'] {
  const capabilities = neededCapabilities(outline);
  const customSections = outline.sections
    .filter(({ id }) => id === SECTION.custom)
    .map((section) => ({ name: section.name, ...customContent(outline.bytes, section) }));
  try {
    const manifest = readManifest({ bytes: outline.bytes, customSections });
    const functions = (manifest?.functions ?? []).map((fn) => ({
      signature: sqlSignature(fn),
      export: fn.export,
      doc: fn.doc,
    }));
    return { capabilities, functions, doc: manifest?.doc ?? '' };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { capabilities, functions: [], doc: '', problem: error.message };
  }
}

/** What the manifest says of an export: the functions for SQL that it implements, each with its documentation. */
export function exportDocs({ functions }: WasmOverview['plugin'], name: string): string {
  return functions
    .filter((fn) => name === fn.export || name.startsWith(`${fn.export}__`))
    .map(({ signature, doc }) => (doc === '' ? signature : `${signature}: ${doc}`))
    .join('; ');
}
