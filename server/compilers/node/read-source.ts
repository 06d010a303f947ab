import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PluginSource } from '../compile-types.ts';

/** The language of a plugin's file by its ending; undefined for other files. */
export function pluginLanguage(file: string): PluginSource['language'] | undefined {
  switch (path.extname(file).toLowerCase()) {
    case '.wat':
      return 'wat';
    case '.ts':
      return file.endsWith('.d.ts') ? undefined : 'assemblyscript';
    case '.wasm':
      return 'wasm';
    default:
      return undefined;
  }
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
  if (language !== 'wasm') return { language, path: file, root, text: readFileSync(file, 'utf8') };
  const sidecar = file.replace(/\.wasm$/i, '.quern.json');
  return {
    language,
    path: file,
    bytes: readFileSync(file),
    ...(existsSync(sidecar) && { sidecar: readFileSync(sidecar, 'utf8') }),
  };
}
