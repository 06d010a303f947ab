import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { CoreError } from '../protocol/errors.ts';
import { type HostPaths, prepareFolders } from './paths.ts';

/** Exit code of a host that found another one in its place; the client then connects to that one. */
export const EXIT_HOST_RUNS = 75;

/** A host that was started in the background. */
export interface StartedHost {
  /** What became of it: undefined while it runs. */
  failure(): string | undefined;
}

/**
 * Starts a host in the background. It outlives this process; what it prints goes to its log.
 *
 * @param options.hostPath absolute path of the bundle `host.js`
 * @param options.wasmTier a `WasmTier`; absent: as QUERN_WASM_TIER says
 * @param options.remoteCacheMb how much it keeps of files on a network; absent: as QUERN_REMOTE_CACHE_MB says
 * @throws CoreError HOST_UNAVAILABLE when the bundle is not there; those of `prepareFolders`
 */
export function startHost(options: {
  readonly hostPath: string;
  readonly paths: HostPaths;
  readonly wasmTier?: string | undefined;
  readonly remoteCacheMb?: number | undefined;
}): StartedHost {
  const { hostPath, paths } = options;
  if (!existsSync(hostPath)) {
    throw new CoreError(
      'HOST_UNAVAILABLE',
      `The host's program ${hostPath} is not there; build Quern first.`,
    );
  }
  prepareFolders(paths);
  const log = openSync(paths.log, 'a', 0o600);
  let failure: string | undefined;
  try {
    const child = spawn(process.execPath, [hostPath, '--home', paths.home, '--socket', paths.socket], {
      cwd: paths.home,
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
      env: hostEnvironment(options),
    });
    child.on('error', (error) => {
      failure = `It could not be started: ${error.message}.`;
    });
    child.on('exit', (code, signal) => {
      if (code !== EXIT_HOST_RUNS) failure = `It ended with ${signal ?? `exit code ${code}`}.`;
    });
    child.unref();
  } finally {
    closeSync(log);
  }
  return { failure: () => failure };
}

/** The last lines of a host's log for a message, stacks left out; empty when there are none. */
export function logTail(file: string, lineCount = 5): string {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const told = lines.filter((line) => !/^\s+at /.test(line));
    return told.slice(-lineCount).join('\n');
  } catch {
    return '';
  }
}

function hostEnvironment({
  wasmTier,
  remoteCacheMb,
}: {
  readonly wasmTier?: string | undefined;
  readonly remoteCacheMb?: number | undefined;
}): NodeJS.ProcessEnv {
  const env = { ...process.env };
  if (remoteCacheMb !== undefined) env.QUERN_REMOTE_CACHE_MB = String(remoteCacheMb);
  if (wasmTier !== undefined) env.QUERN_WASM_TIER = wasmTier;
  // Debuggers put themselves into every Node process through this; the host must not wait for one.
  delete env.NODE_OPTIONS;
  // Inside the editor `process.execPath` is Electron.
  if (process.versions.electron !== undefined) env.ELECTRON_RUN_AS_NODE = '1';
  return env;
}
