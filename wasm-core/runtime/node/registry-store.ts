import type { RegistryStore } from '../registry.ts';
export declare function createRegistryStore(options: {
  readonly home: string;
  readonly warn: (message: string) => void;
}): RegistryStore;
