import { type ByteReader, malformed } from '../byte-reader.ts';
import { hex } from '../read-types.ts';
import { INSTRUCTION_SET, type InstructionForm } from './instruction-set.ts';
import type { ImmediateCode } from './opcode-table.ts';
import { readHeapTypeText, readValueTypeText } from './type-text.ts';
import { readS33 } from './wide-numbers.ts';

/** Marks a memory argument that names its memory. */
const HAS_MEMORY = 0x40;

/**
 * Reads instructions one by one for showing them. It knows every instruction that has a text, and checks no index: a
 * file that is broken can still be looked at. The rewriter's `InstructionReader` is for code that will run: it knows
 * fewer and checks more. Each call of `next` overwrites what the one before it found.
 */
export class InstructionDecoder {
  /** Position of the opcode. */
  start = 0;
  /** What the instruction is. */
  form: InstructionForm = NOP;
  /**
   * Its immediates: an index or a small number as itself; a constant, a type and the address of a memory argument as
   * their position in the file. A memory argument is three: the logarithm of its alignment, its memory, that position.
   * Lists begin with their length.
   */
  readonly values: number[] = [];
  readonly reader: ByteReader;

  /** @param reader at an instruction */
  constructor(reader: ByteReader) {
    this.reader = reader;
  }

  /**
   * Reads an instruction.
   *
   * @throws CoreError FORMAT_WASM when the bytes end or are none that Quern knows
   */
  next(): void {
    const { reader, values } = this;
    this.start = reader.offset;
    // Emptying an array that is empty would still make V8 drop its storage.
    if (values.length > 0) values.length = 0;
    const opcode = reader.u8();
    this.form = INSTRUCTION_SET.plain[opcode] ?? this.prefixed(opcode);
    const { immediates } = this.form;
    for (let i = 0; i < immediates.length; i++) this.immediate(immediates[i] ?? 'zero');
  }

  private prefixed(prefix: number): InstructionForm {
    const forms = INSTRUCTION_SET.prefixed.get(prefix);
    if (forms === undefined)
      throw malformed(`${hex(prefix)} is not an instruction that Quern knows`, this.start);
    const number = this.reader.u32();
    const form = forms[number];
    if (form === undefined) {
      throw malformed(`${hex(prefix)} ${hex(number)} is not an instruction that Quern knows`, this.start);
    }
    return form;
  }

  private immediate(code: ImmediateCode) {
    const { reader, values } = this;
    switch (code) {
      case 'function':
      case 'type':
      case 'table':
      case 'memory':
      case 'global':
      case 'local':
      case 'label':
      case 'tag':
      case 'data':
      case 'elem':
      case 'field':
      case 'count':
        values.push(reader.u32());
        return;
      case 'lane':
        values.push(reader.u8());
        return;
      case 'i32':
        values.push(reader.offset);
        return reader.skipSigned(5);
      case 'i64':
        values.push(reader.offset);
        return reader.skipSigned(10);
      case 'f32':
        values.push(reader.offset);
        return reader.skip(4);
      case 'f64':
        values.push(reader.offset);
        return reader.skip(8);
      case 'v128':
      case 'lanes':
        values.push(reader.offset);
        return reader.skip(16);
      case 'block':
        return this.wide(() => skipBlockType(reader));
      case 'heap':
      case 'ref':
      case 'refnull':
        return this.wide(() => readHeapTypeText(reader));
      default:
        return this.rareImmediate(code);
    }
  }

  private rareImmediate(code: ImmediateCode) {
    switch (code) {
      case 'labels':
        return this.list(() => this.values.push(this.reader.u32()), 1);
      case 'types':
        return this.list(() => this.wide(() => readValueTypeText(this.reader)));
      case 'catches':
        return this.list(() => this.catchClause());
      case 'cast':
        return this.cast();
      case 'zero':
        this.reader.u8();
        return;
      default:
        return this.memoryArgument();
    }
  }

  /** Keeps the position of what the text is made of later, and reads past it. */
  private wide(skip: () => unknown): void {
    this.values.push(this.reader.offset);
    skip();
  }

  /** @param extra how many more items there are than the count says */
  private list(readItem: () => unknown, extra = 0): void {
    const count = this.reader.u32() + extra;
    this.values.push(count);
    // Each item takes a byte, so a false count ends with the bytes.
    for (let left = count; left > 0; left--) readItem();
  }

  private memoryArgument(): void {
    const { reader, values } = this;
    const flags = reader.u32();
    const isNamed = (flags & HAS_MEMORY) !== 0;
    values.push(isNamed ? flags - HAS_MEMORY : flags, isNamed ? reader.u32() : 0, reader.offset);
    reader.skipSigned(10);
  }

  private catchClause(): void {
    const { reader, values } = this;
    const kind = reader.u8();
    if (kind > 3) throw malformed(`${hex(kind)} is not a catch clause`, reader.offset - 1);
    values.push(kind);
    if (kind < 2) values.push(reader.u32());
    values.push(reader.u32());
  }

  private cast(): void {
    const { reader, values } = this;
    const flags = reader.u8();
    if (flags > 3) throw malformed(`${hex(flags)} are not the flags of a cast`, reader.offset - 1);
    values.push(flags, reader.u32());
    this.wide(() => readHeapTypeText(reader));
    this.wide(() => readHeapTypeText(reader));
  }
}

const NOP: InstructionForm = { name: 'nop', immediates: [] };

/** The byte of a block that takes and gives nothing. */
const EMPTY_BLOCK = 0x40;

function skipBlockType(reader: ByteReader): void {
  const first = reader.bytes[reader.offset] ?? 0;
  if (first === EMPTY_BLOCK) reader.u8();
  else if (first > EMPTY_BLOCK && first < 0x80) readValueTypeText(reader);
  else readS33(reader);
}
