import { type ByteReader, malformed } from './byte-reader.ts';
import { type ConstScope, skipConstExpression } from './const-expression.ts';
import { hex, readReferenceType } from './read-types.ts';

/** What segments may name: see `ConstScope`. */
export interface SegmentScope extends ConstScope {
  readonly tableCount: number;
}

/**
 * Reads past one element segment and checks its indices:
 * https://webassembly.github.io/spec/core/binary/modules.html#element-section.
 *
 * @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED
 */
export function skipElementSegment(reader: ByteReader, scope: SegmentScope): void {
  const offset = reader.offset;
  const flags = reader.u32();
  if (flags > 7) throw malformed(`an element segment has the flags ${flags}`, offset);
  const isActive = (flags & 1) === 0;
  const isExplicit = (flags & 2) !== 0;
  const hasExpressions = (flags & 4) !== 0;
  if (isActive && isExplicit) checkIndex('table', reader, scope.tableCount);
  else if (isActive && scope.tableCount === 0) throw malformed('table 0 is not there', offset);
  if (isActive) skipConstExpression(reader, scope);
  if (!isActive || isExplicit) skipElementType(reader, { hasExpressions });
  for (let left = reader.u32(); left > 0; left--) {
    if (hasExpressions) skipConstExpression(reader, scope);
    else checkIndex('function', reader, scope.functionCount);
  }
}

/**
 * Reads past one data segment and checks its indices.
 *
 * @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED
 */
export function skipDataSegment(reader: ByteReader, scope: ConstScope): void {
  const offset = reader.offset;
  const flags = reader.u32();
  if (flags > 2) throw malformed(`a data segment has the flags ${flags}`, offset);
  if (flags === 2) checkIndex('memory', reader, 1);
  if (flags !== 1) skipConstExpression(reader, scope);
  reader.skip(reader.u32());
}

function skipElementType(reader: ByteReader, { hasExpressions }: { readonly hasExpressions: boolean }): void {
  if (hasExpressions) {
    readReferenceType(reader);
    return;
  }
  const offset = reader.offset;
  const kind = reader.u8();
  if (kind !== 0) throw malformed(`${hex(kind)} is not an element kind`, offset);
}

function checkIndex(what: string, reader: ByteReader, count: number): void {
  const offset = reader.offset;
  const index = reader.u32();
  if (index >= count) throw malformed(`${what} ${index} is not there`, offset);
}
