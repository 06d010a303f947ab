import { setTimeout as sleep } from 'node:timers/promises';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { CoreError } from '../../../protocol/errors.ts';
import type { PythonAsk, PythonRequest, PythonTell } from '../python-messages.ts';
import type { ScriptFunction, ScriptGuard, ScriptRuntime } from '../script-runtime.ts';

/** How long the interpreter may take to start, milliseconds: a second by itself, more on a busy machine. */
const START_TIMEOUT_MS = 60_000;

/** How often a guard is asked while Python runs, milliseconds. */
const LOOK_MS = 20;

/** How long scripts may take to go, milliseconds. */
const END_TIMEOUT_MS = 1000;

/** The way to the process. */
export interface PythonLink {
  readonly port: MessagePort;
  /** A shared place that is counted up, with a notification, when the port has a message. */
  readonly wake: { readonly signals: Int32Array; readonly index: number };
}

/**
 * Starts Python in a process of its own.
 *
 * @param options.run another number each time
 * @param options.check throws when nobody waits for it any more
 * @throws CoreError SCRIPT_ERROR when it does not start; what `check` throws
 */
export async function startPython(
  link: PythonLink,
  options: { readonly run: number; readonly memoryMb: number; readonly check: () => void },
): Promise<ScriptRuntime> {
  const runtime = new PythonRuntime(link, options);
  await runtime.start(options.check);
  return runtime;
}

class PythonRuntime implements ScriptRuntime {
  readonly #link: PythonLink;
  readonly #run: number;
  readonly #memoryMb: number;
  #lost = false;
  #scripts = 0;

  constructor(link: PythonLink, options: { readonly run: number; readonly memoryMb: number }) {
    this.#link = link;
    this.#run = options.run;
    this.#memoryMb = options.memoryMb;
  }

  async start(check: () => void): Promise<void> {
    this.#ask({ type: 'start', run: this.#run, memoryMb: this.#memoryMb });
    const until = performance.now() + START_TIMEOUT_MS;
    while (this.#receive() === undefined) {
      if (performance.now() > until) throw this.#end('it did not start in time');
      try {
        check();
      } catch (error) {
        this.#end('nobody waits for it');
        throw error;
      }
      await sleep(LOOK_MS);
    }
  }

  fits({ memoryMb }: { readonly memoryMb: number }): boolean {
    return !this.#lost && memoryMb === this.#memoryMb;
  }

  load(source: { readonly code: string; readonly function: string }): ScriptFunction {
    const id = this.#scripts++;
    const { code, function: name } = source;
    let loaded = false;
    return {
      call: (rows, guard) => {
        if (!loaded) this.#request(JSON.stringify({ type: 'load', id, code, function: name }), guard);
        loaded = true;
        const answer = this.#request(`{"type":"call","id":${id},"rows":${rows}}`, guard);
        if (answer.startsWith('{"error": "MemoryError')) throw this.#memoryError();
        return answer;
      },
    };
  }

  end(): void {
    const request: PythonRequest = { type: 'end' };
    const until = performance.now() + END_TIMEOUT_MS;
    const stop = (): CoreError | undefined =>
      performance.now() < until ? undefined : new CoreError('DEADLINE_EXCEEDED', 'The script does not end.');
    try {
      if (!this.#lost) this.#request(JSON.stringify(request), { stop });
    } catch {
      // Values may do things when they go, and end the process with them. The statement has its rows.
    }
  }

  /** Asks and waits, as a callback of the engine has to. */
  #request(text: string, guard: ScriptGuard): string {
    if (this.#lost) throw this.#end('it has ended');
    const { signals, index } = this.#link.wake;
    this.#ask({ type: 'frame', run: this.#run, text });
    for (;;) {
      const seen = Atomics.load(signals, index);
      const answer = this.#receive();
      if (answer !== undefined) return answer;
      const stopped = guard.stop();
      if (stopped !== undefined) {
        this.#end('it was stopped');
        throw stopped;
      }
      Atomics.wait(signals, index, seen, LOOK_MS);
    }
  }

  /** The process's next frame, if it is there. @throws CoreError SCRIPT_ERROR when it has ended */
  #receive(): string | undefined {
    for (;;) {
      const tell = receiveMessageOnPort(this.#link.port)?.message as PythonTell | undefined;
      if (tell === undefined) return undefined;
      if (tell.run !== this.#run) continue;
      if (tell.type === 'frame') return tell.text;
      throw this.#end(tell.reason);
    }
  }

  #end(reason: string): CoreError {
    this.#lost = true;
    this.#ask({ type: 'kill', run: this.#run });
    return new CoreError('SCRIPT_ERROR', `Python's sandbox has ended: ${reason}.`);
  }

  /** What the interpreter holds after it is not worth keeping. */
  #memoryError(): CoreError {
    this.#end('out of memory');
    return new CoreError('MEMORY_LIMIT', `The script needs more than ${this.#memoryMb} MiB of memory.`, {
      memoryMb: this.#memoryMb,
    });
  }

  #ask(message: PythonAsk): void {
    this.#link.port.postMessage(message);
  }
}
