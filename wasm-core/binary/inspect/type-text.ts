import { type ByteReader, malformed } from '../byte-reader.ts';
import { hex } from '../read-types.ts';
import { readS33, readU64 } from './wide-numbers.ts';

/*
 * Types as the text format writes them, for all of WebAssembly 3.0 and for shared and exact types:
 * https://webassembly.github.io/spec/core/text/types.html. Whatever runs a module reads its types with
 * `read-types.ts`, which knows fewer.
 */

/** Abstract heap types by their byte, and the short name of a nullable reference to each. */
const HEAP_TYPES: ReadonlyMap<number, readonly [heap: string, reference: string]> = new Map([
  [0x75, ['nocont', 'nullcontref']],
  [0x74, ['noexn', 'nullexnref']],
  [0x73, ['nofunc', 'nullfuncref']],
  [0x72, ['noextern', 'nullexternref']],
  [0x71, ['none', 'nullref']],
  [0x70, ['func', 'funcref']],
  [0x6f, ['extern', 'externref']],
  [0x6e, ['any', 'anyref']],
  [0x6d, ['eq', 'eqref']],
  [0x6c, ['i31', 'i31ref']],
  [0x6b, ['struct', 'structref']],
  [0x6a, ['array', 'arrayref']],
  [0x69, ['exn', 'exnref']],
  [0x68, ['cont', 'contref']],
]);

const NUMBERS: ReadonlyMap<number, string> = new Map([
  [0x7f, 'i32'],
  [0x7e, 'i64'],
  [0x7d, 'f32'],
  [0x7c, 'f64'],
  [0x7b, 'v128'],
]);

const REFERENCE = 0x64;
const NULLABLE_REFERENCE = 0x63;
const SHARED = 0x65;
const EXACT = 0x62;

/** The types that a function takes and gives, as text. */
export interface Signature {
  readonly parameters: readonly string[];
  readonly results: readonly string[];
}

/** A value type, such as `i32` or `(ref null 3)`. @throws CoreError FORMAT_WASM */
export function readValueTypeText(reader: ByteReader): string {
  const offset = reader.offset;
  const byte = reader.u8();
  const short = NUMBERS.get(byte) ?? HEAP_TYPES.get(byte)?.[1];
  if (short !== undefined) return short;
  if (byte === REFERENCE) return `(ref ${readHeapTypeText(reader)})`;
  if (byte === NULLABLE_REFERENCE) return `(ref null ${readHeapTypeText(reader)})`;
  if (byte === SHARED) return `(ref null (shared ${readHeapTypeText(reader)}))`;
  throw malformed(`${hex(byte)} is not a value type`, offset);
}

/** A heap type: a type's number, or a word such as `func`. @throws CoreError FORMAT_WASM */
export function readHeapTypeText(reader: ByteReader): string {
  const offset = reader.offset;
  const byte = reader.bytes[offset] ?? 0;
  if (byte === SHARED || byte === EXACT) {
    reader.u8();
    // What follows is no wrapper itself, or a file could nest them without end.
    return `(${byte === SHARED ? 'shared' : 'exact'} ${plainHeapType(reader)})`;
  }
  return plainHeapType(reader);
}

function plainHeapType(reader: ByteReader): string {
  const offset = reader.offset;
  const number = readS33(reader);
  if (number >= 0) return String(number);
  const word = HEAP_TYPES.get(number + 0x80)?.[0];
  if (word === undefined) throw malformed(`${hex(reader.bytes[offset] ?? 0)} is not a heap type`, offset);
  return word;
}

/** @throws CoreError FORMAT_WASM */
export function readSignature(reader: ByteReader): Signature {
  return { parameters: readValueTypes(reader), results: readValueTypes(reader) };
}

/** A count and so many value types. @throws CoreError FORMAT_WASM */
export function readValueTypes(reader: ByteReader): string[] {
  const types: string[] = [];
  // The count is not trusted: each type takes a byte, and reading ends with the bytes.
  for (let left = reader.u32(); left > 0; left--) types.push(readValueTypeText(reader));
  return types;
}

/** What a field holds: `i8`, `(mut i32)`. @throws CoreError FORMAT_WASM */
export function readFieldText(reader: ByteReader): string {
  const packed = reader.bytes[reader.offset];
  let type: string;
  if (packed === 0x78 || packed === 0x77) {
    reader.u8();
    type = packed === 0x78 ? 'i8' : 'i16';
  } else type = readValueTypeText(reader);
  return mutabilityText(reader, type);
}

/** A global's type: `i32`, `(mut i32)`. @throws CoreError FORMAT_WASM */
export function readGlobalTypeText(reader: ByteReader): string {
  return mutabilityText(reader, readValueTypeText(reader));
}

function mutabilityText(reader: ByteReader, type: string): string {
  const offset = reader.offset;
  const flags = reader.u8();
  if (flags > 3) throw malformed(`${hex(flags)} is not a mutability`, offset);
  const inner = flags & 1 ? `(mut ${type})` : type;
  return flags & 2 ? `(shared ${inner})` : inner;
}

/** A table's type: `10 20 funcref`. @throws CoreError FORMAT_WASM */
export function readTableTypeText(reader: ByteReader): string {
  const element = readValueTypeText(reader);
  return `${readLimitsText(reader)} ${element}`;
}

/** A memory's type: `1 2`, `i64 1 2 shared (pagesize 0x1)`. @throws CoreError FORMAT_WASM */
export function readLimitsText(reader: ByteReader): string {
  const offset = reader.offset;
  const flags = reader.u8();
  if (flags > 15) throw malformed(`${hex(flags)} are not limits`, offset);
  const is64 = (flags & 4) !== 0;
  const words: string[] = is64 ? ['i64'] : [];
  const readBound = () => String(readU64(reader));
  words.push(readBound());
  if (flags & 1) words.push(readBound());
  if (flags & 2) words.push('shared');
  if (flags & 8) words.push(`(pagesize 0x${(2 ** (reader.u32() & 63)).toString(16)})`);
  return words.join(' ');
}

/** ` (param i32 i64) (result f32)`, empty for a function without either; a name stands before its parameter. */
export function signatureText(
  { parameters, results }: Signature,
  nameOf: (index: number) => string | undefined = () => undefined,
): string {
  const shown = declarations('param', parameters, nameOf);
  if (results.length > 0) shown.push(`(result ${results.join(' ')})`);
  return shown.map((part) => ` ${part}`).join('');
}

/**
 * Parameters or locals as the text format declares them: each that has a name for itself, those without together.
 *
 * @param nameOf by the place in `types`
 */
export function declarations(
  keyword: 'param' | 'local',
  types: Iterable<string>,
  nameOf: (index: number) => string | undefined,
): string[] {
  const shown: string[] = [];
  let unnamed: string[] = [];
  const flush = () => {
    if (unnamed.length > 0) shown.push(`(${keyword} ${unnamed.join(' ')})`);
    unnamed = [];
  };
  let index = 0;
  for (const type of types) {
    const name = nameOf(index++);
    if (name === undefined) unnamed.push(type);
    else {
      flush();
      shown.push(`(${keyword} ${name} ${type})`);
    }
  }
  flush();
  return shown;
}
