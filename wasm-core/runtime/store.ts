import type { Capability } from '../protocol/plugins.ts';

/*
 * What the registry keeps beyond the process. `node/registry-store.ts` keeps it in files; a browser would use OPFS.
 */

/** What is kept of a module beside its bytes. */
export interface StoredModule {
  /** sha-256 of the bytes, 64 hex characters. */
  readonly digest: string;
  readonly byteLength: number;
  /** When it was first loaded, ISO 8601. */
  readonly loadedAt: string;
  /** `REWRITER_VERSION` of the version that loaded it. */
  readonly rewriter: number;
  /** The label that it was first loaded under, for a module whose labels have moved on. */
  readonly label: StoredLabel;
}

/** A name for a module in a namespace. */
export interface StoredLabel {
  readonly namespace: string;
  readonly name: string;
  readonly digest: string;
  /** The text of a sidecar manifest, which wins over the module's own. */
  readonly manifest?: string;
  readonly source?: string;
  /** What was granted to these bytes under this label, in the order of `CAPABILITIES`; absent: nothing. */
  readonly grants?: readonly Capability[];
}

/** Keeps modules and labels. When a method that writes resolves, what it wrote survives a power cut. */
export interface RegistryStore {
  /** sha-256 of bytes, 64 hex characters. */
  digestOf(bytes: Uint8Array): string;
  /** Everything that is whole; what is not is set aside with a warning. @throws CoreError FILE_IO */
  open(): Promise<{ readonly modules: readonly StoredModule[]; readonly labels: readonly StoredLabel[] }>;
  /** The bytes of a module; undefined when they are gone or damaged, which is warned of. */
  readBytes(digest: string): Promise<Uint8Array | undefined>;
  /** @throws CoreError FILE_IO */
  putModule(module: StoredModule, bytes: Uint8Array): Promise<void>;
  /** @throws CoreError FILE_IO */
  dropModule(digest: string): Promise<void>;
  /** Puts a label or moves it. @throws CoreError FILE_IO */
  putLabel(label: StoredLabel): Promise<void>;
  /** @throws CoreError FILE_IO */
  dropLabel(label: Pick<StoredLabel, 'namespace' | 'name'>): Promise<void>;
}
