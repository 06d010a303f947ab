import { CoreError } from '../protocol/errors.ts';
import { PAGE_BYTES } from '../protocol/limits.ts';

/** How a memory pool is set up; every member has a default. */
export interface MemoryPoolOptions {
  /**
   * Most memories alive at a time, 2,000 by default: V8 reserves 8 to 10 GB of addresses for each, of which a process
   * has 128 TB, and other threads have pools of their own.
   */
  readonly maxLive?: number;
  /** Memories that are given away and not yet collected before garbage is collected on our demand. */
  readonly maxDiscarded?: number;
  /** Bytes of idle memories that are kept, 16 MiB by default. */
  readonly maxIdleBytes?: number;
  /** Collects garbage now; absent: V8 collects when it likes. */
  readonly collectGarbage?: () => void;
}

/** What a memory pool did so far, and what it holds. */
export interface MemoryPoolStats {
  /** Memories that exist, garbage that V8 has not collected included. */
  readonly live: number;
  readonly idle: number;
  readonly created: number;
  readonly reused: number;
  /** Memories that were not taken back: grown, too large, or over what is kept. */
  readonly discarded: number;
}

/**
 * Memories of one thread, handed out zero-filled. A new memory costs 40 to 60 µs and a lot of address space, filling a
 * small one with zeros under 1 µs.
 */
export class MemoryPool {
  private readonly options: Required<Omit<MemoryPoolOptions, 'collectGarbage'>> &
    Pick<MemoryPoolOptions, 'collectGarbage'>;
  private readonly idle = new Map<string, WebAssembly.Memory[]>();
  private readonly finalized = new FinalizationRegistry<undefined>(() => void this.live--);
  private live = 0;
  private idleCount = 0;
  private idleBytes = 0;
  private created = 0;
  private reused = 0;
  private discarded = 0;
  private sinceCollection = 0;

  constructor(options: MemoryPoolOptions = {}) {
    this.options = { maxLive: 2000, maxDiscarded: 256, maxIdleBytes: 16 * 1024 * 1024, ...options };
  }

  /**
   * A memory full of zeros.
   *
   * @param initialPages, maximumPages pages of 64 KiB, 0 to 65,536
   * @throws CoreError MEMORY_LIMIT when too many memories are alive or the machine gives no more
   */
  acquire(initialPages: number, maximumPages: number): WebAssembly.Memory {
    const memory = this.idle.get(keyOf(initialPages, maximumPages))?.pop();
    if (memory === undefined) return this.create(initialPages, maximumPages);
    this.idleCount--;
    this.idleBytes -= memory.buffer.byteLength;
    this.reused++;
    new Uint8Array(memory.buffer).fill(0);
    return memory;
  }

  /** Takes a memory back that nobody uses any more. One that has grown is left to the garbage collector. */
  release(memory: WebAssembly.Memory, initialPages: number, maximumPages: number): void {
    const { byteLength } = memory.buffer;
    const fits = byteLength <= MAX_POOLED_BYTES && this.idleBytes + byteLength <= this.options.maxIdleBytes;
    if (byteLength !== initialPages * PAGE_BYTES || !fits) {
      this.discard();
      return;
    }
    const key = keyOf(initialPages, maximumPages);
    const list = this.idle.get(key);
    if (list === undefined) this.idle.set(key, [memory]);
    else list.push(memory);
    this.idleCount++;
    this.idleBytes += byteLength;
  }

  /** Lets go of every idle memory. */
  shrink(): void {
    for (const list of this.idle.values()) {
      for (let left = list.length; left > 0; left--) this.discard();
    }
    this.idle.clear();
    this.idleCount = 0;
    this.idleBytes = 0;
  }

  stats(): MemoryPoolStats {
    const { live, created, reused, discarded } = this;
    return { live, idle: this.idleCount, created, reused, discarded };
  }

  private create(initial: number, maximum: number): WebAssembly.Memory {
    if (this.live >= this.options.maxLive) this.collect();
    if (this.live >= this.options.maxLive) {
      const message = `There are ${this.live} plugin memories alive, which is the most that one thread has. Run fewer modules at once, or try again.`;
      throw new CoreError('MEMORY_LIMIT', message, { liveMemories: this.live });
    }
    let memory: WebAssembly.Memory;
    try {
      memory = new WebAssembly.Memory({ initial, maximum });
    } catch {
      this.collect();
      memory = newMemory(initial, maximum);
    }
    this.live++;
    this.created++;
    this.finalized.register(memory, undefined);
    return memory;
  }

  private discard(): void {
    this.discarded++;
    this.sinceCollection++;
    if (this.sinceCollection >= this.options.maxDiscarded) this.collect();
  }

  private collect(): void {
    this.sinceCollection = 0;
    this.options.collectGarbage?.();
  }
}

/** Filling more than this with zeros costs more than a new memory. */
const MAX_POOLED_BYTES = 16 * 1024 * 1024;

function keyOf(initialPages: number, maximumPages: number): string {
  return `${initialPages}/${maximumPages}`;
}

function newMemory(initial: number, maximum: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial, maximum });
  } catch {
    const message = `The machine did not give a plugin its ${initial} pages of memory. Run fewer modules at once.`;
    throw new CoreError('MEMORY_LIMIT', message, { initialPages: initial });
  }
}
