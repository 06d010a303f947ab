import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { HostHome } from '../../test/support/host-process.ts';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { LoadTools } from '../load/tools.ts';
import { benchModules } from '../modules.ts';

/** A host with the modules loaded, and an echo server. */
export interface Bench {
  readonly tools: LoadTools;
  readonly host: Server;
  readonly echo: Server;
  /** A connection of its own, for what is not load. */
  readonly connection: HostConnection;
  dispose(): Promise<void>;
}

/** A process that listens. */
export interface Server {
  readonly pid: number;
  readonly socket: string;
}

/** Starts the host in a home of its own, loads `upper`, `reverse` and `spin`, and starts the echo server. */
export async function openBench(tools: LoadTools): Promise<Bench> {
  const home = new HostHome();
  try {
    const host = serverOf(await home.start(), home.socket);
    const connection = await home.connect();
    for (const [name, bytes] of Object.entries(await benchModules())) {
      await loadModule(connection, name, bytes);
    }
    const echoSocket = path.join(home.folder, 'echo.sock');
    const echo = await tools.startEcho(echoSocket);
    const dispose = async (): Promise<void> => {
      echo.kill();
      await home.dispose();
    };
    return { tools, host, echo: serverOf(echo, echoSocket), connection, dispose };
  } catch (error) {
    await home.dispose();
    throw error;
  }
}

/** Loads a module from its bytes. */
export async function loadModule(connection: HostConnection, name: string, bytes: Uint8Array): Promise<void> {
  await connection.request('module/load', { name, bytes: { base64: Buffer.from(bytes).toString('base64') } });
}

/** Runs a module once over `hello`. @throws Error when its output is another than `HELLO` */
export async function executeUpper(connection: HostConnection, module: string): Promise<void> {
  const { output } = await connection.request('module/execute', { module, input: { utf8: 'hello' } });
  if (!('utf8' in output) || output.utf8 !== 'HELLO')
    throw new Error(`${module} gave ${JSON.stringify(output)}`);
}

function serverOf({ pid }: ChildProcess, socket: string): Server {
  if (pid === undefined) throw new Error(`the server of ${socket} has no process id`);
  return { pid, socket };
}
