import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { EditorEnvironment } from './environment.ts';
import type { Profile } from './profile.ts';

/** A VS Code server that listens on the loopback. */
export interface VsCodeServer {
  /** Such as `http://127.0.0.1:1234`. */
  readonly origin: string;
  /** All that it wrote so far. */
  output(): string;
  /** Ends it and everything that it started. */
  stop(): Promise<void>;
}

/** How a server is started. */
export interface ServerOptions {
  readonly environment: EditorEnvironment;
  readonly profile: Profile;
  /** Obey the page's payload, which names an extension under development and its tests. Hides toasts. */
  readonly testDriver?: boolean;
  /** Workspace trust, which most tests do without. */
  readonly trust?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 60_000;

/** Asked for by no window: no extension is looked up anywhere. */
const OFFLINE = { EXTENSIONS_GALLERY: '{}' };

/**
 * Starts a server and waits until it listens.
 *
 * @throws Error with its output when it does not
 */
export async function startServer(options: ServerOptions): Promise<VsCodeServer> {
  const { environment, profile, env = {} } = options;
  const args = [environment.serverMain, ...serverArguments(options), ...folderArguments(profile)];
  const child = spawn(environment.node, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...OFFLINE, ...env },
    // A group of its own, so that extension hosts and their children end with it.
    detached: true,
  });
  const stopped = once(child, 'exit');
  let output = '';
  const stop = (): Promise<void> => stopGroup(child, stopped);
  try {
    const origin = await new Promise<string>((resolve, reject) => {
      const see = (chunk: unknown): void => {
        output += String(chunk);
        const found = /(?:Web UI available at|HTTP server listening on) (http:\/\/[^\s/]+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found.replace('localhost', '127.0.0.1'));
      };
      child.stdout?.on('data', see);
      child.stderr?.on('data', see);
      child.once('exit', (code) => reject(new Error(`The VS Code server ended with ${code}:\n${output}`)));
      const late = () => reject(new Error(`The VS Code server did not start:\n${output}`));
      setTimeout(late, START_TIMEOUT_MS).unref();
    });
    return { origin, output: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Installs an extension from its VSIX into a profile.
 *
 * @throws Error with the server's output when it refuses
 */
export async function installExtension(
  environment: EditorEnvironment,
  profile: Profile,
  vsix: string,
): Promise<void> {
  const args = [environment.serverMain, '--install-extension', vsix, '--accept-server-license-terms'];
  const child = spawn(environment.node, [...args, ...folderArguments(profile)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...OFFLINE },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`The extension could not be installed:\n${output}`);
}

function serverArguments(options: ServerOptions): string[] {
  const always = [
    ['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
    ['--telemetry-level', 'off', '--disable-telemetry', '--disable-experiments'],
    ['--disable-getting-started-override'],
    // Anything quieter hides what mocha writes, and the extension's own log channel.
    ['--log', 'info'],
  ];
  if (!options.trust) always.push(['--disable-workspace-trust']);
  if (options.testDriver) always.push(['--enable-smoke-test-driver']);
  return always.flat();
}

function folderArguments(profile: Profile): string[] {
  return [
    ['--user-data-dir', profile.userData],
    ['--extensions-dir', profile.extensions],
    ['--server-data-dir', profile.serverData],
  ].flat();
}

async function stopGroup(child: ChildProcess, stopped: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(child, 'SIGTERM');
  const force = setTimeout(() => signalGroup(child, 'SIGKILL'), 5_000);
  await stopped;
  clearTimeout(force);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}
