import { CONTROL, CONTROL_EXPORT } from '../../wasm-core/binary/control-functions.ts';
import { readModule } from '../../wasm-core/binary/reader.ts';
import { rewriteModule } from '../../wasm-core/binary/rewrite.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { GuestProfile } from '../../wasm-core/runtime/profile/guest-profile.ts';
import { modulesOf } from './wast.ts';
import { constantOf, type Form, formsOf, stringOf } from './wast-forms.ts';
import { assemble } from './wat.ts';

/** How a world makes instances: from the original bytes, or from rewritten ones. */
export type Build = 'original' | 'metered' | 'unmetered' | 'profiled';

/** What came of one command: a value, an error, or `skipped` for what the border to JavaScript does not let through. */
export interface Outcome {
  readonly command: string;
  /** Position in the script. */
  readonly at: number;
  readonly result: string;
}

type Exports = Readonly<Record<string, unknown>>;
type GuestExports = Parameters<GuestProfile['attach']>[0];

/** Runs a script of the specification and says what came of each of its commands. */
export async function runScript(script: string, build: Build): Promise<Outcome[]> {
  const world = new World(script, build);
  const outcomes: Outcome[] = [];
  for (const form of formsOf(script)) {
    const command = String(form.items[0]);
    outcomes.push({ command, at: form.start, result: await world.run(form) });
  }
  return outcomes;
}

class World {
  private readonly named = new Map<string, Exports>();
  private readonly registered: Record<string, Exports> = { spectest: spectest() };
  private readonly instances: Exports[] = [];
  private current: Exports | undefined;
  /** Whether a module put functions into a shared table before a segment of its trapped: nobody can give those fuel. */
  private hasOrphans = false;

  constructor(
    private readonly script: string,
    private readonly build: Build,
  ) {}

  async run(form: Form): Promise<string> {
    const [command, action] = form.items;
    switch (command) {
      case 'module':
        return this.define(form);
      case 'register':
        return this.register(form);
      case 'invoke':
      case 'get':
        return this.act(form);
      case 'assert_return':
      case 'assert_trap':
      case 'assert_exception':
      case 'assert_exhaustion':
      case 'assert_unlinkable': {
        if (typeof action !== 'object') return 'skipped';
        return action.items[0] === 'module'
          ? this.instantiate(action).then(({ result }) => result)
          : this.act(action);
      }
    }
    return 'skipped';
  }

  private async define(form: Form): Promise<string> {
    const { result, exports } = await this.instantiate(form);
    this.current = exports;
    const name = form.items.find((item) => typeof item === 'string' && item.startsWith('$'));
    if (typeof name === 'string' && exports) this.named.set(name, exports);
    return result;
  }

  private register({ items }: Form): string {
    const exports = typeof items[2] === 'string' ? this.named.get(items[2]) : this.current;
    if (exports) this.registered[stringOf(items[1])] = exports;
    return exports ? 'registered' : 'skipped';
  }

  private async instantiate(form: Form): Promise<{ readonly result: string; readonly exports?: Exports }> {
    const bytes = await bytesOf(this.script.slice(form.start, form.end));
    if (bytes === undefined) return { result: 'skipped' };
    try {
      const exports = this.build === 'original' ? this.original(bytes) : this.rewritten(bytes);
      return { result: 'instantiated', exports };
    } catch (error) {
      this.hasOrphans ||= error instanceof WebAssembly.RuntimeError;
      return { result: describe(error) };
    }
  }

  private original(bytes: Uint8Array): Exports {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), this.registered as never)
      .exports;
  }

  private rewritten(bytes: Uint8Array): Exports {
    const { memory: limits, ...rewritten } = rewriteModule(readModule(bytes), {
      metered: this.build !== 'unmetered',
      profiled: this.build === 'profiled',
    });
    const memory =
      limits &&
      new WebAssembly.Memory({ initial: limits.initialPages, maximum: limits.maximumPages ?? 65_536 });
    const module = new WebAssembly.Module(rewritten.bytes as BufferSource);
    const { exports } = new WebAssembly.Instance(module, { ...this.registered, quern: { memory } } as never);
    this.instances.push(exports);
    GuestProfile.of({ digest: '', ...rewritten })?.attach(exports as GuestExports);
    refuel(exports);
    if (rewritten.hasStart) controlOf(exports)(CONTROL.start, 0, 0);
    return exports;
  }

  private act({ items }: Form): string {
    const hasName = typeof items[1] === 'string' && items[1].startsWith('$');
    const exports = hasName ? this.named.get(String(items[1])) : this.current;
    const [name, ...rest] = items.slice(hasName ? 2 : 1);
    const args = rest.map((item) => (typeof item === 'object' ? constantOf(item) : undefined));
    if (exports === undefined || args.includes(undefined)) return 'skipped';
    const target = exports[stringOf(name)];
    if (target instanceof WebAssembly.Global) return describeGlobal(target);
    if (typeof target !== 'function') return 'skipped';
    // A call may go on in any other instance, through a shared table.
    this.instances.forEach(refuel);
    try {
      return JSON.stringify(shown(target(...args.map((a) => a?.value))));
    } catch (error) {
      const result = describe(error);
      return this.hasOrphans && WITHOUT_FUEL.has(result) ? 'without fuel' : result;
    }
  }
}

/** What becomes of a function that has no fuel, and of one whose profile has no hooks. */
const WITHOUT_FUEL = new Set([
  'RuntimeError: unreachable',
  'RuntimeError: null function or function signature mismatch',
]);

/** Only what V8 takes and we do not refuse by name is compared. */
async function bytesOf(text: string): Promise<Uint8Array | undefined> {
  const [module] = modulesOf(text);
  if (module === undefined || /^\(module\s+(definition|instance)\b/.test(text)) return undefined;
  const bytes = module.form === 'binary' ? module.bytes : await assemble(module.wat).catch(() => undefined);
  if (bytes === undefined || !WebAssembly.validate(bytes as BufferSource)) return undefined;
  try {
    rewriteModule(readModule(bytes), { metered: true });
    return bytes;
  } catch (error) {
    if (error instanceof CoreError && error.kind !== 'FORMAT_WASM') return undefined;
    throw error;
  }
}

function controlOf(exports: Exports): (op: number, a: number, b: number) => number {
  return exports[CONTROL_EXPORT] as ReturnType<typeof controlOf>;
}

function refuel(exports: Exports): void {
  if (exports[CONTROL_EXPORT]) controlOf(exports)(CONTROL.setFuel, 2 ** 30, 1000);
}

function describeGlobal(global: WebAssembly.Global): string {
  try {
    return JSON.stringify(shown(global.value));
  } catch (error) {
    return describe(error);
  }
}

function describe(error: unknown): string {
  if (Object.prototype.toString.call(error) === '[object WebAssembly.Exception]') return 'exception';
  // Its message shows limits of tables and memories, which are ours.
  if (error instanceof WebAssembly.LinkError) return error.name;
  return error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`;
}

/** A value as text that keeps -0, NaN and integers of 64 bits apart. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === 'function') return 'a function';
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'bigint' ? `${value}n` : ((value ?? null)?.toString() ?? 'null');
}

/** The module that scripts may import: https://github.com/WebAssembly/spec/tree/main/interpreter#spectest-host-module. */
function spectest(): Exports {
  const none = (): void => undefined;
  const print = { print: none, print_i32: none, print_i64: none, print_f32: none, print_f64: none };
  const global = (value: 'i32' | 'i64' | 'f32' | 'f64', number: number | bigint) =>
    new WebAssembly.Global({ value }, number as never);
  return {
    ...print,
    print_i32_f32: none,
    print_f64_f64: none,
    global_i32: global('i32', 666),
    global_i64: global('i64', 666n),
    global_f32: global('f32', 666.6),
    global_f64: global('f64', 666.6),
    table: new WebAssembly.Table({ initial: 10, maximum: 20, element: 'anyfunc' }),
    memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }),
  };
}
