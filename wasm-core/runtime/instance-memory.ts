import { CoreError } from '../protocol/errors.ts';
import { PAGE_BYTES } from '../protocol/limits.ts';
import type { CompiledModule } from './compiled-module.ts';
import type { MemoryPool } from './memory-pool.ts';

const EMPTY = new Uint8Array(0);
const MAX_PAGES = 65_536;

/** The memory of one guest: taken from a pool, capped, read within its bounds. */
export class InstanceMemory {
  private readonly name: string;
  private readonly memories: MemoryPool;
  private readonly isDeclared: boolean;
  private readonly wantsHostPage: boolean;
  private readonly initialPages: number;
  private readonly maximumPages: number;
  private memory: WebAssembly.Memory | undefined;
  private bytes = EMPTY;
  private fresh = true;
  private hostPages = 0;

  /**
   * @param options.memoryMb cap in MiB, beside the module's own maximum
   * @throws CoreError MEMORY_LIMIT
   */
  constructor(
    compiled: CompiledModule,
    options: { readonly memoryMb: number; readonly memories: MemoryPool },
  ) {
    this.name = compiled.name;
    this.memories = options.memories;
    const { initialPages = 0, maximumPages = MAX_PAGES } = compiled.memory ?? {};
    const capPages = Math.min(MAX_PAGES, Math.floor((options.memoryMb * 1024 * 1024) / PAGE_BYTES));
    if (initialPages > capPages) throw tooLarge(compiled.name, initialPages, options.memoryMb);
    this.initialPages = initialPages;
    this.maximumPages = Math.min(maximumPages, capPages);
    this.wantsHostPage = needsHostPage(compiled) && initialPages < this.maximumPages;
    this.isDeclared = compiled.memory !== undefined;
    if (this.isDeclared) this.memory = this.acquire();
  }

  /** Where a page of the host's own begins, for arguments; undefined when there is none. */
  get hostStart(): number | undefined {
    return this.hostPages > 0 ? this.initialPages * PAGE_BYTES : undefined;
  }

  /** The memory itself; undefined for a module without one. */
  get object(): WebAssembly.Memory | undefined {
    return this.memory;
  }

  /** Whether `object` is another one than when this was last asked. */
  get isNew(): boolean {
    const { fresh } = this;
    this.fresh = false;
    return fresh;
  }

  /** Whether the guest has made it larger. */
  get hasGrown(): boolean {
    return this.view().byteLength > this.basePages * PAGE_BYTES;
  }

  /** The whole memory as it is now; empty without one. */
  view(): Uint8Array {
    // Growing detaches the old buffer, which makes its views empty.
    if (this.bytes.byteLength === 0 && this.memory) this.bytes = new Uint8Array(this.memory.buffer);
    return this.bytes;
  }

  /**
   * Makes it all zeros, for a new instance.
   *
   * @param options.exact whether it has to be just as large as the module declares, without the host's page
   * @throws CoreError MEMORY_LIMIT
   */
  renew(options: { readonly exact: boolean }): void {
    const fits = this.memory !== undefined && !(options.exact && this.hostPages > 0);
    if (fits && this.view().byteLength <= MAX_ZEROED_BYTES) this.view().fill(0);
    else if (this.isDeclared) {
      this.dispose();
      this.memory = this.acquire();
    }
  }

  /**
   * Adds the host's page for a module that takes bytes and says nowhere where to put them. It stays for the next runs: a
   * memory that grew in each of them could not be used again.
   */
  addHostPage(): void {
    if (!this.wantsHostPage || this.hostPages > 0 || this.hasGrown) return;
    this.memory?.grow(1);
    this.hostPages = 1;
  }

  /** Gives back a memory that has grown: nobody should hold it while nothing runs. */
  giveUpGrown(): void {
    if (this.hasGrown) this.dispose();
  }

  /** Gives it back. Idempotent. */
  dispose(): void {
    if (this.memory) this.memories.release(this.memory, this.basePages, this.maximumPages);
    this.memory = undefined;
    this.bytes = EMPTY;
    this.hostPages = 0;
  }

  /** @throws CoreError MEMORY_BOUNDS when the bytes reach past the end of memory */
  read(pointer: number, byteLength: number): Uint8Array {
    const view = this.view();
    const start = pointer >>> 0;
    const length = byteLength >>> 0;
    if (start + length <= view.byteLength) return view.subarray(start, start + length);
    const message = `${this.name} named ${length} bytes at address ${start}, but its memory ends at ${view.byteLength}. Check the pointer and the length that the plugin gives.`;
    throw new CoreError('MEMORY_BOUNDS', message, {
      module: this.name,
      pointer: start,
      byteLength: length,
      memoryByteLength: view.byteLength,
    });
  }

  /** Adds pages at its end. @throws CoreError MEMORY_LIMIT when the cap does not allow it */
  grow(pages: number): void {
    try {
      this.memory?.grow(pages);
    } catch {
      const has = this.view().byteLength / PAGE_BYTES;
      const message = `${this.name} has ${has} pages of 64 KiB and cannot get ${pages} more. Raise limits.memoryMb.`;
      throw new CoreError('MEMORY_LIMIT', message, { module: this.name, pages: has, wantedPages: pages });
    }
  }

  /** Its size while the guest has not grown it. */
  private get basePages(): number {
    return this.initialPages + this.hostPages;
  }

  private acquire(): WebAssembly.Memory {
    this.bytes = EMPTY;
    this.fresh = true;
    return this.memories.acquire(this.initialPages, this.maximumPages);
  }
}

/** Whether a module takes bytes and says nowhere where to put them: docs/plugin-abi.md, "Memory". */
function needsHostPage({ exports, memory }: CompiledModule): boolean {
  const has = (kind: string, name: string): boolean =>
    exports.some((e) => e.kind === kind && e.name === name);
  const takesBytes = memory !== undefined && has('function', 'process');
  return takesBytes && !has('function', 'alloc') && !has('global', '__heap_base');
}

/** Above this a new memory is cheaper than filling the old one with zeros. */
const MAX_ZEROED_BYTES = 16 * 1024 * 1024;

function tooLarge(name: string, initialPages: number, memoryMb: number): CoreError {
  const neededMb = Math.ceil((initialPages * PAGE_BYTES) / (1024 * 1024));
  const message = `${name} needs ${initialPages} pages of 64 KiB to start, more than the cap of ${memoryMb} MiB. Set limits.memoryMb to ${neededMb} or more.`;
  return new CoreError('MEMORY_LIMIT', message, { module: name, initialPages, memoryMb });
}
