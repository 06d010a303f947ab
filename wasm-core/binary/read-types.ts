import type { ValueType } from '../protocol/plugins.ts';
import { type ByteReader, malformed, unsupported } from './byte-reader.ts';
import type { FunctionType, MemoryLimits } from './wasm-module.ts';

/*
 * The type grammar of https://webassembly.github.io/spec/core/binary/types.html, WebAssembly 2.0; what later
 * proposals add is refused by name.
 */

/** @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED */
export function readFunctionType(reader: ByteReader): FunctionType {
  const offset = reader.offset;
  const form = reader.u8();
  if (form >= 0x4d && form <= 0x5f) throw unsupported('garbage-collected types', offset);
  if (form !== 0x60) throw malformed(`${hex(form)} is not a function type`, offset);
  return { parameters: readValueTypes(reader), results: readValueTypes(reader) };
}

function readValueTypes(reader: ByteReader): ValueType[] {
  const types: ValueType[] = [];
  // The count is not trusted: each type takes a byte, and reading ends with the bytes.
  for (let left = reader.u32(); left > 0; left--) types.push(readValueType(reader));
  return types;
}

/** @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED */
export function readValueType(reader: ByteReader): ValueType {
  const offset = reader.offset;
  const byte = reader.u8();
  switch (byte) {
    case 0x7f:
      return 'i32';
    case 0x7e:
      return 'i64';
    case 0x7d:
      return 'f32';
    case 0x7c:
      return 'f64';
    case 0x7b:
      return 'v128';
    case 0x70:
      return 'funcref';
    case 0x6f:
      return 'externref';
  }
  if (byte === 0x69 || byte === 0x74) throw unsupported('exception references (exnref)', offset);
  if (byte >= 0x63 && byte <= 0x78) throw unsupported('typed or garbage-collected references', offset);
  throw malformed(`${hex(byte)} is not a value type`, offset);
}

/** @throws CoreError FORMAT_WASM; FORMAT_UNSUPPORTED for a 64-bit or shared memory or one with pages of its own */
export function readMemoryLimits(reader: ByteReader): MemoryLimits {
  const offset = reader.offset;
  const flags = reader.u8();
  if (flags > 15) throw malformed(`${hex(flags)} are not limits`, offset);
  if (flags & 8) throw unsupported('a memory with a page size of its own', offset);
  if (flags & 4) throw unsupported('a 64-bit memory', offset);
  if (flags & 2) throw unsupported('a shared memory (threads)', offset);
  const initialPages = reader.u32();
  return flags & 1 ? { initialPages, maximumPages: reader.u32() } : { initialPages };
}

/** Reads past the type of an imported table. @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED */
export function skipTableType(reader: ByteReader): void {
  const typeOffset = reader.offset;
  const type = readValueType(reader);
  if (type !== 'funcref' && type !== 'externref') throw malformed(`a table cannot hold ${type}`, typeOffset);
  const offset = reader.offset;
  const flags = reader.u8();
  if (flags & 4) throw unsupported('a 64-bit table', offset);
  if (flags > 1) throw malformed(`${hex(flags)} are not limits`, offset);
  reader.u32();
  if (flags & 1) reader.u32();
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
