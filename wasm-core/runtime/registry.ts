import { REWRITER_VERSION } from '../binary/rewrite.ts';
import { CoreError } from '../protocol/errors.ts';
import type { ModuleRef } from '../protocol/methods.ts';
import type { Capability } from '../protocol/plugins.ts';
import { CompiledCache, type CompiledCacheEvents, type ModuleMode } from './compiled-cache.ts';
import type { CompiledModule } from './compiled-module.ts';
import { parseCapabilities } from './grants.ts';
import { ModuleIndex } from './module-index.ts';
import {
  checkLabelName,
  checkNamespace,
  type ModuleRecord,
  makeRecord,
  withGrants,
} from './module-record.ts';
import type { RegistryStore, StoredLabel } from './store.ts';

export type { ModuleRecord } from './module-record.ts';
export type { RegistryStore } from './store.ts';

/** A module to load. */
export interface LoadOptions {
  /** The whole file; not kept. */
  readonly bytes: Uint8Array;
  /** The label: 1 to 200 characters, none of them a control character. */
  readonly name: string;
  readonly namespace: string;
  /** The text of a sidecar manifest, which wins over the module's custom section. */
  readonly manifest?: string;
  /** Absolute path of the source, for definitions and messages. */
  readonly source?: string;
  /** What the module is granted under this label; absent: what the label has, if it has these very bytes. */
  readonly grants?: readonly Capability[];
}

/** What listeners are told. */
export interface RegistryChange {
  readonly type: 'loaded' | 'unloaded';
  readonly record: ModuleRecord;
}

/** Modules whose label moved on stay reachable by UUID; of those, so many are kept. */
const MAX_UNLABELLED = 64;

/** Every module that was loaded, by UUID, digest and label, in memory and in a store. */
export class Registry {
  private readonly store: RegistryStore;
  private readonly index = new ModuleIndex();
  private readonly cache: CompiledCache;
  private readonly listeners = new Set<(change: RegistryChange) => void>();
  /** The end of the last write; writes go one after the other. */
  private writes: Promise<unknown> = Promise.resolve();

  private constructor(store: RegistryStore, events: CompiledCacheEvents) {
    this.store = store;
    this.cache = new CompiledCache(events);
  }

  /**
   * Opens a registry with everything that its store has whole. Nothing is compiled yet.
   *
   * @param options.events told of modules that are compiled, and of compiled ones that are let go
   * @param options.warn told of each module or label that could not be taken over; never a reason not to open
   * @throws CoreError FILE_IO when the store cannot be used at all
   */
  static async open(options: {
    readonly store: RegistryStore;
    readonly warn: (message: string) => void;
    readonly events?: CompiledCacheEvents;
  }): Promise<Registry> {
    const registry = new Registry(options.store, options.events ?? {});
    await registry.takeOver(options.warn);
    return registry;
  }

  /**
   * Loads a module under a label; when it resolves the module survives a power cut. The same bytes have the same UUID;
   * a name that was in use moves to these bytes. Grants belong to namespace, name and digest together: other bytes
   * under a name do not inherit what somebody trusted the old ones with, and the old ones lose it.
   *
   * @throws CoreError PARAMS_INVALID, FORMAT_WASM, FORMAT_UNSUPPORTED, FORMAT_MANIFEST, ABI_MISMATCH, IMPORT_UNKNOWN,
   *   EXPORT_MISSING, FILE_IO; the registry is then as it was
   */
  async load(options: LoadOptions): Promise<ModuleRecord> {
    const { bytes, name, namespace, manifest, source } = options;
    checkLabelName(name);
    checkNamespace(namespace);
    const digest = this.store.digestOf(bytes);
    const label: StoredLabel = {
      namespace,
      name,
      digest,
      ...(manifest !== undefined && { manifest }),
      ...(source !== undefined && { source }),
    };
    const fresh = { digest, byteLength: bytes.byteLength, loadedAt: new Date().toISOString() };
    const record = makeRecord({ bytes, label, stored: fresh });
    // Before anything is written: what cannot be compiled is not loaded.
    await this.cache.compile(record, 'metered', () => bytes);
    return this.write(async () => {
      const known = this.index.has(digest) ? this.index.get({ module: digest }) : undefined;
      if (known === undefined) {
        await this.store.putModule({ ...fresh, rewriter: REWRITER_VERSION, label }, bytes);
      }
      const { loadedAt } = known?.info ?? fresh;
      const grants = options.grants ?? this.grantsOf(label);
      const kept = withGrants({ ...record, info: { ...record.info, loadedAt } }, grants);
      await this.store.putLabel(grants.length > 0 ? { ...label, grants } : label);
      this.moveLabel(kept);
      await this.prune();
      this.emit({ type: 'loaded', record: kept });
      return kept;
    });
  }

  /**
   * Finds a module.
   *
   * @param ref `module` is a UUID, a digest, or a label in `namespace` (`default` when absent)
   * @throws CoreError MODULE_UNKNOWN that lists near names
   */
  get(ref: ModuleRef): ModuleRecord {
    return this.index.get(ref);
  }

  /** Finds a module as `get` does, or none. */
  find(ref: ModuleRef): ModuleRecord | undefined {
    return this.index.find(ref);
  }

  /** Labelled modules, of one namespace or of all, by name. */
  list(namespace?: string): ModuleRecord[] {
    return this.index.list(namespace);
  }

  /**
   * Takes a label away, and drops the module when it was its last. A UUID or digest stands for the module's labels in
   * the namespace or, when it has none there, for all of them.
   *
   * @returns the record as it was
   * @throws CoreError MODULE_UNKNOWN, FILE_IO
   */
  async unload(ref: ModuleRef): Promise<ModuleRecord> {
    return this.write(async () => {
      const found = this.index.get(ref);
      const { digest } = found.info;
      const labels = this.index.labelsMeant(ref, found);
      for (const record of labels) {
        await this.store.dropLabel(record.info);
        this.index.removeLabel(record);
      }
      if (this.index.labelsOf(digest).length === 0) await this.drop(digest);
      for (const record of labels) this.emit({ type: 'unloaded', record });
      return found;
    });
  }

  /** How many modules are compiled, in whatever mode. */
  get compiledCount(): number {
    return this.cache.size;
  }

  /** The compiled module of a record, if it is compiled already. */
  ready(record: ModuleRecord, mode: ModuleMode = 'metered'): CompiledModule | undefined {
    return this.cache.ready(record, mode);
  }

  /**
   * The compiled module of a record, compiled the first time that it is asked for.
   *
   * @throws CoreError MODULE_UNKNOWN when it was unloaded or its file is damaged
   */
  async compiled(record: ModuleRecord, mode: ModuleMode = 'metered'): Promise<CompiledModule> {
    return this.cache.compile(record, mode, () => this.readBytes(record));
  }

  /** The bytes of a module as it was loaded; undefined when they are gone or damaged. */
  bytesOf(digest: string): Promise<Uint8Array | undefined> {
    return this.store.readBytes(digest);
  }

  /** Calls a listener after each load and unload, until the result is disposed. */
  onChange(listener: (change: RegistryChange) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  private async readBytes({ info }: ModuleRecord): Promise<Uint8Array> {
    const bytes = await this.store.readBytes(info.digest);
    if (bytes !== undefined) return bytes;
    this.index.drop(info.digest);
    const message = `The file of module ${info.name} is gone or damaged, so it was set aside. Load it again.`;
    throw new CoreError('MODULE_UNKNOWN', message, { module: info.name, digest: info.digest });
  }

  private async takeOver(warn: (message: string) => void): Promise<void> {
    const { modules, labels } = await this.store.open();
    const whole = new Set<string>();
    for (const stored of modules) {
      const bytes = await this.store.readBytes(stored.digest);
      if (bytes === undefined) continue;
      whole.add(stored.digest);
      const own = labels.filter((label) => label.digest === stored.digest);
      for (const label of own) this.takeOverOne({ bytes, label, stored, warn }, (r) => this.index.set(r));
      if (own.length > 0) continue;
      this.takeOverOne({ bytes, label: stored.label, stored, warn }, (r) => this.index.keep(r));
    }
    for (const label of labels) {
      if (whole.has(label.digest)) continue;
      warn(`Module ${label.name} (namespace ${label.namespace}) has lost its file. Load it again.`);
      await this.store.dropLabel(label);
    }
  }

  private takeOverOne(
    found: Parameters<typeof makeRecord>[0] & { readonly warn: (message: string) => void },
    keep: (record: ModuleRecord) => void,
  ): void {
    const { label, warn } = found;
    try {
      keep(makeRecord(found));
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      // Another version may have loaded it, and can go on using it: the files stay where they are.
      warn(`Module ${label.name} (namespace ${label.namespace}) is not usable here: ${error.message}`);
    }
  }

  /** What a label is granted now, if it has these bytes. */
  private grantsOf({ namespace, name, digest }: StoredLabel): readonly Capability[] {
    const info = this.index.label(namespace, name)?.info;
    return info?.digest === digest ? parseCapabilities(info.capabilities.granted) : [];
  }

  private moveLabel(record: ModuleRecord): void {
    const before = this.index.set(record);
    if (before === undefined || before.info.digest === record.info.digest) return;
    const isUnlabelled = this.index.labelsOf(before.info.digest).length === 0;
    if (isUnlabelled) this.index.keep(withGrants(before, []));
  }

  private async prune(): Promise<void> {
    const unlabelled = this.index.unlabelled();
    for (const { info } of unlabelled.slice(0, Math.max(0, unlabelled.length - MAX_UNLABELLED))) {
      await this.drop(info.digest);
    }
  }

  private async drop(digest: string): Promise<void> {
    this.index.drop(digest);
    this.cache.drop(digest);
    await this.store.dropModule(digest);
  }

  private write<T>(work: () => Promise<T>): Promise<T> {
    const result = this.writes.then(work);
    this.writes = result.catch(() => undefined);
    return result;
  }

  private emit(change: RegistryChange): void {
    for (const listener of [...this.listeners]) listener(change);
  }
}
