import { homedir } from 'node:os';
import path from 'node:path';

/** What tools need of the environment to start, and to find their own files. */
const KEPT = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'LOCALAPPDATA',
  'APPDATA',
  'SystemRoot',
  'SystemDrive',
  'PATHEXT',
  'XDG_CACHE_HOME',
  'CARGO_HOME',
  'RUSTUP_HOME',
  'RUSTUP_TOOLCHAIN',
  'GOROOT',
  'GOPATH',
  'GOCACHE',
  'GOMODCACHE',
  'GOPROXY',
  'GOPRIVATE',
  'GOFLAGS',
  'ZIG_GLOBAL_CACHE_DIR',
];

/**
 * The environment of a tool: little of ours, so that no secret of the editor's gets into a build script, and messages in
 * English.
 *
 * @param tempFolder absolute; where the tool may put what it forgets
 */
export function toolEnvironment(
  tempFolder: string,
  more: Readonly<Record<string, string>> = {},
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const kept = KEPT.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const temp = { TMPDIR: tempFolder, TEMP: tempFolder, TMP: tempFolder };
  return { HOME: homedir(), ...Object.fromEntries(kept), ...temp, LC_ALL: 'C', ...more };
}

/** Absolute paths that a program of one of these names would have in the folders of PATH. */
export function onPath(programs: readonly string[], env: NodeJS.ProcessEnv = process.env): string[] {
  const folders = (env.PATH ?? env.Path ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  return folders.flatMap((folder) => programs.map((program) => path.join(folder, executable(program))));
}

/** A program's name as the system writes it. */
export function executable(program: string): string {
  return process.platform === 'win32' ? `${program}.exe` : program;
}
