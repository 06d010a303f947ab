import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isProjectFile, languageOfName, type SourceLanguage } from '../../../wasm-core/protocol/plugins.ts';
import { isOwnLanguage, type PluginSource } from '../compile-types.ts';

/** The language of a plugin's file by its name; undefined for other files. */
export function pluginLanguage(file: string): PluginSource['language'] | undefined {
  return /\.wasm$/i.test(file) ? 'wasm' : languageOfName(file);
}

/** The file beside a module or a source that may declare its functions. */
export function sidecarOf(file: string): string {
  const folder = path.dirname(file);
  const name = isProjectFile(file) ? path.basename(folder) : path.parse(file).name;
  return path.join(folder, `${name}.quern.json`);
}

/**
 * Reads a plugin's file from disk.
 *
 * @param file absolute path
 * @param root absolute folder that the source's imports may read
 * @returns undefined for an ending that is no plugin's
 * @throws the file system's error when the file cannot be read
 */
export function readPluginSource(file: string, root: string): PluginSource | undefined {
  const language = pluginLanguage(file);
  if (language === undefined) return undefined;
  if (language === 'wasm') return { language, path: file, bytes: readFileSync(file), ...readSidecar(file) };
  return textSource({ language, path: file, root, text: readFileSync(file, 'utf8') });
}

/** A source with a text, and what lies beside its file. */
export function textSource(given: {
  readonly language: SourceLanguage;
  readonly path: string;
  readonly root: string;
  readonly text: string;
}): PluginSource {
  const { language, ...rest } = given;
  if (isOwnLanguage(language)) return { language, ...rest };
  return { language, ...rest, ...readSidecar(given.path) };
}

function readSidecar(file: string): { readonly sidecar?: string } {
  const sidecar = sidecarOf(file);
  return existsSync(sidecar) ? { sidecar: readFileSync(sidecar, 'utf8') } : {};
}
