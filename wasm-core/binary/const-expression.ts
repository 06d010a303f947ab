import { type ByteReader, malformed, unsupported } from './byte-reader.ts';
import { hex, readReferenceType } from './read-types.ts';

/** How many indices the module has of what a constant expression may name. */
export interface ConstScope {
  readonly globalCount: number;
  readonly functionCount: number;
}

/**
 * Reads past a constant expression, its `end` included. Types are not looked at; V8 does that.
 *
 * @param scope its counts are those of the file, so that nothing names what the rewriter appends
 * @throws CoreError FORMAT_WASM; FORMAT_UNSUPPORTED for a garbage-collected object
 */
export function skipConstExpression(reader: ByteReader, scope: ConstScope): void {
  for (;;) {
    const offset = reader.offset;
    const op = reader.u8();
    if (op === 0x0b) return;
    skipConstInstruction(reader, { op, offset, scope });
  }
}

function skipConstInstruction(
  reader: ByteReader,
  { op, offset, scope }: { readonly op: number; readonly offset: number; readonly scope: ConstScope },
) {
  switch (op) {
    case 0x23:
      return checkIndex('global', reader, scope.globalCount);
    case 0x41:
      return reader.skipSigned(5);
    case 0x42:
      return reader.skipSigned(10);
    case 0x43:
      return reader.skip(4);
    case 0x44:
      return reader.skip(8);
    case 0xd0:
      readReferenceType(reader);
      return;
    case 0xd2:
      return checkIndex('function', reader, scope.functionCount);
    case 0xfb:
      throw unsupported('garbage-collected types', offset);
    case 0xfd:
      if (reader.u32() !== 12) throw malformed('a constant expression computes with vectors', offset);
      return reader.skip(16);
  }
  // Extended constant expressions: add, sub and mul of i32 and i64.
  const isExtended = (op >= 0x6a && op <= 0x6c) || (op >= 0x7c && op <= 0x7e);
  if (!isExtended) throw malformed(`${hex(op)} is not a constant instruction`, offset);
}

function checkIndex(what: string, reader: ByteReader, count: number): void {
  const offset = reader.offset;
  const index = reader.u32();
  if (index >= count) throw malformed(`${what} ${index} is not there`, offset);
}
