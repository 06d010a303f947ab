import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { type Signature, signatureOf } from './adapter-cells.ts';
import { ADAPTER_URL, adapterModule } from './adapter-module.ts';

/** Calls a guest's function for each row of a chunk, in WebAssembly. */
export interface Adapter {
  /**
   * @param options.data the data of the argument vectors, flat
   * @param options.mask validity of the rows, which are skipped where it is 0; 0 when all are called
   * @returns the row whose result is out of the signature's range, and that result; undefined when there is none
   * @throws whatever the guest raises; `row` is then the row of the call
   */
  run(options: {
    readonly data: readonly Pointer[];
    readonly mask: Pointer;
    readonly output: Pointer;
    readonly rowCount: number;
  }): OutOfRange | undefined;
  /** The row that was called last. */
  row(): number;
}

/** A result that its type cannot hold. */
export interface OutOfRange {
  readonly row: number;
  readonly value: bigint;
}

/** Makes adapters: one module for each signature, one instance for each function of each guest's instance. */
export class Adapters {
  readonly #native: Pick<Native, 'memory'>;
  readonly #signatures = new WeakMap<PluginFunction, { readonly signature: Signature | undefined }>();
  readonly #modules = new Map<string, WebAssembly.Module>();
  // A guest's functions live as long as its instance, which is a statement. One export may be several SQL functions.
  readonly #instances = new WeakMap<WebAssembly.GuestFunction, Map<Signature, Adapter>>();

  constructor(native: Pick<Native, 'memory'>) {
    this.#native = native;
  }

  /** As `signatureOf`, remembered. */
  signature(fn: PluginFunction): Signature | undefined {
    const known = this.#signatures.get(fn);
    if (known !== undefined) return known.signature;
    const signature = signatureOf(fn);
    this.#signatures.set(fn, { signature });
    return signature;
  }

  /** @param invoke an export of a guest that has the types of the signature */
  get(invoke: WebAssembly.GuestFunction, signature: Signature): Adapter {
    let adapters = this.#instances.get(invoke);
    if (adapters === undefined) {
      adapters = new Map();
      this.#instances.set(invoke, adapters);
    }
    const known = adapters.get(signature);
    if (known !== undefined) return known;
    const made = this.#instantiate(invoke, signature);
    adapters.set(signature, made);
    return made;
  }

  #instantiate(invoke: WebAssembly.GuestFunction, signature: Signature): Adapter {
    const { exports } = new WebAssembly.Instance(this.#module(signature), {
      engine: { memory: this.#native.memory },
      guest: { function: invoke },
    });
    // The types are those of `adapterModule`.
    const run = exports.run as WebAssembly.GuestFunction;
    const row = exports.row as WebAssembly.Global;
    const value = exports.value as WebAssembly.Global;
    return {
      run: ({ data, mask, output, rowCount }) => {
        if (call(run, [...data, mask, output, rowCount]) === 0) return undefined;
        return { row: Number(row.value), value: BigInt(value.value as bigint) };
      },
      row: () => Number(row.value),
    };
  }

  #module(signature: Signature): WebAssembly.Module {
    const { parameters, result, range = [] } = signature;
    const key = [...parameters, result, ...range].join();
    const known = this.#modules.get(key);
    if (known !== undefined) return known;
    const made = new WebAssembly.Module(adapterModule(signature));
    this.#modules.set(key, made);
    return made;
  }
}

/** The adapter's own frame is not the guest's, and its error should not look as if it were. */
function call(run: WebAssembly.GuestFunction, args: readonly number[]): unknown {
  try {
    return run(...args);
  } catch (error) {
    if (error instanceof Error && error.stack !== undefined) {
      const lines = error.stack.split('\n').filter((line) => !line.includes(ADAPTER_URL));
      error.stack = lines.join('\n');
    }
    throw error;
  }
}
