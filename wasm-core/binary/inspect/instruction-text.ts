import { ByteReader } from '../byte-reader.ts';
import { f32Text, f64Text } from './float-text.ts';
import type { Identifiers } from './identifiers.ts';
import type { InstructionDecoder } from './instruction-decoder.ts';
import type { ModuleOutline } from './module-outline.ts';
import type { ImmediateCode } from './opcode-table.ts';
import { readHeapTypeText, readValueTypeText, signatureText } from './type-text.ts';
import { readS32, readS33, readS64, readU64 } from './wide-numbers.ts';

/** What the text of an instruction depends on beside its bytes. */
export interface TextScope {
  readonly outline: ModuleOutline;
  readonly identifiers: Identifiers;
  /** Of the function's locals, by index. */
  readonly locals: ReadonlyMap<number, string>;
  /** How many blocks the instruction stands in. */
  readonly depth: number;
}

/** The text of the instruction that the decoder has just read, as the text format has it. */
export function instructionText(code: InstructionDecoder, scope: TextScope): string {
  const { form } = code;
  if (form.immediates.length === 0) return form.name;
  const parts = new ImmediateTexts(code, scope).all();
  return [form.name, ...ordered(form.name, parts)].filter((part) => part !== '').join(' ');
}

/** The binary format puts segments before what they go to, and types before tables; the text format does not. */
function ordered(name: string, parts: readonly string[]): readonly string[] {
  const [first = '', second = ''] = parts;
  switch (name) {
    case 'memory.init':
    case 'table.init':
    case 'call_indirect':
    case 'return_call_indirect':
      return [second, first];
    case 'memory.copy':
      // Both or none.
      return first === '' && second === '' ? [] : [first || '0', second || '0'];
    default:
      return parts;
  }
}

const CATCHES = ['catch', 'catch_ref', 'catch_all', 'catch_all_ref'] as const;

/** Goes through an instruction's immediates and writes each. */
class ImmediateTexts {
  readonly #code: InstructionDecoder;
  readonly #scope: TextScope;
  #next = 0;

  constructor(code: InstructionDecoder, scope: TextScope) {
    this.#code = code;
    this.#scope = scope;
  }

  all(): string[] {
    return this.#code.form.immediates.map((code) => this.#text(code));
  }

  #text(code: ImmediateCode): string {
    switch (code) {
      case 'i32':
        return String(readS32(this.#reader()));
      case 'i64':
        return String(readS64(this.#reader()));
      case 'f32':
        return f32Text(this.#bytes(4));
      case 'f64':
        return f64Text(this.#bytes(8));
      case 'v128':
        return vectorText(this.#bytes(16));
      case 'lanes':
        return this.#bytes(16).join(' ');
      case 'block':
        return this.#block();
      case 'heap':
        return readHeapTypeText(this.#reader());
      case 'ref':
        return `(ref ${readHeapTypeText(this.#reader())})`;
      case 'refnull':
        return `(ref null ${readHeapTypeText(this.#reader())})`;
      case 'zero':
        return '';
      case 'field':
      case 'count':
      case 'lane':
        return String(this.#value());
      default:
        return this.#indexOrList(code);
    }
  }

  #indexOrList(code: ImmediateCode): string {
    const { identifiers, locals } = this.#scope;
    switch (code) {
      case 'local': {
        const index = this.#value();
        return locals.get(index) ?? String(index);
      }
      case 'type':
        return this.#type();
      case 'function':
      case 'global':
      case 'tag':
      case 'data':
      case 'elem':
        return identifiers.reference(code, this.#value());
      case 'table':
        return this.#table();
      case 'memory':
        return this.#memory(this.#value());
      case 'label':
        return this.#label();
      case 'labels':
        return this.#list(() => this.#label());
      case 'types':
        return `(result ${this.#list(() => readValueTypeText(this.#reader()))})`;
      case 'catches':
        return this.#list(() => this.#catch());
      case 'cast':
        return this.#cast();
      default:
        return this.#memoryArgument(Number(code));
    }
  }

  #value(): number {
    return this.#code.values[this.#next++] ?? 0;
  }

  #reader(): ByteReader {
    return new ByteReader(this.#scope.outline.bytes, this.#value());
  }

  #bytes(byteLength: number): Uint8Array {
    const start = this.#value();
    return this.#scope.outline.bytes.subarray(start, start + byteLength);
  }

  #list(item: () => string): string {
    return Array.from({ length: this.#value() }, item).join(' ');
  }

  /** Calls name the type of what they call in brackets, other instructions as they are. */
  #type(): string {
    const index = this.#value();
    return this.#code.form.name.endsWith('call_indirect') ? `(type ${index})` : String(index);
  }

  /** The first table goes without saying where a segment or a type stands beside it. */
  #table(): string {
    const index = this.#value();
    const isImplied = /^(table\.init|(return_)?call_indirect)$/.test(this.#code.form.name);
    return isImplied && index === 0 ? '' : this.#scope.identifiers.reference('table', index);
  }

  #memory(index: number): string {
    return index === 0 ? '' : this.#scope.identifiers.reference('memory', index);
  }

  /** A label with the depth of the block that it leads to; blocks are marked with theirs. */
  #label(): string {
    const label = this.#value();
    const target = this.#scope.depth - label;
    return target > 0 ? `${label} (;@${target};)` : String(label);
  }

  #catch(): string {
    const kind = this.#value();
    const tag = kind < 2 ? ` ${this.#scope.identifiers.reference('tag', this.#value())}` : '';
    return `(${CATCHES[kind]}${tag} ${this.#label()})`;
  }

  #cast(): string {
    const flags = this.#value();
    const label = this.#label();
    const reference = (isNullable: boolean) =>
      `(ref ${isNullable ? 'null ' : ''}${readHeapTypeText(this.#reader())})`;
    return `${label} ${reference((flags & 1) !== 0)} ${reference((flags & 2) !== 0)}`;
  }

  #block(): string {
    const reader = this.#reader();
    const first = reader.bytes[reader.offset] ?? 0;
    if (first === 0x40) return '';
    if (first > 0x40 && first < 0x80) return `(result ${readValueTypeText(reader)})`;
    const index = readS33(reader);
    const signature = this.#scope.outline.types[index]?.signature;
    return `(type ${index})${signature === undefined ? '' : signatureText(signature)}`;
  }

  #memoryArgument(naturalAlignment: number): string {
    const alignment = this.#value();
    const parts = [this.#memory(this.#value())];
    const offset = readU64(this.#reader());
    if (offset !== 0n) parts.push(`offset=${offset}`);
    if (alignment !== naturalAlignment) parts.push(`align=${2n ** BigInt(Math.min(alignment, 64))}`);
    return parts.filter((part) => part !== '').join(' ');
  }
}

function vectorText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const lanes = [0, 4, 8, 12].map((at) => `0x${view.getUint32(at, true).toString(16).padStart(8, '0')}`);
  return `i32x4 ${lanes.join(' ')}`;
}
