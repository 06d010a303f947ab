import { CoreError } from '../protocol/errors.ts';
import { ByteReader } from './byte-reader.ts';
import type { ByteRange, WasmModule } from './wasm-module.ts';

/** What the name section says. Indices may be ones that the module does not have. */
export interface ModuleNames {
  readonly module?: string;
  /** By function index. */
  readonly functions: ReadonlyMap<number, string>;
  /** Parameters and locals by function index, then by their own. */
  readonly locals: ReadonlyMap<number, ReadonlyMap<number, string>>;
}

/**
 * Reads the name section: https://webassembly.github.io/spec/core/appendix/custom.html#name-section. A section that is
 * broken is not an error: what stands before the fault counts, and bytes that are not UTF-8 become U+FFFD. Takes time
 * and space linear in the section's size.
 */
export function readNames(module: Pick<WasmModule, 'bytes' | 'customSections'>): ModuleNames {
  const names = new NameReader();
  const section = module.customSections.find((s) => s.name === 'name');
  if (section) names.read(module.bytes, section);
  return names;
}

/** Ids of the parts that we read. */
const MODULE = 0;
const FUNCTIONS = 1;
const LOCALS = 2;

class NameReader implements ModuleNames {
  module?: string;
  readonly functions = new Map<number, string>();
  readonly locals = new Map<number, Map<number, string>>();

  read(bytes: Uint8Array, section: ByteRange): void {
    const reader = new ByteReader(bytes, section.start, section.end);
    while (!reader.done) {
      const isWhole = leniently(() => {
        const id = reader.u8();
        const byteLength = reader.u32();
        const start = reader.offset;
        reader.skip(byteLength);
        // A part that is broken inside does not keep the next one from being read.
        leniently(() => this.readPart(id, new ByteReader(bytes, start, reader.offset)));
      });
      if (!isWhole) return;
    }
  }

  private readPart(id: number, reader: ByteReader): void {
    if (id === MODULE) this.module = reader.name({ lossy: true });
    else if (id === FUNCTIONS) readNameMap(reader, this.functions);
    else if (id === LOCALS) {
      for (let left = reader.u32(); left > 0; left--) {
        const index = reader.u32();
        const names = this.locals.get(index) ?? new Map<number, string>();
        this.locals.set(index, names);
        readNameMap(reader, names);
      }
    }
  }
}

function readNameMap(reader: ByteReader, names: Map<number, string>): void {
  for (let left = reader.u32(); left > 0; left--) {
    const index = reader.u32();
    names.set(index, reader.name({ lossy: true }));
  }
}

/** Whether the work went through; the reader's complaints about the bytes are swallowed. */
function leniently(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof CoreError) return false;
    throw error;
  }
}
