import path from 'node:path';
import { quernVersion } from '../../connect/build-info.ts';
import { connectToHost } from '../../connect/connect.ts';
import type { HostConnection } from '../../connect/host-connection.ts';
import { reportError } from './report-error.ts';
import { unlock } from './unlock.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly socket?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** What commands work with. */
export interface Cli {
  /** Absolute folder of the built bundles. */
  readonly distFolder: string;
  /** Whether results are wanted as JSON. */
  readonly json: boolean;
  readonly verbose: boolean;
  readonly socket: string | undefined;
  /** Aborts at the first Ctrl+C; asking for it takes Ctrl+C over. */
  readonly signal: AbortSignal;
  /** Whether Ctrl+C was pressed. */
  readonly interrupted: boolean;
  setGlobals(options: GlobalOptions): void;
  /** A line on stderr. */
  say(line: string): void;
  /** A line on stderr, with `--verbose` alone. */
  explain(line: string): void;
  /** The host, started when it is not there. @throws CoreError as `connectToHost` */
  connect(): Promise<HostConnection>;
  /** Takes its handlers of the process away, for a command that is a program of its own. */
  handOver(): void;
  /** Ends connections and handlers, so that the process can end. */
  dispose(): void;
}

/** @param options.distFolder absolute folder of the built bundles */
export function createCli(options: { readonly distFolder: string }): Cli {
  return new NodeCli(options.distFolder);
}

class NodeCli implements Cli {
  readonly distFolder: string;
  #globals: GlobalOptions = {};
  #connection: HostConnection | undefined;
  #interrupt: AbortController | undefined;
  readonly #onInterrupt = (): void => {
    // The first press cancels and leaves time to say so, the second ends.
    if (this.interrupted) process.exit(130);
    this.#interrupt?.abort();
  };

  /** Node would print the stack and leave. */
  readonly #onBug = (error: unknown): void => process.exit(reportError(error, this));

  constructor(distFolder: string) {
    this.distFolder = distFolder;
    process.on('uncaughtException', this.#onBug);
  }

  get json(): boolean {
    return this.#globals.json === true;
  }

  get verbose(): boolean {
    return this.#globals.verbose === true;
  }

  get socket(): string | undefined {
    return this.#globals.socket;
  }

  get signal(): AbortSignal {
    if (this.#interrupt === undefined) {
      this.#interrupt = new AbortController();
      process.on('SIGINT', this.#onInterrupt);
    }
    return this.#interrupt.signal;
  }

  get interrupted(): boolean {
    return this.#interrupt?.signal.aborted === true;
  }

  setGlobals(options: GlobalOptions): void {
    this.#globals = options;
  }

  say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  explain(line: string): void {
    if (this.verbose) this.say(line);
  }

  async connect(): Promise<HostConnection> {
    if (this.#connection !== undefined) return this.#connection;
    this.#connection = await connectToHost({
      hostPath: path.join(this.distFolder, 'host.js'),
      start: true,
      client: `quern-cli/${quernVersion()}`,
      onLog: (line) => this.explain(line),
      ...(this.socket !== undefined && { socket: this.socket }),
    });
    await unlock(this.#connection, (line) => this.say(line));
    return this.#connection;
  }

  handOver(): void {
    process.off('SIGINT', this.#onInterrupt);
    process.off('uncaughtException', this.#onBug);
  }

  dispose(): void {
    this.#connection?.dispose();
    process.off('SIGINT', this.#onInterrupt);
  }
}
