import { encodeUtf8 } from '../../binary/utf8.ts';
import type { StateView } from '../host-functions/owner.ts';
import { checkEntry, checkSize, type StateSize } from './state-limits.ts';

/** Keys and values of one module. Values are never changed, only replaced. It survives `postMessage`. */
export type StateEntries = readonly (readonly [key: string, value: Uint8Array])[];

/** What a run set, in no order that matters; undefined: the key was taken away. It survives `postMessage`. */
export type StateWrites = readonly (readonly [key: string, value: Uint8Array | undefined])[];

/** One module's state as a run sees it: what was there when it began, and over it what it set itself. */
export class StateOverlay implements StateView {
  readonly #base: ReadonlyMap<string, Uint8Array>;
  readonly #written = new Map<string, Uint8Array | undefined>();
  /** Measured at the first write: many runs only read. */
  #size: StateSize | undefined;

  /** @param base not changed, and not to be changed while this is in use */
  constructor(base: ReadonlyMap<string, Uint8Array>) {
    this.#base = base;
  }

  /** An overlay over what `entries` of another one gave, perhaps in another thread. */
  static over(entries: StateEntries): StateOverlay {
    return new StateOverlay(new Map(entries));
  }

  get(key: string): Uint8Array | undefined {
    return this.#written.has(key) ? this.#written.get(key) : this.#base.get(key);
  }

  set(key: string, value: Uint8Array | undefined): void {
    // Checked before it is copied: a guest may name all of its memory.
    this.#put([[key, value]], (bytes) => bytes.slice());
  }

  /** Everything as it is now. */
  entries(): StateEntries {
    if (this.#written.size === 0) return [...this.#base];
    return [...this.merged()];
  }

  /** Whether something was set or taken away. */
  get isChanged(): boolean {
    return this.#written.size > 0;
  }

  /** What was set, for `apply` of an overlay over the same entries. */
  writes(): StateWrites {
    return [...this.#written];
  }

  /** Sets what another overlay wrote, all of it or, when it throws, nothing. @throws CoreError STATE_LIMIT */
  apply(writes: StateWrites): void {
    this.#put(writes, (bytes) => bytes);
  }

  /** Everything as it is now, as a fresh map. */
  merged(): Map<string, Uint8Array> {
    const merged = new Map(this.#base);
    for (const [key, value] of this.#written) {
      if (value === undefined) merged.delete(key);
      else merged.set(key, value);
    }
    return merged;
  }

  #put(writes: StateWrites, keep: (value: Uint8Array) => Uint8Array): void {
    const size = this.#size ?? sizeOf(this.#base);
    let next = size;
    let last = '';
    for (const [key, value] of writes) {
      const keyBytes = encodeUtf8(key).byteLength;
      checkEntry(key, { keyBytes, valueBytes: value?.byteLength ?? 0 });
      const before = this.get(key);
      next = {
        keyCount: next.keyCount + count(value) - count(before),
        byteLength: next.byteLength + entryBytes(keyBytes, value) - entryBytes(keyBytes, before),
      };
      last = key;
    }
    // Making it smaller is always allowed, also where a state is too large already.
    if (next.keyCount > size.keyCount || next.byteLength > size.byteLength) checkSize(next, last);
    this.#size = next;
    for (const [key, value] of writes) {
      // Taking away what is not there changes nothing, and must not cost a write to the disk.
      if (value !== undefined || this.get(key) !== undefined) this.#written.set(key, value && keep(value));
    }
  }
}

function sizeOf(entries: ReadonlyMap<string, Uint8Array>): StateSize {
  let byteLength = 0;
  for (const [key, value] of entries) byteLength += entryBytes(encodeUtf8(key).byteLength, value);
  return { keyCount: entries.size, byteLength };
}

function entryBytes(keyBytes: number, value: Uint8Array | undefined): number {
  return value === undefined ? 0 : keyBytes + value.byteLength;
}

function count(value: Uint8Array | undefined): number {
  return value === undefined ? 0 : 1;
}
