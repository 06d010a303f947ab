import { type ByteReader, malformed, unsupported } from './byte-reader.ts';
import { hex, readValueType } from './read-types.ts';

/** How many indices a body may use of each kind: those of the file, without what the rewriter appends. */
export interface IndexCounts {
  readonly type: number;
  readonly function: number;
  readonly table: number;
  readonly memory: number;
  readonly global: number;
  readonly tag: number;
  /** Parameters and declared locals of the function. */
  readonly local: number;
}

/**
 * Reads instructions one by one. It knows what follows each opcode and checks every index except labels; it does not
 * know types. Each call of `next` overwrites what the one before it found.
 */
export class InstructionReader {
  /** Position of the opcode. */
  start = 0;
  /** Labels that the instruction names, by depth: of a branch, `rethrow` and `delegate`; for `try_table` of its catches. */
  readonly labels: number[] = [];
  private readonly reader: ByteReader;
  private readonly counts: IndexCounts;

  constructor(reader: ByteReader, counts: IndexCounts) {
    this.reader = reader;
    this.counts = counts;
  }

  /** Position behind the instruction, where the next one begins. */
  get position(): number {
    return this.reader.offset;
  }

  /**
   * Reads an instruction.
   *
   * @returns the opcode, as `OP` numbers them
   * @throws CoreError FORMAT_WASM; FORMAT_UNSUPPORTED for an instruction of a proposal that Quern does not read
   */
  next(): number {
    const { reader } = this;
    this.start = reader.offset;
    // Emptying an array that is empty would still make V8 drop its storage.
    if (this.labels.length > 0) this.labels.length = 0;
    const op = reader.u8();
    // Comparisons, arithmetic and conversions: nothing follows.
    if (op >= 0x45 && op <= 0xc4) return op;
    if (op >= 0x28 && op <= 0x3e) this.memoryArgument();
    else if (op < 0x20) this.controlImmediates(op);
    else if (op >= 0xfb) return this.prefixed(op);
    else this.otherImmediates(op);
    return op;
  }

  private controlImmediates(op: number) {
    switch (op) {
      case 0x00: // unreachable
      case 0x01: // nop
      case 0x05: // else
      case 0x0a: // throw_ref
      case 0x0b: // end
      case 0x0f: // return
      case 0x19: // catch_all
      case 0x1a: // drop
      case 0x1b: // select
        return;
      case 0x02: // block
      case 0x03: // loop
      case 0x04: // if
      case 0x06: // try
        return this.blockType();
      case 0x07: // catch
      case 0x08: // throw
        return this.checkIndex('tag');
      case 0x09: // rethrow
      case 0x0c: // br
      case 0x0d: // br_if
      case 0x18: // delegate
        this.labels.push(this.reader.u32());
        return;
      case 0x0e: // br_table
        for (let left = this.reader.u32(); left >= 0; left--) this.labels.push(this.reader.u32());
        return;
      case 0x10: // call
      case 0x12: // return_call
        return this.checkIndex('function');
      case 0x11: // call_indirect
      case 0x13: // return_call_indirect
        this.checkIndex('type');
        return this.checkIndex('table');
      case 0x1c: // select with types
        for (let left = this.reader.u32(); left > 0; left--) readValueType(this.reader);
        return;
      case 0x1f:
        return this.tryTable();
    }
    if (op === 0x14 || op === 0x15) throw unsupported('calls of typed references', this.start);
    throw this.unknown(op);
  }

  private otherImmediates(op: number) {
    const { reader } = this;
    if (op <= 0x22) return this.checkIndex('local');
    if (op <= 0x24) return this.checkIndex('global');
    if (op <= 0x26) return this.checkIndex('table');
    switch (op) {
      case 0x3f: // memory.size
      case 0x40: // memory.grow
        return this.checkIndex('memory');
      case 0x41: // i32.const
        return reader.skipSigned(5);
      case 0x42: // i64.const
        return reader.skipSigned(10);
      case 0x43: // f32.const
        return reader.skip(4);
      case 0x44: // f64.const
        return reader.skip(8);
      case 0xd0: // ref.null
        readValueType(reader);
        return;
      case 0xd1: // ref.is_null
        return;
      case 0xd2: // ref.func
        return this.checkIndex('function');
    }
    if (op >= 0xd3 && op <= 0xd6) throw unsupported('typed or garbage-collected references', this.start);
    if (op >= 0xe0 && op <= 0xe7) throw unsupported('stack switching', this.start);
    throw this.unknown(op);
  }

  private prefixed(prefix: number): number {
    if (prefix === 0xfb) throw unsupported('garbage-collected types', this.start);
    if (prefix === 0xfe) throw unsupported('atomic instructions (threads)', this.start);
    if (prefix === 0xff) throw this.unknown(prefix);
    const number = this.reader.u32();
    if (prefix === 0xfc) this.bulkImmediates(number);
    else this.vectorImmediates(number);
    return prefix * 0x1000 + number;
  }

  private bulkImmediates(number: number) {
    if (number <= 7) return; // saturating conversions
    switch (number) {
      case 8: // memory.init
        this.reader.u32();
        return this.checkIndex('memory');
      case 9: // data.drop
      case 13: // elem.drop
        this.reader.u32();
        return;
      case 10: // memory.copy
        this.checkIndex('memory');
        return this.checkIndex('memory');
      case 11: // memory.fill
        return this.checkIndex('memory');
      case 12: // table.init
        this.reader.u32();
        return this.checkIndex('table');
      case 14: // table.copy
        this.checkIndex('table');
        return this.checkIndex('table');
      case 15: // table.grow
      case 16: // table.size
      case 17: // table.fill
        return this.checkIndex('table');
    }
    if (number >= 19 && number <= 22) throw unsupported('128-bit arithmetic', this.start);
    throw malformed(`0xfc ${number} is not an instruction`, this.start);
  }

  private vectorImmediates(number: number) {
    if (number <= 11 || number === 92 || number === 93) return this.memoryArgument();
    if (number === 12 || number === 13) return this.reader.skip(16); // v128.const, i8x16.shuffle
    if (number >= 21 && number <= 34) return this.reader.skip(1); // lanes
    if (number >= 84 && number <= 91) {
      this.memoryArgument();
      return this.reader.skip(1);
    }
    if (number > 0x113) throw unsupported(`the vector instruction ${hex(number)}`, this.start);
  }

  private blockType(): void {
    const { reader } = this;
    const first = reader.bytes[reader.offset] ?? 0;
    if (first === 0x40) reader.u8();
    else if (first > 0x40 && first < 0x80) readValueType(reader);
    else this.checkIndex('type');
  }

  private tryTable(): void {
    const { reader } = this;
    this.blockType();
    for (let left = reader.u32(); left > 0; left--) {
      const kind = reader.u8();
      if (kind > 3) throw malformed(`${hex(kind)} is not a catch clause`, reader.offset - 1);
      if (kind < 2) this.checkIndex('tag');
      this.labels.push(reader.u32());
    }
  }

  private memoryArgument(): void {
    const offset = this.reader.offset;
    const alignment = this.reader.u32();
    if (alignment & 0x40) throw unsupported('more than one memory', offset);
    this.reader.u32();
    if (this.counts.memory === 0) throw malformed('memory 0 is not there', this.start);
  }

  private checkIndex(kind: keyof IndexCounts): void {
    const offset = this.reader.offset;
    const index = this.reader.u32();
    if (index >= this.counts[kind]) throw malformed(`${kind} ${index} is not there`, offset);
  }

  private unknown(op: number) {
    return malformed(`${hex(op)} is not an instruction`, this.start);
  }
}
