import { CONTROL, CONTROL_EXPORT } from '../../wasm-core/binary/control-functions.ts';
import { readModule } from '../../wasm-core/binary/reader.ts';
import { rewriteModule } from '../../wasm-core/binary/rewrite.ts';
import { assemble } from './wat.ts';

/** A rewritten module's instance under test. */
export interface MeteredInstance {
  readonly exports: Readonly<Record<string, (...args: unknown[]) => unknown>>;
  /** `quern:control`. */
  readonly control: (op: number, a: number, b: number) => number;
  /** Gives fuel, calls an export, and says how much it took; a trap is thrown on. */
  readonly cost: (name: string, ...args: unknown[]) => number;
  /** Fuel left of the counter and the reserve, which was `CHUNK * reserve + counter`. */
  readonly left: () => number;
}

const CHUNK = 2 ** 30;

/** Rewrites and instantiates a module; it begins with fuel for 2^31 operators. */
export async function meter(
  wat: string | Uint8Array,
  options: { readonly metered?: boolean; readonly imports?: WebAssembly.Imports } = {},
): Promise<MeteredInstance> {
  const bytes = typeof wat === 'string' ? await assemble(wat) : wat;
  const rewritten = rewriteModule(readModule(bytes), { metered: options.metered ?? true });
  const { initialPages = 0, maximumPages = 65_536 } = rewritten.memory ?? {};
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages });
  const module = new WebAssembly.Module(rewritten.bytes as BufferSource);
  const instance = new WebAssembly.Instance(module, { ...options.imports, quern: { memory } });
  const exports = instance.exports as MeteredInstance['exports'];
  const control = exports[CONTROL_EXPORT] as MeteredInstance['control'];
  const left = () => control(CONTROL.counter, 0, 0) + CHUNK * control(CONTROL.reserve, 0, 0);
  control(CONTROL.setFuel, CHUNK, 1);
  const cost = (name: string, ...args: unknown[]): number => {
    control(CONTROL.setFuel, CHUNK, 1);
    exports[name]?.(...args);
    return CHUNK * 2 - left();
  };
  return { exports, control, cost, left };
}
