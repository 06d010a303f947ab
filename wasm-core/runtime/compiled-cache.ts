import { compileModule } from './compile-module.ts';
import type { CompiledModule } from './compiled-module.ts';
import type { ModuleRecord } from './module-record.ts';

/**
 * Whether a module counts its fuel. What does not runs at full speed, and only in threads that can be ended. What is
 * profiled counts its fuel, too.
 */
export type ModuleMode = 'metered' | 'unmetered' | 'profiled';

/** What listeners of a cache are told. */
export interface CompiledCacheEvents {
  /** @param micros how long reading, rewriting and compiling took, microseconds */
  onCompiled?(record: ModuleRecord, micros: number): void;
  /** The module was used longest ago, and will be compiled again when it is needed. */
  onEvicted?(record: ModuleRecord): void;
}

interface Entry {
  readonly record: ModuleRecord;
  readonly compiling: Promise<CompiledModule>;
  /** Under each label's name, for messages. */
  readonly named: Map<string, CompiledModule>;
  ready: CompiledModule | undefined;
  lastUsed: number;
}

/** How many modules stay compiled. */
const MAX_COMPILED = 256;

/** Compiled modules by digest and mode, each compiled once; those used longest ago go first. */
export class CompiledCache {
  private readonly entries = new Map<string, Entry>();
  private readonly events: CompiledCacheEvents;
  private readonly maxCompiled: number;
  private uses = 0;

  constructor(events: CompiledCacheEvents = {}, maxCompiled = MAX_COMPILED) {
    this.events = events;
    this.maxCompiled = maxCompiled;
  }

  get size(): number {
    return this.entries.size;
  }

  /** Whether a module is compiled or being compiled. */
  has(digest: string, mode: ModuleMode): boolean {
    return this.entries.has(keyOf(digest, mode));
  }

  /** The module when it is compiled already. */
  ready(record: ModuleRecord, mode: ModuleMode): CompiledModule | undefined {
    const entry = this.entries.get(keyOf(record.info.digest, mode));
    if (entry?.ready === undefined) return undefined;
    entry.lastUsed = ++this.uses;
    return named(entry, entry.ready, record.info.name);
  }

  /**
   * The module, compiled now unless it was before.
   *
   * @param readBytes gives the original file
   * @throws what `readBytes` throws, and CoreError as `compileModule`
   */
  async compile(
    record: ModuleRecord,
    mode: ModuleMode,
    readBytes: () => Promise<Uint8Array> | Uint8Array,
  ): Promise<CompiledModule> {
    const key = keyOf(record.info.digest, mode);
    const known = this.entries.get(key);
    const entry = known ?? this.add(key, record, this.start(record, mode, readBytes));
    const compiled = await entry.compiling;
    return named(entry, compiled, record.info.name);
  }

  /** Forgets a module. */
  drop(digest: string): void {
    this.entries.delete(keyOf(digest, 'metered'));
    this.entries.delete(keyOf(digest, 'unmetered'));
    this.entries.delete(keyOf(digest, 'profiled'));
  }

  private async start(
    record: ModuleRecord,
    mode: ModuleMode,
    readBytes: () => Promise<Uint8Array> | Uint8Array,
  ): Promise<CompiledModule> {
    const started = performance.now();
    const bytes = await readBytes();
    const { digest, name } = record.info;
    const compiled = await compileModule({
      bytes,
      digest,
      name,
      metered: mode !== 'unmetered',
      profiled: mode === 'profiled',
    });
    this.events.onCompiled?.(record, Math.round((performance.now() - started) * 1000));
    return compiled;
  }

  private add(key: string, record: ModuleRecord, compiling: Promise<CompiledModule>): Entry {
    const entry: Entry = { record, compiling, named: new Map(), ready: undefined, lastUsed: ++this.uses };
    this.entries.set(key, entry);
    compiling.then(
      (compiled) => {
        entry.ready = compiled;
      },
      () => this.entries.get(key) === entry && this.entries.delete(key),
    );
    if (this.entries.size > this.maxCompiled) this.evict();
    return entry;
  }

  private evict(): void {
    const ready = [...this.entries].filter(([, entry]) => entry.ready !== undefined);
    const [oldest] = ready.sort(([, a], [, b]) => a.lastUsed - b.lastUsed);
    if (oldest === undefined) return;
    this.entries.delete(oldest[0]);
    this.events.onEvicted?.(oldest[1].record);
  }
}

function keyOf(digest: string, mode: ModuleMode): string {
  return mode === 'metered' ? digest : `${digest} ${mode}`;
}

/** One object for each name, so that pools can tell modules by identity. */
function named(entry: Entry, compiled: CompiledModule, name: string): CompiledModule {
  const known = entry.named.get(name);
  if (known !== undefined) return known;
  const fresh = compiled.name === name ? compiled : { ...compiled, name };
  entry.named.set(name, fresh);
  return fresh;
}
