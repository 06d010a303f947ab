import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { isProjectFile } from '../../../../wasm-core/protocol/plugins.ts';
import { readClangText } from '../clang-text.ts';
import { executable } from './environment.ts';
import { atHome, type FoundTool, probeFailure, type ToolSpec } from './find-tool.ts';
import {
  isFound,
  PROJECT_TIMEOUT_MS,
  SOURCE_TIMEOUT_MS,
  type ToolJob,
  type ToolLanguage,
} from './tool-language.ts';

const FIRST_MINOR = 11;

const ZIG: ToolSpec = {
  name: 'zig',
  programs: ['zig'],
  places: ['/usr/local/zig', '/opt/zig', '/opt/homebrew/bin', ...atHome('zig', '.local/bin')].map((folder) =>
    path.join(folder, executable('zig')),
  ),
  probe: async (ask) => {
    const asked = await ask(['version']);
    const version = asked.stdout.trim();
    if (asked.status !== 0) return { reason: probeFailure(asked) };
    return minorOf(version) >= FIRST_MINOR
      ? { version }
      : { reason: `Zig ${version} is older than 0.${FIRST_MINOR}` };
  },
};

const MODULE = 'plugin.wasm';

/** Zig: single files, and folders with a `build.zig`. */
export const ZIG_LANGUAGE: ToolLanguage = {
  plan: async (job) => {
    const tool = await job.finder.find(ZIG, job.tools);
    if (!isFound(tool)) return { missing: 'zig', report: tool };
    const isProject = isProjectFile(job.source.path);
    return {
      tool,
      args: [
        ...(isProject ? projectArguments(job) : fileArguments(job, tool)),
        '--cache-dir',
        job.cacheFolder,
      ],
      cwd: path.dirname(job.source.path),
      timeoutMs: isProject ? PROJECT_TIMEOUT_MS : SOURCE_TIMEOUT_MS,
    };
  },
  read: ({ stderr }, { source, tempFolder }) => {
    const wasmFile = isProjectFile(source.path) ? installed(tempFolder) : path.join(tempFolder, MODULE);
    return {
      diagnostics: readClangText(stderr, 'zig'),
      ...(wasmFile !== undefined && existsSync(wasmFile) && { wasmFile }),
    };
  },
};

const OPTIMIZE = { debug: 'Debug', release: 'ReleaseFast' } as const;

function fileArguments({ source, preset, tempFolder }: ToolJob, { version }: FoundTool): string[] {
  // Since 0.12 a module without an entry is an executable without one.
  const kind = minorOf(version) > 11 ? ['build-exe', '-fno-entry'] : ['build-lib', '-dynamic'];
  return [
    ...kind,
    path.basename(source.path),
    ...['-rdynamic', '-target', 'wasm32-freestanding', '-O', OPTIMIZE[preset]],
    ...(preset === 'release' ? ['-fstrip'] : []),
    `-femit-bin=${path.join(tempFolder, MODULE)}`,
  ];
}

function projectArguments({ preset, tempFolder }: ToolJob): string[] {
  const options = [`-Doptimize=${OPTIMIZE[preset]}`, '-Dtarget=wasm32-freestanding'];
  return ['build', ...options, '--prefix', tempFolder];
}

/** The module that a build installed, if it is one. */
function installed(prefix: string): string | undefined {
  const modules = ['bin', 'lib']
    .map((name) => path.join(prefix, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((file) => file.endsWith('.wasm'));
  return modules[0];
}

function minorOf(version: string): number {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return major === '0' ? Number(minor) : Number.POSITIVE_INFINITY;
}
