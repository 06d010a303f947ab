import { CoreError } from '../../protocol/errors.ts';
import type { HostFunctionOwner, RunContext } from '../host-functions/owner.ts';
import { ByteCollector } from './byte-collector.ts';
import { LineLog } from './line-log.ts';

/** What a program is given, and how much it may give. */
export interface WasiIoOptions {
  /** What standard input gives; not copied, not changed. */
  readonly input: Uint8Array;
  /** Cap of what standard output may take when it is the output. */
  readonly maxOutputBytes: number;
  /** The first argument, by which a program calls itself. */
  readonly programName: string;
  /** Where standard output goes: a program's is its output; a module that returns its output logs what it prints. */
  readonly stdout: 'output' | 'log';
}

/** Standard input, output and error of one instance, for as long as it lives, and its exit code. */
export class WasiIo {
  readonly options: WasiIoOptions;
  /** What the guest gave `proc_exit`; undefined until then. */
  exitCode: number | undefined;
  private readonly collected: ByteCollector;
  private readonly stdoutLines = new LineLog((line) => this.lines.push(line));
  private readonly stderrLines = new LineLog((line) => this.lines.push(line));
  private lines: string[] = [];
  private tail = new Uint8Array(0);

  constructor(options: WasiIoOptions) {
    this.options = options;
    this.collected = new ByteCollector(options.maxOutputBytes);
  }

  /** A copy of what was written to standard output; empty when that is logged. */
  output(): Uint8Array {
    return this.collected.toBytes();
  }

  /** The end of what was written to standard error, at most 2 KiB, without space around it. */
  stderrTail(): string {
    return new TextDecoder().decode(this.tail).trim();
  }

  /** Takes what was written to standard output. @throws CoreError OUTPUT_LIMIT */
  writeStdout(bytes: Uint8Array, owner: HostFunctionOwner): void {
    if (this.options.stdout === 'log') {
      this.stdoutLines.write(bytes);
      this.hand(owner.run);
      return;
    }
    if (this.collected.add(bytes)) return;
    const { maxOutputBytes } = this.options;
    const byteLength = this.collected.byteLength + bytes.byteLength;
    const message = `The program wrote ${byteLength} bytes, more than the ${maxOutputBytes} allowed. Raise limits.maxOutputBytes.`;
    throw owner.fail(new CoreError('OUTPUT_LIMIT', message, { byteLength, maxOutputBytes }));
  }

  /** Takes what was written to standard error: whole lines go to the run's log. */
  writeStderr(bytes: Uint8Array, run: RunContext): void {
    const last = bytes.subarray(-MAX_TAIL_BYTES);
    const kept = this.tail.subarray(Math.max(0, this.tail.byteLength + last.byteLength - MAX_TAIL_BYTES));
    const tail = new Uint8Array(kept.byteLength + last.byteLength);
    tail.set(kept);
    tail.set(last, kept.byteLength);
    this.tail = tail;
    this.stderrLines.write(bytes);
    this.hand(run);
  }

  /** Logs lines that were begun and not ended; at the end of a run, however it ended. */
  flush(run: RunContext): void {
    this.stdoutLines.flush();
    this.stderrLines.flush();
    this.hand(run);
  }

  private hand(run: RunContext): void {
    const { lines } = this;
    if (lines.length === 0) return;
    this.lines = [];
    for (const line of lines) run.log('info', line);
  }
}

const MAX_TAIL_BYTES = 2048;
