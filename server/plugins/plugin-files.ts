/** The language of a plugin's source in an editor, by its file's ending and its text; undefined for other documents. */
export function sourceLanguage(path: string, text: string): 'wat' | 'assemblyscript' | undefined {
  if (/\.wat$/i.test(path)) return 'wat';
  const isTypeScript = /\.ts$/i.test(path) && !/\.d\.ts$/i.test(path);
  return isTypeScript && marksFunction(text) ? 'assemblyscript' : undefined;
}

/**
 * Whether a TypeScript text is an AssemblyScript plugin: a line begins with `@udf`, as a decorator or as a tag of a doc
 * comment. Other TypeScript is none of our business.
 */
export function marksFunction(text: string): boolean {
  return /^[ \t]*(?:\/?\*+[ \t]*)?@udf\b/m.test(text);
}

/** Whether a file lies where plugins are looked for: in a folder named `plugins`, and in none of installed packages. */
export function isInPluginsFolder(path: string): boolean {
  return /[\\/]plugins[\\/]/.test(path) && !/[\\/](?:node_modules|\.git)[\\/]/.test(path);
}

/** The files that a `.wasm` file beside them may have been compiled from. */
export function sourcesOf(wasmPath: string): string[] {
  return ['.wat', '.ts'].map((ending) => wasmPath.replace(/\.wasm$/i, ending));
}
