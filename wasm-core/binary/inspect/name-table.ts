import { ByteReader } from '../byte-reader.ts';
import type { ByteRange } from '../wasm-module.ts';
import { leniently } from './leniently.ts';

/** What the name section gives names to, by the id of its part. */
const KINDS = {
  1: 'function',
  5: 'table',
  6: 'memory',
  7: 'global',
  8: 'elem',
  9: 'data',
  11: 'tag',
} as const;

/** What has a name of its own in a module. */
export type NamedKind = (typeof KINDS)[keyof typeof KINDS];

const MODULE = 0;
const LOCALS = 2;

/**
 * The names of a module's name section, found once and decoded when they are asked for, since a module may have a
 * million: https://webassembly.github.io/spec/core/appendix/custom.html#name-section. A section that is broken is no
 * error: what stands before the fault counts.
 */
export class NameTable {
  moduleName: string | undefined;
  readonly #bytes: Uint8Array;
  readonly #counts: Readonly<Record<NamedKind, number>>;
  /** Where each name stands, by index; 0 for none. */
  readonly #places = new Map<NamedKind, Uint32Array>();
  /** Where the names of a function's locals stand, by its index. */
  #localPlaces = new Uint32Array(0);

  /**
   * @param section the content of the name section; undefined: no name is known
   * @param counts how many of each kind the module has; names of others are left out
   */
  constructor(
    bytes: Uint8Array,
    section: ByteRange | undefined,
    counts: Readonly<Record<NamedKind, number>>,
  ) {
    this.#bytes = bytes;
    this.#counts = counts;
    if (section !== undefined) leniently(() => this.#read(section));
  }

  /** The name of a thing; undefined when it has none or an empty one. */
  nameOf(kind: NamedKind, index: number): string | undefined {
    return this.#nameAt(this.#places.get(kind)?.[index] ?? 0);
  }

  /** The names of a function's parameters and locals by their index. */
  localNames(functionIndex: number): ReadonlyMap<number, string> {
    const names = new Map<number, string>();
    const place = this.#localPlaces[functionIndex] ?? 0;
    if (place === 0) return names;
    const reader = new ByteReader(this.#bytes, place);
    leniently(() => {
      for (let left = reader.u32(); left > 0; left--) {
        const index = reader.u32();
        const name = reader.name({ lossy: true });
        if (name !== '') names.set(index, name);
      }
    });
    return names;
  }

  #nameAt(place: number): string | undefined {
    if (place === 0) return undefined;
    // It was read past when its place was kept, so it is whole.
    return new ByteReader(this.#bytes, place).name({ lossy: true }) || undefined;
  }

  #read(section: ByteRange): void {
    const reader = new ByteReader(this.#bytes, section.start, section.end);
    while (!reader.done) {
      const id = reader.u8();
      const byteLength = reader.u32();
      const start = reader.offset;
      reader.skip(byteLength);
      // A part that is broken inside does not keep the next one from being read.
      leniently(() => this.#readPart(id, new ByteReader(this.#bytes, start, reader.offset)));
    }
  }

  #readPart(id: number, reader: ByteReader): void {
    if (id === MODULE) this.moduleName = reader.name({ lossy: true });
    else if (id === LOCALS) this.#readLocals(reader);
    else if (id in KINDS) this.#readNames(KINDS[id as keyof typeof KINDS], reader);
  }

  #readNames(kind: NamedKind, reader: ByteReader): void {
    const places = new Uint32Array(this.#counts[kind]);
    this.#places.set(kind, places);
    for (let left = reader.u32(); left > 0; left--) {
      const index = reader.u32();
      const place = reader.offset;
      reader.skip(reader.u32());
      if (index < places.length) places[index] = place;
    }
  }

  #readLocals(reader: ByteReader): void {
    this.#localPlaces = new Uint32Array(this.#counts.function);
    for (let left = reader.u32(); left > 0; left--) {
      const index = reader.u32();
      const place = reader.offset;
      for (let names = reader.u32(); names > 0; names--) {
        reader.u32();
        reader.skip(reader.u32());
      }
      if (index < this.#localPlaces.length) this.#localPlaces[index] = place;
    }
  }
}
