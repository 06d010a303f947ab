import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { WORKSPACE_FILE } from '../../../wasm-core/protocol/workspace-file.ts';
import { nodeFiles } from '../../node/files.ts';
import { FolderSettings } from '../../plugins/folder-settings.ts';
import { pluginWorkspace } from '../../plugins/plugin-workspace.ts';
import type { CompileDiagnostic, CompileOptions, CompileOutcome } from '../compile-types.ts';
import { moduleName } from '../module-name.ts';
import type { Compilers } from './compilers.ts';
import { readPluginSource } from './read-source.ts';

/**
 * Compiles a plugin's file. What cannot be read, or is no plugin, is an outcome with one error at its start.
 *
 * @param file absolute
 */
export async function compileFile(
  compilers: Compilers,
  file: string,
  options?: CompileOptions,
): Promise<CompileOutcome> {
  try {
    if (statSync(file).isDirectory())
      return failedAtTop(file, 'FILE_IS_DIRECTORY', 'It is a folder; name the files in it.');
    const folder = workspaceFolder(file);
    const source = readPluginSource(file, folder ?? importRoot(file));
    if (source !== undefined) {
      const settings = new FolderSettings(nodeFiles).of(folder ?? path.dirname(file));
      return await compilers.compile({ ...source, workspace: pluginWorkspace(settings, file) }, options);
    }
    return failedAtTop(
      file,
      'FORMAT_UNSUPPORTED',
      'A plugin is a .wat, .ts (AssemblyScript), .js, .c, .cpp, .rs, .zig or .wasm file, or a Cargo.toml, go.mod, build.zig or compile_flags.txt.',
    );
  } catch (error) {
    return failedAtTop(file, ...readError(error));
  }
}

/** The kind and the message for a file that could not be read. */
export function readError(error: unknown): readonly [kind: string, message: string] {
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  if (missing) return ['FILE_NOT_FOUND', 'There is no such file.'];
  const reason = error instanceof Error ? error.message : String(error);
  return ['FILE_IO', `It cannot be read: ${reason}.`];
}

/** Without a `quern.json`, a source may import what lies in the current folder, where the command was given, or else in its own. */
function importRoot(file: string): string {
  const inside = path.relative(process.cwd(), file);
  return inside.startsWith('..') || path.isAbsolute(inside) ? path.dirname(file) : process.cwd();
}

/** The nearest folder above a file that has a `quern.json`: there the editor compiles to the same bytes. */
function workspaceFolder(file: string): string | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, WORKSPACE_FILE))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

function failedAtTop(file: string, code: string, message: string): CompileOutcome {
  const place = { line: 0, character: 0 };
  const diagnostic: CompileDiagnostic = {
    severity: 'error',
    code,
    message,
    range: { start: place, end: place },
  };
  return { name: moduleName(file), diagnostics: [diagnostic], functions: [], places: new Map() };
}
