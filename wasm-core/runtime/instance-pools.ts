import type { CompiledModule } from './compiled-module.ts';
import { InstancePool, type InstancePoolStats } from './instance-pool.ts';
import type { MemoryPool, MemoryPoolStats } from './memory-pool.ts';

/** What the pools of one thread hold and did. */
export interface PoolsStats {
  readonly pools: number;
  readonly instances: InstancePoolStats;
  readonly memories: MemoryPoolStats;
}

/** How many modules keep idle instances in one thread; the one used longest ago goes first. */
const MAX_POOLS = 128;

/** The instance pools of one thread, one for each module and memory cap. */
export class InstancePools {
  private readonly memories: MemoryPool;
  private readonly pools = new Map<CompiledModule, InstancePool[]>();
  private last: InstancePool | undefined;

  constructor(memories: MemoryPool) {
    this.memories = memories;
  }

  /** @param memoryMb cap of each instance's memory in MiB */
  poolFor(compiled: CompiledModule, memoryMb: number): InstancePool {
    const { last } = this;
    if (last !== undefined && last.compiled === compiled && last.memoryMb === memoryMb) return last;
    const pool = this.find(compiled, memoryMb) ?? this.add(compiled, memoryMb);
    this.last = pool;
    return pool;
  }

  /** Lets go of what a module has, in each of its variants. */
  drop(digest: string): void {
    for (const [compiled, pools] of this.pools) {
      if (compiled.digest === digest) this.disposeOf(compiled, pools);
    }
  }

  /** Lets go of every idle instance and memory. */
  shrink(): void {
    for (const pools of this.pools.values()) for (const pool of pools) pool.shrink(0);
    this.memories.shrink();
  }

  dispose(): void {
    for (const [compiled, pools] of this.pools) this.disposeOf(compiled, pools);
    this.memories.shrink();
  }

  stats(): PoolsStats {
    const all = [...this.pools.values()].flat().map((pool) => pool.stats());
    const sum = (pick: (stats: InstancePoolStats) => number): number =>
      all.reduce((total, stats) => total + pick(stats), 0);
    return {
      pools: all.length,
      instances: {
        idle: sum((s) => s.idle),
        busy: sum((s) => s.busy),
        created: sum((s) => s.created),
        reused: sum((s) => s.reused),
        discarded: sum((s) => s.discarded),
      },
      memories: this.memories.stats(),
    };
  }

  private find(compiled: CompiledModule, memoryMb: number): InstancePool | undefined {
    const pools = this.pools.get(compiled);
    return pools?.find((pool) => pool.memoryMb === memoryMb);
  }

  private add(compiled: CompiledModule, memoryMb: number): InstancePool {
    const pool = new InstancePool(compiled, { memoryMb, memories: this.memories });
    const pools = this.pools.get(compiled) ?? [];
    pools.push(pool);
    // Set again, so that the module stands last in the order of the map.
    this.pools.delete(compiled);
    this.pools.set(compiled, pools);
    for (const [other, own] of this.pools) {
      if (this.pools.size <= MAX_POOLS) break;
      if (other !== compiled && own.every((p) => p.stats().busy === 0)) this.disposeOf(other, own);
    }
    return pool;
  }

  private disposeOf(compiled: CompiledModule, pools: readonly InstancePool[]): void {
    this.pools.delete(compiled);
    this.last = undefined;
    for (const pool of pools) pool.dispose();
  }
}
