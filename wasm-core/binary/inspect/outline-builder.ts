import { type ByteReader, malformed } from '../byte-reader.ts';
import { hex } from '../read-types.ts';
import { SECTION } from '../wasm-module.ts';
import { leniently, type Problem } from './leniently.ts';
import {
  type DataSegment,
  type ElementSegment,
  type EmptyGroup,
  ENTITY_KINDS,
  type EntityKind,
  type OutlineEntity,
  type OutlineExport,
  type OutlineImport,
  type OutlineSection,
  type OutlineType,
} from './module-outline.ts';
import { NumberList } from './number-list.ts';
import { readDataSegment, readElementSegment, readExpression } from './read-segments.ts';
import { readTypeEntry } from './read-type-section.ts';
import { readGlobalTypeText, readLimitsText, readTableTypeText } from './type-text.ts';

/** The module as far as it was read; `read` takes one section after the other. */
export class OutlineBuilder {
  readonly types: OutlineType[] = [];
  readonly emptyGroups: EmptyGroup[] = [];
  readonly imports: OutlineImport[] = [];
  readonly exports: OutlineExport[] = [];
  /** The numbers of the types of functions, imported ones first. */
  readonly functionTypes = new NumberList();
  readonly starts = new NumberList();
  readonly ends = new NumberList();
  readonly tables: OutlineEntity[] = [];
  readonly memories: OutlineEntity[] = [];
  readonly globals: OutlineEntity[] = [];
  readonly tags: number[] = [];
  readonly elements: ElementSegment[] = [];
  readonly data: DataSegment[] = [];
  readonly problems: Problem[] = [];
  importedFunctions = 0;
  start: number | undefined;

  /** Reads a section's content; what is wrong with it becomes a problem, and what stands before that counts. */
  read({ id }: Pick<OutlineSection, 'id'>, reader: ByteReader): void {
    const problem = leniently(() => {
      if (id === SECTION.start) this.start = reader.u32();
      else if (id === SECTION.dataCount) reader.u32();
      // The count is not trusted: each item takes a byte, and reading ends with the bytes.
      else for (let left = reader.u32(); left > 0; left--) this.#item(id, reader);
      if (!reader.done) throw malformed('a section is longer than its content', reader.offset);
    });
    if (problem !== undefined) this.problems.push(problem);
  }

  #item(id: number, reader: ByteReader): void {
    switch (id) {
      case SECTION.type:
        readTypeEntry(reader, this);
        break;
      case SECTION.import:
        this.#import(reader);
        break;
      case SECTION.function:
        this.functionTypes.push(reader.u32());
        break;
      case SECTION.table:
        this.#table(reader);
        break;
      case SECTION.memory:
        this.memories.push({ type: readLimitsText(reader) });
        break;
      case SECTION.tag:
        this.tags.push(readTag(reader));
        break;
      case SECTION.global:
        this.globals.push({ type: readGlobalTypeText(reader), init: readExpression(reader) });
        break;
      case SECTION.export:
        this.exports.push({ name: reader.name({ lossy: true }), ...readEntity(reader) });
        break;
      case SECTION.element:
        this.elements.push(readElementSegment(reader));
        break;
      case SECTION.code:
        this.#body(reader);
        break;
      case SECTION.data:
        this.data.push(readDataSegment(reader));
        break;
    }
  }

  #import(reader: ByteReader): void {
    const module = reader.name({ lossy: true });
    const name = reader.name({ lossy: true });
    const isExact = reader.bytes[reader.offset] === EXACT_FUNCTION;
    if (isExact) reader.u8();
    const kind = isExact ? 'function' : readKind(reader);
    const index = this.#addImported(kind, reader);
    this.imports.push({ module, name, kind, index, ...(isExact && { isExact }) });
  }

  /** @returns the index of what is imported */
  #addImported(kind: EntityKind, reader: ByteReader): number {
    switch (kind) {
      case 'function':
        this.functionTypes.push(reader.u32());
        return this.importedFunctions++;
      case 'table':
        return this.tables.push({ type: readTableTypeText(reader) }) - 1;
      case 'memory':
        return this.memories.push({ type: readLimitsText(reader) }) - 1;
      case 'global':
        return this.globals.push({ type: readGlobalTypeText(reader) }) - 1;
      case 'tag':
        return this.tags.push(readTag(reader)) - 1;
    }
  }

  #table(reader: ByteReader): void {
    // 0x40 0x00 announces a table with an expression for its elements.
    if (reader.bytes[reader.offset] !== 0x40) {
      this.tables.push({ type: readTableTypeText(reader) });
      return;
    }
    reader.u8();
    const offset = reader.offset;
    if (reader.u8() !== 0) throw malformed('a table has no known form', offset);
    this.tables.push({ type: readTableTypeText(reader), init: readExpression(reader) });
  }

  #body(reader: ByteReader): void {
    const byteLength = reader.u32();
    const start = reader.offset;
    const isCutOff = byteLength > reader.end - start;
    this.starts.push(start);
    this.ends.push(isCutOff ? reader.end : start + byteLength);
    reader.skip(byteLength);
  }
}

/** The kind of an import that takes a function of exactly its type. */
const EXACT_FUNCTION = 0x20;

function readEntity(reader: ByteReader): { readonly kind: EntityKind; readonly index: number } {
  return { kind: readKind(reader), index: reader.u32() };
}

function readKind(reader: ByteReader): EntityKind {
  const offset = reader.offset;
  const byte = reader.u8();
  const kind = ENTITY_KINDS[byte];
  if (kind === undefined) throw malformed(`${hex(byte)} is not a kind of import or export`, offset);
  return kind;
}

function readTag(reader: ByteReader): number {
  const offset = reader.offset;
  if (reader.u8() !== 0) throw malformed('a tag is not an exception', offset);
  return reader.u32();
}
