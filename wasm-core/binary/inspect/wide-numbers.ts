import { type ByteReader, malformed } from '../byte-reader.ts';

/*
 * The LEB128 numbers that `ByteReader` has no use for:
 * https://webassembly.github.io/spec/core/binary/values.html#integers.
 */

/** @throws CoreError FORMAT_WASM when the number is cut off or longer than 10 bytes */
export function readU64(reader: ByteReader): bigint {
  return BigInt.asUintN(64, readLeb(reader, 64).value);
}

/** @throws CoreError FORMAT_WASM when the number is cut off or longer than 10 bytes */
export function readS64(reader: ByteReader): bigint {
  return signed(readLeb(reader, 64));
}

/** @throws CoreError FORMAT_WASM when the number is cut off or longer than 5 bytes */
export function readS32(reader: ByteReader): number {
  return Number(BigInt.asIntN(32, signed(readLeb(reader, 32))));
}

/** The number of a type or, below zero, the code of an abstract one. @throws CoreError FORMAT_WASM */
export function readS33(reader: ByteReader): number {
  return Number(signed(readLeb(reader, 33)));
}

interface Leb {
  readonly value: bigint;
  readonly bitCount: number;
}

function readLeb(reader: ByteReader, bits: number): Leb {
  const start = reader.offset;
  let value = 0n;
  for (let bitCount = 7; bitCount < bits + 7; bitCount += 7) {
    const byte = reader.u8();
    value |= BigInt(byte & 0x7f) << BigInt(bitCount - 7);
    if (byte < 0x80) return { value, bitCount: Math.min(bitCount, bits) };
  }
  throw malformed(`a number does not fit ${bits} bits`, start);
}

function signed({ value, bitCount }: Leb): bigint {
  return BigInt.asIntN(bitCount, value);
}
