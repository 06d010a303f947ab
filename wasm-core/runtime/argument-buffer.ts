import { CoreError } from '../protocol/errors.ts';
import { PAGE_BYTES } from '../protocol/limits.ts';
import type { ModuleExport } from '../protocol/plugins.ts';
import type { CompiledModule } from './compiled-module.ts';

/** What the buffer needs of its instance. */
export interface BufferOwner {
  /** Where a page of the host's own begins; undefined when there is none. */
  readonly hostStart: number | undefined;
  readonly exports: Readonly<Record<string, WebAssembly.ExportValue>>;
  view(): Uint8Array;
  function(name: string): WebAssembly.GuestFunction;
  grow(pages: number): void;
  toError(error: unknown, functionName: string): CoreError;
}

/** The one buffer in guest memory into which the host writes arguments; docs/plugin-abi.md says where it lies. */
export class ArgumentBuffer {
  private readonly compiled: CompiledModule;
  private readonly owner: BufferOwner;
  private readonly hasAlloc: boolean;
  private readonly hasFree: boolean;
  private pointer = 0;
  private capacity = 0;

  constructor(compiled: CompiledModule, owner: BufferOwner) {
    this.compiled = compiled;
    this.owner = owner;
    this.hasAlloc = hasType(compiled, 'alloc', { parameters: 1, results: 1 });
    this.hasFree = hasType(compiled, 'free', { parameters: 2, results: 0 });
  }

  /** Forgets the buffer, for an instance that was made anew. */
  reset(): void {
    const { hostStart } = this.owner;
    this.pointer = hostStart ?? 0;
    this.capacity = hostStart === undefined ? 0 : PAGE_BYTES;
  }

  /**
   * @param byteLength below 2^32
   * @returns a pointer to at least that many bytes of guest memory
   * @throws CoreError MEMORY_LIMIT, MEMORY_BOUNDS, TRAP
   */
  reserve(byteLength: number): number {
    if (byteLength <= this.capacity) return this.pointer;
    const capacity = roomFor(byteLength, this.capacity > 0);
    if (this.hasAlloc) this.reserveByAlloc(capacity);
    else this.reserveAboveHeap(capacity);
    return this.pointer;
  }

  /**
   * Room that the guest's own `alloc` gives, apart from the buffer.
   *
   * @throws CoreError EXPORT_MISSING without `alloc`, MEMORY_LIMIT, MEMORY_BOUNDS, TRAP
   */
  allocate(capacity: number): number {
    const { owner } = this;
    const pointer = Number(callGuest(owner, 'alloc', [capacity])) >>> 0;
    const memoryByteLength = owner.view().byteLength;
    const details = { module: this.compiled.name, pointer, byteLength: capacity, memoryByteLength };
    if (pointer === 0) {
      const message = `${this.compiled.name} has no room for ${capacity} bytes: its alloc returned 0. Raise limits.memoryMb or send less.`;
      throw new CoreError('MEMORY_LIMIT', message, details);
    }
    if (pointer + capacity > memoryByteLength) {
      const message = `alloc(${capacity}) of ${this.compiled.name} returned address ${pointer}, but its memory ends at ${memoryByteLength}. alloc must return room for all bytes asked for.`;
      throw new CoreError('MEMORY_BOUNDS', message, details);
    }
    return pointer;
  }

  private reserveByAlloc(capacity: number): void {
    const { pointer, capacity: old } = this;
    // The old buffer is given up first: if `alloc` fails it must not be used again.
    this.capacity = 0;
    if (old > 0 && this.hasFree) callGuest(this.owner, 'free', [pointer, old]);
    this.pointer = this.allocate(capacity);
    this.capacity = capacity;
  }

  /** Without `alloc`: above `__heap_base`, or in pages of the host's own at the end of memory. */
  private reserveAboveHeap(capacity: number): void {
    const { owner } = this;
    const memoryEnd = owner.view().byteLength;
    let start = heapBase(owner.exports);
    if (start === undefined) {
      const ownsTheEnd = this.capacity > 0 && this.pointer + this.capacity === memoryEnd;
      start = ownsTheEnd ? this.pointer : memoryEnd;
    }
    const pages = Math.ceil((start + capacity - memoryEnd) / PAGE_BYTES);
    if (pages > 0) owner.grow(pages);
    const end = owner.view().byteLength;
    if (start + capacity > end) {
      const message = `${this.compiled.name} takes bytes but has no memory to put them in. Export its memory as memory.`;
      throw new CoreError('MEMORY_BOUNDS', message, { module: this.compiled.name });
    }
    this.pointer = start;
    this.capacity = heapBase(owner.exports) === undefined ? end - start : capacity;
  }
}

const ALIGNMENT = 16;
const EXACT_ABOVE = 1024 * 1024;

/** Small buffers grow in powers of two, large ones by a quarter, and a first large one is exact. */
function roomFor(byteLength: number, growing: boolean): number {
  if (byteLength <= EXACT_ABOVE) return 2 ** Math.ceil(Math.log2(Math.max(byteLength, 256)));
  return growing ? Math.min(byteLength + Math.ceil(byteLength / 4), 2 ** 32 - 1) : byteLength;
}

function heapBase(exports: Readonly<Record<string, WebAssembly.ExportValue>>): number | undefined {
  const base = Object.hasOwn(exports, '__heap_base') ? exports.__heap_base : undefined;
  if (!(base instanceof WebAssembly.Global) || typeof base.value !== 'number') return undefined;
  return Math.ceil((base.value >>> 0) / ALIGNMENT) * ALIGNMENT;
}

function hasType(
  compiled: CompiledModule,
  name: string,
  counts: { readonly parameters: number; readonly results: number },
): boolean {
  return compiled.exports.some(
    (e: ModuleExport) =>
      e.kind === 'function' &&
      e.name === name &&
      e.parameters.length === counts.parameters &&
      e.results.length === counts.results &&
      [...e.parameters, ...e.results].every((type) => type === 'i32'),
  );
}

function callGuest(owner: BufferOwner, name: string, args: readonly number[]): number | bigint | undefined {
  try {
    return owner.function(name)(...args);
  } catch (error) {
    throw owner.toError(error, name);
  }
}
