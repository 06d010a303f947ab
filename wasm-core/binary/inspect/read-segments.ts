import { type ByteReader, malformed } from '../byte-reader.ts';
import { hex } from '../read-types.ts';
import type { ByteRange } from '../wasm-module.ts';
import { InstructionDecoder } from './instruction-decoder.ts';
import type { DataSegment, ElementSegment } from './module-outline.ts';
import { NumberList } from './number-list.ts';
import { readValueTypeText } from './type-text.ts';

/**
 * Reads past a constant expression.
 *
 * @returns its instructions without the `end`
 * @throws CoreError FORMAT_WASM
 */
export function readExpression(reader: ByteReader): ByteRange {
  const start = reader.offset;
  const code = new InstructionDecoder(reader);
  do code.next();
  while (code.form.name !== 'end');
  return { start, end: code.start };
}

/**
 * Reads one element segment: https://webassembly.github.io/spec/core/binary/modules.html#element-section.
 *
 * @throws CoreError FORMAT_WASM
 */
export function readElementSegment(reader: ByteReader): ElementSegment {
  const start = reader.offset;
  const flags = reader.u32();
  if (flags > 7) throw malformed(`an element segment has the flags ${flags}`, start);
  const isActive = (flags & 1) === 0;
  const hasMore = (flags & 2) !== 0;
  const table = isActive && hasMore ? reader.u32() : undefined;
  const offset = isActive ? readExpression(reader) : undefined;
  const hasExpressions = (flags & 4) !== 0;
  const type = isActive && !hasMore ? implicitType(hasExpressions) : readType(reader, hasExpressions);
  const elements = hasExpressions
    ? { expressions: readExpressions(reader) }
    : { functions: readIndices(reader) };
  const mode = isActive ? 'active' : hasMore ? 'declared' : 'passive';
  return {
    start,
    end: reader.offset,
    mode,
    type,
    ...(table !== undefined && { table }),
    ...(offset && { offset }),
    ...elements,
  };
}

/**
 * Reads one data segment.
 *
 * @throws CoreError FORMAT_WASM
 */
export function readDataSegment(reader: ByteReader): DataSegment {
  const offset = reader.offset;
  const flags = reader.u32();
  if (flags > 2) throw malformed(`a data segment has the flags ${flags}`, offset);
  const memory = flags === 2 ? { memory: reader.u32() } : {};
  const placed = flags === 1 ? {} : { ...memory, offset: readExpression(reader) };
  const byteLength = reader.u32();
  const start = reader.offset;
  reader.skip(byteLength);
  return { start, end: reader.offset, ...placed };
}

function implicitType(hasExpressions: boolean): string {
  return hasExpressions ? 'funcref' : 'func';
}

function readType(reader: ByteReader, hasExpressions: boolean): string {
  if (hasExpressions) return readValueTypeText(reader);
  const offset = reader.offset;
  const kind = reader.u8();
  if (kind !== 0) throw malformed(`${hex(kind)} is not an element kind`, offset);
  return 'func';
}

function readIndices(reader: ByteReader): NumberList {
  const indices = new NumberList();
  for (let left = reader.u32(); left > 0; left--) indices.push(reader.u32());
  return indices;
}

function readExpressions(reader: ByteReader): ByteRange[] {
  const expressions: ByteRange[] = [];
  for (let left = reader.u32(); left > 0; left--) expressions.push(readExpression(reader));
  return expressions;
}
