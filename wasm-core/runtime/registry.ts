import type { ProcessForm } from '../binary/abi.ts';
import type { ModuleInfo, ModuleRef } from '../protocol/methods.ts';
import type { ModuleExport, PluginManifest } from '../protocol/plugins.ts';
import type { CompiledModule } from './compiled-module.ts';
export interface ModuleRecord {
  readonly info: ModuleInfo;
  readonly manifest: PluginManifest;
  readonly exports: readonly ModuleExport[];
  readonly processForm?: ProcessForm;
}
export interface LoadOptions {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly namespace: string;
  readonly manifest?: string;
  readonly source?: string;
}
export interface RegistryChange {
  readonly type: 'loaded' | 'unloaded';
  readonly record: ModuleRecord;
}
export interface RegistryStore {
  readonly todo?: never;
}
export declare class Registry {
  static open(options: {
    readonly store: RegistryStore;
    readonly warn: (message: string) => void;
  }): Promise<Registry>;
  load(options: LoadOptions): Promise<ModuleRecord>;
  get(ref: ModuleRef): ModuleRecord;
  list(namespace?: string): ModuleRecord[];
  unload(ref: ModuleRef): Promise<ModuleRecord>;
  compiled(record: ModuleRecord): Promise<CompiledModule>;
  onChange(listener: (change: RegistryChange) => void): { dispose(): void };
}
