import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { INTERPRETER_MB } from '../python-messages.ts';

/** A sandbox that says more than this on stderr is broken. */
const MAX_REASON = 2000;

/** Answers are letters and short messages; what is larger is not one. Bytes. */
const MAX_FRAME_BYTES = 1024 * 1024;

/** What its owner hears of a process. */
export interface PythonListener {
  onFrame(text: string): void;
  onEnd(reason: string): void;
}

/**
 * The process in which a session's Python scripts run. It can read its own program, and nothing else of the machine;
 * see `docs/search.md` for what holds that.
 */
export class PythonProcess {
  readonly #child: ChildProcess;
  #received = Buffer.alloc(0);
  #said = '';

  /** @param options.memoryMb of scripts, MiB */
  constructor(options: { readonly distFolder: string; readonly memoryMb: number }, listener: PythonListener) {
    const [command, ...args] = commandLine(options);
    this.#child = spawn(command, args, {
      cwd: '/',
      // The editor's own program is Node only when it is told so.
      env: process.env.ELECTRON_RUN_AS_NODE === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { stdin, stdout, stderr } = this.#child;
    stdin?.on('error', () => {});
    stdout?.on('data', (bytes: Buffer) => this.#receive(bytes, listener));
    stderr?.on('data', (bytes: Buffer) => {
      this.#said = (this.#said + bytes.toString()).slice(-MAX_REASON);
    });
    this.#child.on('error', (error) => listener.onEnd(error.message));
    this.#child.on('close', (code, signal) => {
      listener.onEnd(this.#said.trim() || (signal ?? `code ${code}`));
    });
  }

  send(text: string): void {
    const body = Buffer.from(text);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(body.length);
    this.#child.stdin?.write(Buffer.concat([head, body]));
  }

  /** Ends it at once, whatever it does. Idempotent. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #receive(bytes: Buffer, listener: PythonListener): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readUInt32LE();
      if (end > MAX_FRAME_BYTES) {
        this.#received = Buffer.alloc(0);
        this.kill();
      }
      if (this.#received.length < end) return;
      listener.onFrame(this.#received.toString('utf8', 4, end));
      this.#received = this.#received.subarray(end);
    }
  }
}

function commandLine(options: {
  readonly distFolder: string;
  readonly memoryMb: number;
}): [string, ...string[]] {
  const program = path.join(options.distFolder, 'python-sandbox.js');
  const folder = path.join(options.distFolder, 'pyodide');
  const flag = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const node = [
    process.execPath,
    '--no-warnings',
    flag,
    `--allow-fs-read=${program}`,
    `--allow-fs-read=${folder}${path.sep}*`,
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    '--max-old-space-size=256',
    program,
    folder,
    String(options.memoryMb + INTERPRETER_MB),
  ] as const;
  return process.platform === 'linux' ? ['sh', '-c', FENCED, 'sh', ...node] : [...node];
}

/**
 * Where the system lets us: a network namespace in which there is no network, and an end with the host's, whatever ends
 * that. Each is tried first, since it may be there and forbidden.
 */
const FENCED = [
  'fence() { "$@" true >/dev/null 2>&1; }',
  'if fence setpriv --pdeathsig KILL; then set -- setpriv --pdeathsig KILL "$@"; fi',
  'if fence unshare --user --net --; then set -- unshare --user --net -- "$@"; fi',
  'exec "$@"',
].join('\n');
