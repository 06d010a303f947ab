import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { isProjectFile, languageOfName } from '../../../../wasm-core/protocol/plugins.ts';
import { readClangText } from '../clang-text.ts';
import { readDependencies } from './dependencies.ts';
import { probeFailure, type ToolSpec } from './find-tool.ts';
import { isFound, SOURCE_TIMEOUT_MS, type ToolJob, type ToolLanguage } from './tool-language.ts';
import { findYowasp, planYowasp } from './yowasp.ts';

/** Versions of LLVM whose programs Debian and others give names of their own, newest first. */
const VERSIONS = Array.from({ length: 14 }, (_, i) => 24 - i);

const CLANG: ToolSpec = {
  name: 'clang',
  programs: ['clang', ...VERSIONS.map((version) => `clang-${version}`)],
  places: [
    ...VERSIONS.map((version) => `/usr/lib/llvm-${version}/bin/clang`),
    '/opt/wasi-sdk/bin/clang',
    '/opt/homebrew/opt/llvm/bin/clang',
    '/usr/local/opt/llvm/bin/clang',
    'C:\\Program Files\\LLVM\\bin\\clang.exe',
  ],
  probe: async (ask) => {
    const targets = await ask(['-print-targets']);
    if (targets.status !== 0) return { reason: probeFailure(targets) };
    if (!/^\s+wasm32\b/m.test(targets.stdout)) return { reason: 'it has no target wasm32' };
    const linker = await ask(['--target=wasm32', '-print-prog-name=wasm-ld']);
    // Without one, clang gives the bare name back.
    if (!path.isAbsolute(linker.stdout.trim())) return { reason: 'it has no linker wasm-ld' };
    const { stdout } = await ask(['--version']);
    return { version: stdout.split('\n')[0] ?? '' };
  },
};

/** C and C++: single files, and the files of a folder that has a `compile_flags.txt`. */
export const CLANG_LANGUAGE: ToolLanguage = {
  plan: async (job) => {
    const { source, tempFolder, finder, tools } = job;
    const output = ['-MMD', '-MF', path.join(tempFolder, DEPENDENCIES), '-o', path.join(tempFolder, MODULE)];
    const named = findYowasp(tools.clang ?? '');
    const tool = named === undefined ? await finder.find(CLANG, tools) : undefined;
    if (tool !== undefined && isFound(tool)) {
      return {
        tool,
        args: [...clangArguments(job), ...output],
        cwd: source.root,
        timeoutMs: SOURCE_TIMEOUT_MS,
        ...(isTyped(job) && { stdin: source.text }),
      };
    }
    const bundle = named ?? (tools.clang === undefined ? findYowasp(undefined) : undefined);
    if (bundle === undefined) return { missing: 'clang', report: tool ?? { looked: [], rejected: [] } };
    // It sees the text in the place of the file.
    const args = [...clangArguments({ ...job, isSaved: true }), ...output];
    return planYowasp(job, { bundle, args, outputs: [MODULE, DEPENDENCIES] });
  },
  read: ({ stdout, stderr }, { source, tempFolder, sdkFolder }) => {
    const wasmFile = path.join(tempFolder, MODULE);
    // Of several files that are compiled at once it has only the last.
    const dependencies = isProjectFile(source.path) ? '' : path.join(tempFolder, DEPENDENCIES);
    // A linker's complaints and a compiler's come in one stream, in their order.
    return {
      diagnostics: readClangText(`${stderr}\n${stdout}`, 'clang'),
      ...(existsSync(wasmFile) && { wasmFile }),
      ...(existsSync(dependencies) && {
        inputs: readDependencies(dependencies, source.root).filter(
          (file) => file !== source.path && !file.startsWith(sdkFolder),
        ),
      }),
    };
  },
};

const MODULE = 'plugin.wasm';
const DEPENDENCIES = 'plugin.d';

/**
 * The arguments that compile a source, without its output. Names are relative to the source's root, so that lines of
 * traps are told by them.
 */
export function clangArguments(job: ToolJob): string[] {
  const { source, preset, sdkFolder } = job;
  const folder = path.dirname(source.path);
  const isProject = isProjectFile(source.path);
  const files = isProject ? projectSources(folder) : [source.path];
  const isCpp = files.some((file) => languageOfName(file) === 'cpp');
  return [
    '--target=wasm32',
    ...PRESET_ARGUMENTS[preset],
    '-Wall',
    '-ffreestanding',
    '-nostdlib',
    ...(isCpp ? ['-fno-exceptions', '-fno-threadsafe-statics'] : []),
    `-I${path.join(sdkFolder, 'c')}`,
    '-iquote',
    folder,
    '-fdebug-compilation-dir=.',
    '-fno-color-diagnostics',
    '-fno-caret-diagnostics',
    '-fdiagnostics-print-source-range-info',
    '-Wl,--no-entry',
    ...(isProject ? [`-I${folder}`, ...projectFlags(source.text)] : []),
    ...(isTyped(job)
      ? ['-x', source.language === 'cpp' ? 'c++' : 'c', '-']
      : files.map((file) => relativeName(source.root, file))),
  ];
}

const PRESET_ARGUMENTS = { debug: ['-O1', '-g'], release: ['-O2', '-Wl,--strip-debug'] } as const;

/** Whether the tool gets the text as it is typed; of a project it reads the files. */
function isTyped({ source, isSaved }: ToolJob): boolean {
  return !isSaved && !isProjectFile(source.path);
}

function relativeName(root: string, file: string): string {
  const relative = path.relative(root, file);
  return relative.startsWith('-') ? `./${relative}` : relative;
}

/** The sources of a folder, in the order of their names. @returns absolute paths */
export function projectSources(folder: string): string[] {
  const isSource = (name: string): boolean =>
    /^(?:c|cpp)$/.test(languageOfName(name) ?? '') && !isProjectFile(name);
  return readdirSync(folder)
    .filter(isSource)
    .sort()
    .map((name) => path.join(folder, name));
}

/** Arguments, one a line. Where the module goes is up to Quern. */
function projectFlags(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#') && !/^-(?:o|M\w*)/.test(line));
}
