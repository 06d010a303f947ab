import type { CacheMode } from '../../../protocol/kept-results.ts';

/** Options of `quern run`, parsed. */
export interface RunOptions {
  readonly execute?: string;
  readonly plugins?: readonly string[];
  readonly allow?: readonly string[];
  /** What may be read on a network. */
  readonly allowUrl?: readonly string[];
  /** Fail when the plugins are not those of `quern.lock.json`. */
  readonly locked?: boolean;
  /** One of `FORMATS`. */
  readonly format?: string;
  readonly out?: string;
  /** `name=value` of the format. */
  readonly formatOption?: readonly string[];
  readonly limit?: number;
  readonly param?: readonly string[];
  /** The same, for values that are not recorded. */
  readonly secretParam?: readonly string[];
  /** A file that is the session's database. */
  readonly db?: string;
  readonly dbReadonly?: boolean;
  readonly cache?: CacheMode;
  /** False with `--no-history`. */
  readonly history?: boolean;
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
  readonly fuel?: number;
}
