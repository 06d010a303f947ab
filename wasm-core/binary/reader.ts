import type { ModuleExport } from '../protocol/plugins.ts';
import { ByteReader, malformed, unsupported } from './byte-reader.ts';
import { skipConstExpression } from './const-expression.ts';
import { skipDataSegment, skipElementSegment } from './read-segments.ts';
import { readFunctionType, readGlobalType, readMemoryLimits, readTableType } from './read-types.ts';
import {
  type ByteRange,
  type CustomSection,
  type FunctionType,
  type GlobalType,
  importedCount,
  type MemoryLimits,
  SECTION,
  SECTION_ORDER,
  type Section,
  type TableType,
  type WasmImport,
  type WasmModule,
} from './wasm-module.ts';

/**
 * Reads what Quern needs to know of a WebAssembly module: sections, types, imports, exports with their signatures, where
 * the code is. Every index outside code is checked; the types of expressions and the code itself are not looked at: V8
 * validates those, and `rewriteModule` reads the code. Takes time and space linear in the file's size.
 *
 * @param bytes the whole file; kept by the result, not copied
 * @throws CoreError FORMAT_WASM with `{offset}`; FORMAT_UNSUPPORTED with `{offset, feature}` for a component, a second
 *   memory, a 64-bit or shared memory, garbage-collected types
 */
export function readModule(bytes: Uint8Array): WasmModule {
  checkHeader(bytes);
  const module = new ModuleBuilder(bytes);
  const reader = new ByteReader(bytes, 8);
  let lastRank = 0;
  while (!reader.done) {
    const start = reader.offset;
    const id = reader.u8();
    const byteLength = reader.u32();
    const payloadStart = reader.offset;
    reader.skip(byteLength);
    const section = { id, start, payloadStart, end: reader.offset };
    module.sections.push(section);
    if (id === SECTION.custom) {
      module.readCustom(section);
      continue;
    }
    const rank = SECTION_ORDER.indexOf(id) + 1;
    if (rank === 0) throw malformed(`there is no section ${id}`, start);
    if (rank <= lastRank) throw malformed(`section ${id} is out of order or there twice`, start);
    lastRank = rank;
    module.readSection(section);
  }
  module.finish();
  return module;
}

const MAGIC = [0x00, 0x61, 0x73, 0x6d] as const;

function checkHeader(bytes: Uint8Array): void {
  if (bytes.byteLength === 0) throw malformed('it is empty', 0);
  for (const [offset, byte] of MAGIC.entries()) {
    if (bytes[offset] !== byte) throw malformed('it does not begin with "\\0asm"', offset);
  }
  const [v0, v1, v2, v3] = bytes.subarray(4, 8);
  if (v3 === undefined) throw malformed('it ends within its first 8 bytes', bytes.byteLength);
  if (v2 === 1 && v3 === 0) throw unsupported('the component model', 4);
  if (v0 !== 1 || v1 !== 0 || v2 !== 0 || v3 !== 0) throw malformed('its version is not 1', 4);
}

/** The module as far as it was read; each method takes one section. */
class ModuleBuilder implements WasmModule {
  readonly sections: Section[] = [];
  readonly types: FunctionType[] = [];
  readonly imports: WasmImport[] = [];
  readonly functions: FunctionType[] = [];
  readonly tables: TableType[] = [];
  readonly globals: GlobalType[] = [];
  readonly tags: FunctionType[] = [];
  readonly bodies: ByteRange[] = [];
  readonly exports: ModuleExport[] = [];
  readonly exportedFunctions = new Map<string, number>();
  readonly memories: MemoryLimits[] = [];
  readonly customSections: CustomSection[] = [];
  start?: number;
  private startOffset = 0;

  constructor(readonly bytes: Uint8Array) {}

  readCustom(section: Section): void {
    const reader = new ByteReader(this.bytes, section.payloadStart, section.end);
    const name = reader.name({ lossy: true });
    this.customSections.push({ name, start: reader.offset, end: section.end });
  }

  readSection(section: Section): void {
    const reader = new ByteReader(this.bytes, section.payloadStart, section.end);
    switch (section.id) {
      case SECTION.type:
        readVector(reader, () => this.types.push(readFunctionType(reader)));
        break;
      case SECTION.import:
        readVector(reader, () => this.readImport(reader));
        break;
      case SECTION.function:
        readVector(reader, () => this.functions.push(this.readTypeUse(reader)));
        break;
      case SECTION.table:
        readVector(reader, () => this.tables.push(this.readTable(reader)));
        break;
      case SECTION.memory:
        readVector(reader, () => this.addMemory(reader));
        break;
      case SECTION.tag:
        readVector(reader, () => this.tags.push(this.readTag(reader)));
        break;
      case SECTION.global:
        readVector(reader, () => this.readGlobal(reader));
        break;
      case SECTION.export:
        readVector(reader, () => this.readExport(reader));
        break;
      case SECTION.element:
        readVector(reader, () => skipElementSegment(reader, this.scope()));
        break;
      case SECTION.code:
        readVector(reader, () => this.bodies.push(readBody(reader)));
        break;
      case SECTION.data:
        readVector(reader, () => skipDataSegment(reader, this.scope()));
        break;
      case SECTION.start:
        this.startOffset = reader.offset;
        this.start = reader.u32();
        atEnd(reader);
        break;
    }
  }

  /** What can be checked only with every section read. */
  finish(): void {
    if (this.start !== undefined && this.start >= this.functions.length) {
      throw malformed(`the start function ${this.start} is not there`, this.startOffset);
    }
    const declared = this.functions.length - importedCount(this, 'function');
    if (declared !== this.bodies.length) {
      const what = `it declares ${declared} functions and has code for ${this.bodies.length}`;
      throw malformed(what, this.bytes.byteLength);
    }
  }

  private scope() {
    return {
      globalCount: this.globals.length,
      functionCount: this.functions.length,
      tableCount: this.tables.length,
    };
  }

  private readImport(reader: ByteReader): void {
    const start = reader.offset;
    const module = reader.name();
    const name = reader.name();
    const kindOffset = reader.offset;
    const kind = KINDS[reader.u8()];
    if (kind === undefined) throw malformed('an import has no known kind', kindOffset);
    let type: FunctionType | undefined;
    let limits: MemoryLimits | undefined;
    if (kind === 'function') {
      type = this.readTypeUse(reader);
      this.functions.push(type);
    } else if (kind === 'memory') limits = this.addMemory(reader);
    else if (kind === 'table') this.tables.push(readTableType(reader));
    else if (kind === 'global') this.globals.push(readGlobalType(reader));
    else this.tags.push(this.readTag(reader));
    this.imports.push({
      module,
      name,
      kind,
      start,
      end: reader.offset,
      ...(type && { type }),
      ...(limits && { limits }),
    });
  }

  private readExport(reader: ByteReader): void {
    const name = reader.name();
    const kindOffset = reader.offset;
    const kind = KINDS[reader.u8()];
    if (kind === undefined) throw malformed('an export has no known kind', kindOffset);
    const offset = reader.offset;
    const index = reader.u32();
    const type = kind === 'function' ? this.functions[index] : undefined;
    const isThere = kind === 'function' ? type !== undefined : index < this.countOf(kind);
    if (!isThere) throw malformed(`${kind} ${index}, exported as ${name}, is not there`, offset);
    if (kind === 'function') this.exportedFunctions.set(name, index);
    if (kind !== 'function') this.exports.push({ kind, name });
    else if (type) this.exports.push({ kind, name, parameters: type.parameters, results: type.results });
  }

  private countOf(kind: 'table' | 'memory' | 'global' | 'tag'): number {
    switch (kind) {
      case 'table':
        return this.tables.length;
      case 'memory':
        return this.memories.length;
      case 'global':
        return this.globals.length;
      case 'tag':
        return this.tags.length;
    }
  }

  private readTable(reader: ByteReader): TableType {
    // 0x40 0x00 announces a table with an expression for its elements.
    if (reader.bytes[reader.offset] !== 0x40) return readTableType(reader);
    const offset = reader.offset;
    reader.u8();
    if (reader.u8() !== 0) throw malformed('a table has no known form', offset);
    const type = readTableType(reader);
    skipConstExpression(reader, this.scope());
    return type;
  }

  private readGlobal(reader: ByteReader): void {
    const type = readGlobalType(reader);
    skipConstExpression(reader, this.scope());
    this.globals.push(type);
  }

  private readTag(reader: ByteReader): FunctionType {
    const offset = reader.offset;
    const attribute = reader.u8();
    if (attribute !== 0) throw malformed('a tag is not an exception', offset);
    return this.readTypeUse(reader);
  }

  private readTypeUse(reader: ByteReader): FunctionType {
    const offset = reader.offset;
    const index = reader.u32();
    const type = this.types[index];
    if (type === undefined) throw malformed(`type ${index} is not there`, offset);
    return type;
  }

  private addMemory(reader: ByteReader): MemoryLimits {
    const offset = reader.offset;
    const limits = readMemoryLimits(reader);
    if (this.memories.length > 0) throw unsupported('more than one memory', offset);
    this.memories.push(limits);
    return limits;
  }
}

/** A body with its byte length before it. */
function readBody(reader: ByteReader): ByteRange {
  const byteLength = reader.u32();
  const start = reader.offset;
  reader.skip(byteLength);
  return { start, end: reader.offset };
}

const KINDS = ['function', 'table', 'memory', 'global', 'tag'] as const;

/** Reads a count and so many items; each item takes at least a byte, so a false count ends with the bytes. */
function readVector(reader: ByteReader, readItem: () => unknown): void {
  for (let left = reader.u32(); left > 0; left--) readItem();
  atEnd(reader);
}

function atEnd(reader: ByteReader): void {
  if (!reader.done) throw malformed('a section is longer than its content', reader.offset);
}
