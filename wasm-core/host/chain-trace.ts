import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { StepTrace } from '../chain/chain.ts';
import type { TracedBytes, TracedStep } from '../protocol/chains.ts';
import { CoreError, toRpcError } from '../protocol/errors.ts';
import { encodeBytesValue } from '../runtime/node/bytes-value.ts';

/** Of each input and output this much is in the answer: it has 65 of them at most. */
const HEAD_BYTES = 64 * 1024;

/** Notes what the steps of a chain were given and gave. */
export class ChainTrace {
  readonly #folder: string | undefined;
  readonly #steps: TracedStep[] = [];
  /** Each is the output of one step and the input of the next. */
  readonly #known = new Map<Uint8Array, TracedBytes>();
  readonly #writing: Promise<void>[] = [];

  /** @param folder absolute, for what is longer than a head; undefined: it is cut */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** Takes a step that ran. */
  add({ number, name, input, done }: StepTrace): void {
    const step = { number, name, input: this.#bytes(input, `step-${number}.input`) };
    if ('error' in done) {
      this.#steps.push({ ...step, error: toRpcError(done.error) });
      return;
    }
    const { output, result, logs } = done;
    this.#steps.push({
      ...step,
      output: this.#bytes(output, `step-${number}.output`),
      result,
      ...(logs.length > 0 && { logs }),
    });
  }

  /** Whether the last step failed. */
  get hasFailed(): boolean {
    return this.#steps.at(-1)?.error !== undefined;
  }

  /** What was noted, once it is written. @throws CoreError FILE_IO */
  async steps(): Promise<readonly TracedStep[]> {
    try {
      await Promise.all(this.#writing);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CoreError('FILE_IO', `traceFolder cannot be written to: ${reason}`, { path: this.#folder });
    }
    return this.#steps;
  }

  #bytes(bytes: Uint8Array, name: string): TracedBytes {
    const known = this.#known.get(bytes);
    if (known !== undefined) return known;
    const { byteLength } = bytes;
    const head = encodeBytesValue(bytes.subarray(0, headLength(bytes)));
    const isCut = byteLength > HEAD_BYTES;
    const file = isCut && this.#folder !== undefined ? path.join(this.#folder, name) : undefined;
    if (file !== undefined) this.#writing.push(writeFile(file, bytes));
    const traced = { byteLength, head, ...(file !== undefined && { file }) };
    this.#known.set(bytes, traced);
    return traced;
  }
}

/** Not in the middle of a character of UTF-8. */
function headLength(bytes: Uint8Array): number {
  if (bytes.byteLength <= HEAD_BYTES) return bytes.byteLength;
  let end = HEAD_BYTES;
  // Bytes within a character begin with 10; one has three of them at most.
  while (end > HEAD_BYTES - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return end;
}
