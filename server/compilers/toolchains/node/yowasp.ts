import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { hostPaths } from '../../../../wasm-core/connect/paths.ts';
import type { YowaspRequest, YowaspTree } from '../yowasp-request.ts';
import { SOURCE_TIMEOUT_MS, type ToolJob, type ToolPlan } from './tool-language.ts';

const BUNDLE = 'node_modules/@yowasp/clang/gen/bundle.js';
/** Where the SDK lies among the files that the package sees. */
const SDK = '.quern-sdk';
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_FILES = 500;
const MAX_DEPTH = 3;
/** Compiling its own 75 MB takes seconds, and more on a busy machine. */
const TIMEOUT_MS = 3 * SOURCE_TIMEOUT_MS;

/**
 * Where the package @yowasp/clang is, when the user had it installed: clang without any toolchain.
 *
 * @param given the setting `quern.tools.clang`, which may name the package's module itself
 */
export function findYowasp(given: string | undefined): string | undefined {
  const bundle = given ?? path.join(hostPaths().home, 'tools', BUNDLE);
  return bundle.endsWith('.js') && existsSync(bundle) ? bundle : undefined;
}

/**
 * How a source is compiled by the package: in a process of Node, over the files of the source's folder alone.
 *
 * @param args clang's, with absolute paths
 * @param outputs names of the files that clang makes
 */
export function planYowasp(
  { source, sdkFolder, tempFolder }: ToolJob,
  given: { readonly bundle: string; readonly args: readonly string[]; readonly outputs: readonly string[] },
): ToolPlan {
  const { bundle, args, outputs } = given;
  const folder = path.dirname(source.path);
  const files: Record<string, YowaspTree | string> = {};
  const budget = { files: MAX_FILES };
  put(files, SDK, readFolder(path.join(sdkFolder, 'c'), MAX_DEPTH, budget));
  put(files, path.relative(source.root, folder), readFolder(folder, MAX_DEPTH, budget));
  put(files, path.relative(source.root, source.path), source.text);
  const renamed = (arg: string): string =>
    arg
      .replace(path.join(sdkFolder, 'c'), SDK)
      .replace(`${tempFolder}${path.sep}`, '')
      .replace(folder, path.relative(source.root, folder) || '.')
      .replaceAll('\\', '/');
  const request: YowaspRequest = {
    bundle,
    args: args.map(renamed),
    files,
    outputs,
    outputFolder: tempFolder,
  };
  return {
    tool: { path: bundle, version: '' },
    file: process.execPath,
    args: [path.join(sdkFolder, '..', 'yowasp-clang.mjs')],
    cwd: source.root,
    // In the editor this is Electron.
    env: { ELECTRON_RUN_AS_NODE: '1' },
    stdin: JSON.stringify(request),
    timeoutMs: TIMEOUT_MS,
    isLarge: true,
  };
}

type Folder = Record<string, YowaspTree | string>;

/** Puts something at a path with folders, into those that are there. */
function put(tree: Folder, name: string, content: Folder | string): void {
  const parts = name.split(path.sep).filter((part) => part !== '');
  const last = parts.pop();
  let folder = tree;
  for (const part of parts) {
    const next = folder[part];
    const inside: Folder = typeof next === 'object' ? (next as Folder) : {};
    folder[part] = inside;
    folder = inside;
  }
  if (last !== undefined) folder[last] = content;
  else if (typeof content === 'object') Object.assign(folder, content);
}

/** The C, C++ and header files of a folder and of those in it. */
function readFolder(folder: string, depth: number, budget: { files: number }): Folder {
  const found: Folder = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && depth > 0 && !/^(?:\.|node_modules$|target$)/.test(entry.name)) {
      found[entry.name] = readFolder(file, depth - 1, budget);
    }
    const isWanted = entry.isFile() && /\.(?:c|cc|cpp|cxx|h|hh|hpp|inc)$/i.test(entry.name);
    if (!isWanted || budget.files <= 0 || statSync(file).size > MAX_FILE_BYTES) continue;
    budget.files--;
    found[entry.name] = readFileSync(file, 'utf8');
  }
  return found;
}
