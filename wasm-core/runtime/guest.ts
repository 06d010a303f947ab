import { CoreError } from '../protocol/errors.ts';
import { PAGE_BYTES } from '../protocol/limits.ts';
import { ArgumentBuffer } from './argument-buffer.ts';
import { type CompiledModule, MEMORY_IMPORT } from './compiled-module.ts';
import { guestError, instantiationError } from './guest-errors.ts';
import { guestImports } from './guest-imports.ts';

/** What an instance may use. */
export interface GuestOptions {
  /** Cap of its memory in MiB, 1 to 4,096; `memory.grow` beyond it gives -1. */
  readonly memoryMb: number;
  /** Takes what the guest logs, a line at a time, at most 8 KiB each and 1,000 of them; absent: lines are dropped. */
  readonly onLog?: (line: string) => void;
}

/** One instance of a module with a fresh memory of its own. Not safe against endless loops: see the executor. */
export class Guest {
  private readonly compiled: CompiledModule;
  private memory: WebAssembly.Memory | undefined;
  private readonly buffer: ArgumentBuffer;
  private instanceExports: Readonly<Record<string, WebAssembly.ExportValue>> = {};
  private bytes = EMPTY;

  /**
   * Instantiates a module; its start function runs.
   *
   * @throws CoreError MEMORY_LIMIT when it needs more memory than the cap or the machine gives, IMPORT_UNKNOWN, TRAP
   *   when its start function or a segment traps
   */
  static create(compiled: CompiledModule, options: GuestOptions): Guest {
    return new Guest(compiled, options);
  }

  private constructor(compiled: CompiledModule, options: GuestOptions) {
    this.compiled = compiled;
    this.memory = createMemory(compiled, options.memoryMb);
    this.buffer = new ArgumentBuffer(compiled, this);
    const imports = {
      ...guestImports(this, options.onLog),
      [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: this.memory },
    };
    try {
      this.instanceExports = new WebAssembly.Instance(compiled.module, imports).exports;
    } catch (error) {
      throw instantiationError(error, compiled);
    }
  }

  /** The instance's exports, as WebAssembly gives them. */
  get exports(): Readonly<Record<string, WebAssembly.ExportValue>> {
    return this.instanceExports;
  }

  /** The whole memory as it is now; empty without one. Ask again after every call into the guest: it may have grown. */
  view(): Uint8Array {
    // Growing detaches the old buffer, which makes its views empty.
    if (this.bytes.byteLength === 0 && this.memory) this.bytes = new Uint8Array(this.memory.buffer);
    return this.bytes;
  }

  /**
   * The buffer for arguments, the same one from call to call unless it has to grow.
   *
   * @param byteLength how many bytes are to be written, below 2^32
   * @returns its pointer; that many bytes from there on are inside memory
   * @throws CoreError MEMORY_LIMIT when there is no room, MEMORY_BOUNDS when `alloc` gives a false pointer, TRAP
   */
  argumentBuffer(byteLength: number): number {
    return this.buffer.reserve(byteLength);
  }

  /** @throws CoreError EXPORT_MISSING when no function has that name */
  function(name: string): WebAssembly.GuestFunction {
    const value = Object.hasOwn(this.instanceExports, name) ? this.instanceExports[name] : undefined;
    if (typeof value === 'function') return value;
    throw new CoreError('EXPORT_MISSING', `${this.compiled.name} does not export a function ${name}.`, {
      module: this.compiled.name,
      export: name,
    });
  }

  /**
   * Bytes that the guest named, not copied: valid until the guest runs again.
   *
   * @param pointer i32, taken as unsigned
   * @param byteLength i32, taken as unsigned
   * @throws CoreError MEMORY_BOUNDS when they reach past the end of memory
   */
  read(pointer: number, byteLength: number): Uint8Array {
    const view = this.view();
    const start = pointer >>> 0;
    const length = byteLength >>> 0;
    if (start + length <= view.byteLength) return view.subarray(start, start + length);
    const { name } = this.compiled;
    const message = `${name} named ${length} bytes at address ${start}, but its memory ends at ${view.byteLength}. Check the pointer and the length that the plugin gives.`;
    throw new CoreError('MEMORY_BOUNDS', message, {
      module: name,
      pointer: start,
      byteLength: length,
      memoryByteLength: view.byteLength,
    });
  }

  /** Size of memory in pages of 64 KiB. Memory never shrinks, so at the end of a run this is its peak. */
  pages(): number {
    return this.memory ? this.memory.buffer.byteLength / PAGE_BYTES : 0;
  }

  /**
   * Adds pages at the end of memory for the host's own use.
   *
   * @throws CoreError MEMORY_LIMIT when the cap does not allow it
   */
  grow(pages: number): void {
    try {
      this.memory?.grow(pages);
    } catch {
      throw new CoreError(
        'MEMORY_LIMIT',
        `${this.compiled.name} has ${this.pages()} pages of 64 KiB and cannot get ${pages} more. Raise limits.memoryMb.`,
        { module: this.compiled.name, pages: this.pages(), wantedPages: pages },
      );
    }
  }

  /**
   * The error to report for what a call into the guest threw.
   *
   * @param functionName what was called, for the message
   * @returns TRAP with `details.stack`, the names of the guest's functions from the innermost on; a CoreError as it is
   */
  toError(error: unknown, functionName: string): CoreError {
    return guestError(error, { functionName, moduleName: this.compiled.name });
  }

  /** Lets go of the memory; the guest cannot be used afterwards. Idempotent. */
  dispose(): void {
    this.memory = undefined;
    this.instanceExports = {};
    this.bytes = EMPTY;
  }
}

const EMPTY = new Uint8Array(0);

/** A memory of the size that the module declares, capped by what it declares and by the run's limit. */
function createMemory(compiled: CompiledModule, memoryMb: number): WebAssembly.Memory | undefined {
  if (compiled.memory === undefined) return undefined;
  const { initialPages, maximumPages = MAX_PAGES } = compiled.memory;
  const capPages = Math.min(MAX_PAGES, Math.floor((memoryMb * 1024 * 1024) / PAGE_BYTES));
  const details = { module: compiled.name, initialPages, capPages };
  if (initialPages > capPages) {
    const neededMb = Math.ceil((initialPages * PAGE_BYTES) / (1024 * 1024));
    const message = `${compiled.name} needs ${initialPages} pages of 64 KiB to start, more than the cap of ${memoryMb} MiB. Set limits.memoryMb to ${neededMb} or more.`;
    throw new CoreError('MEMORY_LIMIT', message, details);
  }
  try {
    return new WebAssembly.Memory({ initial: initialPages, maximum: Math.min(maximumPages, capPages) });
  } catch {
    const message = `The machine did not give ${compiled.name} its ${initialPages} pages of memory. Run fewer modules at once.`;
    throw new CoreError('MEMORY_LIMIT', message, details);
  }
}

const MAX_PAGES = 65_536;
