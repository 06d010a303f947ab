import { PROJECT_FILE_NAMES } from '../../wasm-core/protocol/plugins.ts';

/** Whether a file lies where plugins are looked for: in a folder named `plugins`, and in none of installed packages. */
export function isInPluginsFolder(path: string): boolean {
  return /[\\/]plugins[\\/]/.test(path) && !/[\\/](?:node_modules|\.git)[\\/]/.test(path);
}

/** The files that a `.wasm` file beside them may have been compiled from. */
export function sourcesOf(wasmPath: string): string[] {
  const base = wasmPath.replace(/\.wasm$/i, '');
  const files = ['.wat', '.ts', '.js', '.mjs', '.c', '.cc', '.cpp', '.cxx', '.rs', '.zig'].map(
    (ending) => `${base}${ending}`,
  );
  return [...files, ...PROJECT_FILE_NAMES.map((name) => `${base}/${name}`)];
}
