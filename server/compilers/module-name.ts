import { isProjectFile } from '../../wasm-core/protocol/plugins.ts';

/** The name that a plugin's file gives its module: its own, or that of the folder of a project. */
export function moduleName(file: string): string {
  const named = isProjectFile(file) ? file.replace(/[\\/][^\\/]*$/, '') : file;
  if (named !== file) return named.replace(/^.*[\\/]/, '');
  return file.replace(/^.*[\\/]/, '').replace(/(?<=.)\.[^.]*$/, '');
}
