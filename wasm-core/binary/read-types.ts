import type { ValueType } from '../protocol/plugins.ts';
import { type ByteReader, malformed, unsupported } from './byte-reader.ts';
import type { FunctionType, GlobalType, MemoryLimits, ReferenceType, TableType } from './wasm-module.ts';

/*
 * The type grammar of https://webassembly.github.io/spec/core/binary/types.html, WebAssembly 2.0 with exceptions;
 * what later proposals add is refused by name.
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
    case 0x69:
      return 'exnref';
  }
  if (byte >= 0x63 && byte <= 0x78) throw unsupported('typed or garbage-collected references', offset);
  throw malformed(`${hex(byte)} is not a value type`, offset);
}

/** The most that 32-bit addresses reach. */
const MAX_PAGES = 65_536;

/** @throws CoreError FORMAT_WASM; FORMAT_UNSUPPORTED for a 64-bit or shared memory or one with pages of its own */
export function readMemoryLimits(reader: ByteReader): MemoryLimits {
  const offset = reader.offset;
  const flags = reader.u8();
  if (flags > 15) throw malformed(`${hex(flags)} are not limits`, offset);
  if (flags & 8) throw unsupported('a memory with a page size of its own', offset);
  if (flags & 4) throw unsupported('a 64-bit memory', offset);
  if (flags & 2) throw unsupported('a shared memory (threads)', offset);
  const initialPages = reader.u32();
  const maximumPages = flags & 1 ? reader.u32() : undefined;
  // The maximum is not in the module that V8 sees, so V8 would not find these.
  if (initialPages > MAX_PAGES || (maximumPages ?? 0) > MAX_PAGES) {
    throw malformed(`a memory has more than ${MAX_PAGES} pages`, offset);
  }
  if (maximumPages === undefined) return { initialPages };
  if (maximumPages < initialPages) throw malformed('a memory is larger than its maximum', offset);
  return { initialPages, maximumPages };
}

/** @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED for a 64-bit or shared table */
export function readTableType(reader: ByteReader): TableType {
  const element = readReferenceType(reader);
  const offset = reader.offset;
  const flags = reader.u8();
  if (flags & 4) throw unsupported('a 64-bit table', offset);
  if (flags === 2 || flags === 3) throw unsupported('a shared table (threads)', offset);
  if (flags > 1) throw malformed(`${hex(flags)} are not limits`, offset);
  const initial = reader.u32();
  if (flags === 0) return { element, initial };
  const maximum = reader.u32();
  if (maximum < initial) throw malformed('a table is larger than its maximum', offset);
  return { element, initial, maximum };
}

/** @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED */
export function readReferenceType(reader: ByteReader): ReferenceType {
  const offset = reader.offset;
  const type = readValueType(reader);
  if (type === 'funcref' || type === 'externref' || type === 'exnref') return type;
  throw malformed(`${type} is not a reference`, offset);
}

/** @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED */
export function readGlobalType(reader: ByteReader): GlobalType {
  const type = readValueType(reader);
  const offset = reader.offset;
  const mutable = reader.u8();
  if (mutable === 2 || mutable === 3) throw unsupported('a shared global (threads)', offset);
  if (mutable > 1) throw malformed(`${hex(mutable)} is not a mutability`, offset);
  return { type, mutable: mutable === 1 };
}

/** A byte as messages show it: `0x0a`. */
export function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
