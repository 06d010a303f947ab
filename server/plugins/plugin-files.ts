/** Whether a file lies where plugins are looked for: in a folder named `plugins`, and in none of installed packages. */
export function isInPluginsFolder(path: string): boolean {
  return /[\\/]plugins[\\/]/.test(path) && !/[\\/](?:node_modules|\.git)[\\/]/.test(path);
}

/** The files that a `.wasm` file beside them may have been compiled from. */
export function sourcesOf(wasmPath: string): string[] {
  return ['.wat', '.ts'].map((ending) => wasmPath.replace(/\.wasm$/i, ending));
}
