import type { CellInterval, CellValue } from '../vector-writer.ts';
import type { AvroType } from './schema.ts';

/** Bytes that are no values of their schema. */
export class AvroDataError extends Error {}

/** So many values that take no bytes may stand in one place. */
const MAX_EMPTY_VALUES = 1_000_000;

/** Reads the values of a block, and believes no count that its bytes cannot hold. */
export class AvroDecoder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#at;
  }

  /** @throws AvroDataError */
  value(type: AvroType): CellValue {
    switch (type.kind) {
      case 'null':
        return null;
      case 'boolean':
        return this.#take(1)[0] === 1;
      case 'int': {
        const value = Number(this.long());
        return type.logical === 'time-millis' ? BigInt(value) * 1000n : value | 0;
      }
      case 'long':
        return scaled(this.long(), type);
      case 'float':
        this.#need(4);
        this.#at += 4;
        return this.#view.getFloat32(this.#at - 4, true);
      case 'double':
        this.#need(8);
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8, true);
      case 'bytes':
        return ofBytes(this.#take(this.#length()), type);
      case 'fixed':
        return ofBytes(this.#take(type.size), type);
      case 'string':
        return type.logical === 'uuid' ? uuidOf(this.string()) : this.string();
      case 'enum':
        return this.#symbol(type.symbols);
      case 'record':
        return type.fields.map((field) => this.value(field.type));
      case 'union':
        return this.#branch(type);
      case 'array':
        return this.#items(type.items, (items) => items.push(this.value(type.items)));
      case 'map':
        return this.#items(type.items, (items) => items.push([this.string(), this.value(type.items)]));
    }
  }

  string(): string {
    const bytes = this.#take(this.#length());
    try {
      return this.#text.decode(bytes);
    } catch {
      throw new AvroDataError('a text is not UTF-8');
    }
  }

  /** A number of variable length, of which the lowest bit is the sign. */
  long(): bigint {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt((low >>> 1) ^ -(low & 1));
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
    }
    throw new AvroDataError('a number has more than ten bytes');
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new AvroDataError('its values end behind their block');
    return byte;
  }

  #symbol(symbols: readonly string[]): string {
    const index = this.long();
    const symbol = symbols[Number(index)];
    if (symbol === undefined)
      throw new AvroDataError(`an enum of ${symbols.length} symbols has number ${index}`);
    return symbol;
  }

  #branch({ branches, sql }: Extract<AvroType, { kind: 'union' }>): CellValue {
    const index = this.long();
    const branch = branches[Number(index)];
    if (branch === undefined)
      throw new AvroDataError(`a union of ${branches.length} types has number ${index}`);
    const value = this.value(branch);
    // Numbers of several types are those of the widest.
    if (value !== null && sql.kind === 'simple' && sql.name === 'BIGINT')
      return BigInt(value as bigint | number);
    return value;
  }

  /** Items come in blocks, whose count is negative where their bytes are told, too. */
  #items(type: AvroType, read: (items: CellValue[]) => void): CellValue[] {
    const items: CellValue[] = [];
    for (;;) {
      let count = Number(this.long());
      if (count === 0) return items;
      if (count < 0) {
        count = -count;
        this.long();
      }
      const room =
        type.kind === 'null' || type.kind === 'record' || type.kind === 'fixed' ? MAX_EMPTY_VALUES : 0;
      if (count > Math.max(this.#bytes.length - this.#at, room)) {
        throw new AvroDataError(`a list says that it has ${count} values`);
      }
      for (let i = 0; i < count; i++) read(items);
    }
  }

  #length(): number {
    const length = this.long();
    if (length < 0n || length > BigInt(this.#bytes.length))
      throw new AvroDataError(`a value says that it has ${length} bytes`);
    return Number(length);
  }

  #take(byteLength: number): Uint8Array {
    this.#need(byteLength);
    this.#at += byteLength;
    return this.#bytes.subarray(this.#at - byteLength, this.#at);
  }

  #need(byteLength: number): void {
    if (this.#at + byteLength > this.#bytes.length)
      throw new AvroDataError('its values end behind their block');
  }
}

function scaled(value: bigint, { logical }: AvroType): bigint {
  return logical === 'timestamp-millis' || logical === 'local-timestamp-millis'
    ? BigInt.asIntN(64, value * 1000n)
    : value;
}

function ofBytes(bytes: Uint8Array, { logical, sql }: AvroType): CellValue {
  switch (logical) {
    case 'decimal':
      return decimalOf(bytes, sql.kind === 'decimal' ? sql.width : 38);
    case 'uuid':
      return BigInt(`0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`);
    case 'duration':
      return durationOf(bytes);
    default:
      return bytes.slice();
  }
}

/** Big-endian, in two's complement. */
function decimalOf(bytes: Uint8Array, width: number): bigint {
  if (bytes.length > 64) throw new AvroDataError(`a decimal has ${bytes.length} bytes`);
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  const signed = BigInt.asIntN(8 * bytes.length, value);
  const limit = 10n ** BigInt(width);
  if (signed >= limit || signed <= -limit) throw new AvroDataError(`a decimal has more than ${width} digits`);
  return signed;
}

/** Months, days and milliseconds, each without a sign. */
function durationOf(bytes: Uint8Array): CellInterval {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [months, days, millis] = [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)];
  if (months > 0x7fff_ffff || days > 0x7fff_ffff)
    throw new AvroDataError('a duration is longer than SQL has');
  return { months, days, micros: BigInt(millis) * 1000n };
}

function uuidOf(text: string): bigint {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new AvroDataError(`'${text.slice(0, 40)}' is no UUID`);
  return BigInt(`0x${text.replaceAll('-', '')}`);
}
