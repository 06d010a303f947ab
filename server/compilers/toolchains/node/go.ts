import { existsSync } from 'node:fs';
import path from 'node:path';
import { readGoText } from '../go-text.ts';
import { executable } from './environment.ts';
import { atHome, probeFailure, type ToolSpec } from './find-tool.ts';
import { isFound, PROJECT_TIMEOUT_MS, type ToolLanguage } from './tool-language.ts';

/** The first that exports functions to WebAssembly. */
const FIRST_MINOR = 24;

const GO: ToolSpec = {
  name: 'go',
  programs: ['go'],
  places: [
    '/usr/local/go/bin',
    '/usr/lib/go/bin',
    '/opt/homebrew/bin',
    ...atHome('go/bin', 'sdk/go/bin'),
  ].map((folder) => path.join(folder, executable('go'))),
  probe: async (ask) => {
    const asked = await ask(['version']);
    if (asked.status !== 0) return { reason: probeFailure(asked) };
    const [, version = '', major, minor] = /\bgo((\d+)\.(\d+)\S*)/.exec(asked.stdout) ?? [];
    // What is built from the sources of Go has no number, and is newer than those that have.
    const isNew = version === '' || Number(major) > 1 || Number(minor) >= FIRST_MINOR;
    return isNew
      ? { version: asked.stdout.trim() }
      : { reason: `Go ${version} is older than 1.${FIRST_MINOR}` };
  },
};

const MODULE = 'plugin.wasm';

/** Go: modules, whose package exports functions with `//go:wasmexport`. */
export const GO_LANGUAGE: ToolLanguage = {
  plan: async ({ source, preset, tempFolder, finder, tools }) => {
    const tool = await finder.find(GO, tools);
    if (!isFound(tool)) return { missing: 'go', report: tool };
    const stripped = preset === 'release' ? ['-ldflags=-s -w'] : [];
    return {
      tool,
      args: ['build', '-buildmode=c-shared', ...stripped, '-o', path.join(tempFolder, MODULE), '.'],
      cwd: path.dirname(source.path),
      // Which Go is used is not for a go.mod to say: it might be fetched.
      env: { GOOS: 'wasip1', GOARCH: 'wasm', CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
      timeoutMs: PROJECT_TIMEOUT_MS,
    };
  },
  read: ({ stdout, stderr }, { tempFolder }) => {
    const wasmFile = path.join(tempFolder, MODULE);
    return { diagnostics: readGoText(`${stderr}\n${stdout}`), ...(existsSync(wasmFile) && { wasmFile }) };
  },
};
