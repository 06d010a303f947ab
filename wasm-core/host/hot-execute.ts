import { isUtf8 } from 'node:buffer';
import type { ProcessForm } from '../binary/abi.ts';
import { CoreError } from '../protocol/errors.ts';
import { DEFAULT_LIMITS } from '../protocol/limits.ts';
import type { CompiledModule } from '../runtime/compiled-module.ts';
import type { Job, Outcome } from '../runtime/job.ts';
import { encodeBytesValue } from '../runtime/node/bytes-value.ts';
import type { ModuleRecord } from '../runtime/registry.ts';
import { importsFunctions } from '../runtime/run-context.ts';
import type { HostContext } from './context.ts';
import { ascii, hotLine, isPlain, readHotLine, writeDecimal } from './hot-line.ts';
import type { OutgoingLines } from './outgoing-lines.ts';

/** A module that hot lines may run: compiled, metered, without host functions. */
interface HotModule {
  readonly record: ModuleRecord;
  readonly compiled: CompiledModule;
  readonly form: ProcessForm;
  uses: number;
}

/** Numbers and punctuation of an answer beside its output, bytes at most. */
const MAX_FRAME_BYTES = 256;
const MAX_HOT_OUTPUT_BYTES = 32 * 1024;

/** How often the registry is told that a module is in use, in runs, so that it is not the one that is evicted. */
const TOUCH_EVERY = 1024;

/**
 * Answers the lines of `hot-line.ts` without making anything of JSON: from the bytes of the line into the guest, from
 * the guest into the bytes of the answer. Only what needs none of what requests may ask for, no grants, no state, no
 * events, no limits, goes this way; for everything else it says no, and the way of all requests answers.
 */
export class HotExecute {
  readonly #context: Pick<HostContext, 'registry' | 'executor' | 'runner' | 'events'>;
  readonly #modules = new Map<string, HotModule>();
  readonly #line = hotLine();

  constructor(context: Pick<HostContext, 'registry' | 'executor' | 'runner' | 'events'>) {
    this.#context = context;
    context.registry.onChange(() => this.#modules.clear());
  }

  /** Forgets what it knows of modules; to be called when compiled ones are let go. */
  clear(): void {
    this.#modules.clear();
  }

  /**
   * Answers a line, when it can.
   *
   * @param isFree whether an id is not in use by a request under way
   * @returns whether it did; when not, nothing has happened
   */
  answer(line: Buffer, outgoing: OutgoingLines, isFree: (id: number) => boolean): boolean {
    const parts = this.#line;
    if (!readHotLine(line, parts) || !isFree(parts.id)) return false;
    if (this.#context.events.wants('called')) return false;
    const module = this.#module(line.toString('latin1', parts.nameStart, parts.nameEnd));
    if (module === undefined) return false;
    const input = line.subarray(parts.inputStart, parts.inputEnd);
    if (!parts.isAscii && !isUtf8(input)) return false;
    const { id } = parts;
    const outcome = this.#run(module, input);
    if (outcome === undefined) return false;
    return writeAnswer(id, outcome, outgoing) || pushAnswer(id, outcome, outgoing);
  }

  #module(name: string): HotModule | undefined {
    const known = this.#modules.get(name);
    if (known === undefined) return this.#find(name);
    if (++known.uses % TOUCH_EVERY === 0) this.#context.registry.ready(known.record);
    return known;
  }

  #find(name: string): HotModule | undefined {
    const { registry } = this.#context;
    const record = registry.find({ module: name });
    const compiled = record && registry.ready(record);
    if (record?.processForm === undefined || compiled === undefined) return undefined;
    if (!compiled.metered || importsFunctions(compiled)) return undefined;
    const module = { record, compiled, form: record.processForm, uses: 0 };
    this.#modules.set(name, module);
    return module;
  }

  /** A run that fails is run again on the way of all requests, which tells the error: it changed nothing. */
  #run(module: HotModule, input: Uint8Array): Outcome | undefined {
    try {
      // Written out: spreading another object takes a third of the whole run.
      const { compiled, form } = module;
      const job: Job = { type: 'execute', compiled, form, input, limits: DEFAULT_LIMITS };
      const outcome = this.#context.executor.tryRun(job);
      if (outcome !== undefined) this.#context.runner.noteRun();
      return outcome;
    } catch {
      return undefined;
    }
  }
}

const RESULT = ascii('{"jsonrpc":"2.0","id":');
const OUTPUT = ascii(',"result":{"output":{"utf8":"');
const FUEL = ascii('"},"usage":{"fuel":');
const PAGES = ascii(',"pages":');
const MICROS = ascii(',"micros":');
const SHORT = ascii(',"lane":"short"}}}\n');

/** @returns false, with nothing written, when the output is long or is not plain ASCII */
function writeAnswer(id: number, { value, usage }: Outcome, outgoing: OutgoingLines): boolean {
  if (!(value instanceof Uint8Array) || value.length > MAX_HOT_OUTPUT_BYTES) return false;
  const block = outgoing.room(value.length + MAX_FRAME_BYTES);
  let at = outgoing.position;
  at = copy(block, at, RESULT);
  at = writeDecimal(block, at, id);
  at = copy(block, at, OUTPUT);
  for (let i = 0; i < value.length; i++) {
    const byte = value[i] ?? 0;
    if (byte > 0x7e || !isPlain(byte)) return false;
    block[at++] = byte;
  }
  at = copy(block, at, FUEL);
  at = writeDecimal(block, at, usage.fuel ?? 0);
  at = copy(block, at, PAGES);
  at = writeDecimal(block, at, usage.pages);
  at = copy(block, at, MICROS);
  at = writeDecimal(block, at, usage.micros);
  at = copy(block, at, SHORT);
  outgoing.advance(at);
  return true;
}

/** For texts this short a loop is several times as fast as `Buffer.write` and `set`. */
function copy(into: Uint8Array, at: number, text: Uint8Array): number {
  for (let i = 0; i < text.length; i++) into[at + i] = text[i] ?? 0;
  return at + text.length;
}

/** @returns false when the output does not fit a line, which the way of all requests tells */
function pushAnswer(id: number, outcome: Outcome, outgoing: OutgoingLines): boolean {
  try {
    outgoing.push(answerText(id, outcome));
    return true;
  } catch (error) {
    if (error instanceof CoreError) return false;
    throw error;
  }
}

function answerText(id: number, { value, usage }: Outcome): string {
  if (!(value instanceof Uint8Array)) throw new Error('a run of process gave no bytes');
  return `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify({ output: encodeBytesValue(value), usage })}}`;
}
