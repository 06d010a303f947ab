import type { CompiledModule } from './compiled-module.ts';
import { Guest } from './guest.ts';
import type { MemoryPool } from './memory-pool.ts';

/** What an instance pool holds and did. */
export interface InstancePoolStats {
  readonly idle: number;
  readonly busy: number;
  readonly created: number;
  readonly reused: number;
  /** Instances that were not kept: more than the pool keeps, or broken. */
  readonly discarded: number;
}

/** Idle instances that a pool keeps; a thread runs one at a time, and only chains and re-entrant use hold more. */
const MAX_IDLE = 4;

/**
 * Instances of one module with one memory cap. `acquire` takes an idle one or makes one, so the pool grows with what is
 * in use; `release` keeps a few. Whatever an instance was used for, `Guest.begin` makes it a fresh one.
 */
export class InstancePool {
  readonly compiled: CompiledModule;
  readonly memoryMb: number;
  private readonly memories: MemoryPool;
  private readonly idle: Guest[] = [];
  private maxIdle = MAX_IDLE;
  private busy = 0;
  private created = 0;
  private reused = 0;
  private discarded = 0;
  private disposed = false;

  constructor(
    compiled: CompiledModule,
    options: { readonly memoryMb: number; readonly memories: MemoryPool },
  ) {
    this.compiled = compiled;
    this.memoryMb = options.memoryMb;
    this.memories = options.memories;
  }

  /** An instance for the caller alone, until `release`. @throws CoreError MEMORY_LIMIT */
  acquire(): Guest {
    const guest = this.idle.pop();
    if (guest !== undefined) this.reused++;
    const acquired = guest ?? this.create();
    this.busy++;
    return acquired;
  }

  /** Takes an instance back. @param options.broken true when its run did not come to its end */
  release(guest: Guest, options: { readonly broken: boolean }): void {
    this.busy--;
    guest.end(options);
    if (!this.disposed && this.idle.length < this.maxIdle) this.idle.push(guest);
    else this.discard(guest);
  }

  /** Makes idle instances ahead, up to the number that the pool keeps. @throws CoreError MEMORY_LIMIT */
  prewarm(count: number): void {
    this.maxIdle = Math.max(this.maxIdle, count);
    while (this.idle.length < count) this.idle.push(this.create());
  }

  /** Keeps so many idle instances and no more, from now on. */
  shrink(maxIdle: number): void {
    this.maxIdle = Math.max(maxIdle, 1);
    for (const guest of this.idle.splice(maxIdle)) this.discard(guest);
  }

  /** Lets go of idle instances; those in use go when they are released. Idempotent. */
  dispose(): void {
    this.disposed = true;
    for (const guest of this.idle.splice(0)) this.discard(guest);
  }

  stats(): InstancePoolStats {
    const { busy, created, reused, discarded } = this;
    return { idle: this.idle.length, busy, created, reused, discarded };
  }

  private create(): Guest {
    this.created++;
    return new Guest(this.compiled, { memoryMb: this.memoryMb, memories: this.memories });
  }

  private discard(guest: Guest): void {
    this.discarded++;
    guest.dispose();
  }
}
