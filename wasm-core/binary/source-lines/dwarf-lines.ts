import { DwarfCursor, DwarfCutOff } from './dwarf-cursor.ts';
import { type DwarfSections, type LineHeader, readLineHeader, readOldFile } from './dwarf-header.ts';
import type { IsWanted, LineRow, LineTable } from './line-table.ts';

/**
 * Reads the line tables of C, C++, Rust and others: DWARF versions 2 to 5, `.debug_line`
 * (https://dwarfstd.org/doc/DWARF5.pdf, section 6.2). Addresses of WebAssembly count from the start of the code
 * section's content. What is broken is passed over; takes time linear in the section's size, and space linear in the
 * rows that are wanted.
 *
 * @param options.codeLength bytes of the code section's content
 * @returns undefined when there is no row
 */
export function dwarfLines(
  sections: DwarfSections,
  options: { readonly codeLength: number; readonly isWanted: IsWanted },
): LineTable | undefined {
  const found: Found = { rows: [], names: [] };
  const cursor = new DwarfCursor(sections.line);
  // A table that is broken inside does not keep the next one from being read; a broken length does.
  leniently(() => {
    while (!cursor.done) {
      const { length, offsetSize } = readLength(cursor);
      const start = cursor.offset;
      const end = start + length;
      leniently(() => {
        const unit = new DwarfCursor(sections.line, start, end);
        const header = readLineHeader(unit, sections, offsetSize);
        if (header) new LineProgram({ ...options, header, sections, found }).run(unit);
      });
      cursor.skip(length);
    }
  });
  const { rows, names } = found;
  if (rows.length === 0) return undefined;
  // Where one sequence ends another may begin, in whatever order they are written.
  rows.sort((a, b) => a.address - b.address || Number(a.file >= 0) - Number(b.file >= 0));
  return { rows, file: (index) => names[index]?.(), inOrder: false };
}

interface Found {
  readonly rows: LineRow[];
  /** By `LineRow.file`: the path of a file of one of the tables. */
  readonly names: (() => string | undefined)[];
}

function readLength(cursor: DwarfCursor): { readonly length: number; readonly offsetSize: number } {
  const length = cursor.fixed(4);
  return length === 0xffff_ffff ? { length: cursor.fixed(8), offsetSize: 8 } : { length, offsetSize: 4 };
}

/** The machine that makes rows of a line program. */
class LineProgram {
  private readonly header: LineHeader;
  private readonly sections: DwarfSections;
  private readonly found: Found;
  private readonly codeLength: number;
  private readonly isWanted: IsWanted;
  private readonly fileIndexes = new Map<number, number>();
  private address = 0;
  private file = 1;
  private line = 1;
  private column = 0;
  /** Whether the sequence is of code that is there; linkers put that of dropped functions at 0 or far outside. */
  private isLive = false;

  constructor(options: {
    readonly header: LineHeader;
    readonly sections: DwarfSections;
    readonly found: Found;
    readonly codeLength: number;
    readonly isWanted: IsWanted;
  }) {
    this.header = options.header;
    this.sections = options.sections;
    this.found = options.found;
    this.codeLength = options.codeLength;
    this.isWanted = options.isWanted;
  }

  run(cursor: DwarfCursor): void {
    const { opcodeBase, lineBase, lineRange } = this.header;
    while (!cursor.done) {
      const opcode = cursor.u8();
      if (opcode === 0) this.extended(cursor);
      else if (opcode < opcodeBase) this.standard(opcode, cursor);
      else {
        const step = opcode - opcodeBase;
        this.advance(Math.floor(step / lineRange));
        this.line += lineBase + (step % lineRange);
        this.emit(false);
      }
    }
  }

  private standard(opcode: number, cursor: DwarfCursor) {
    const { opcodeBase, lineRange, opcodeArguments } = this.header;
    switch (opcode) {
      case 1: // copy
        return this.emit(false);
      case 2: // advance_pc
        return this.advance(cursor.uleb());
      case 3: // advance_line
        this.line += cursor.sleb();
        return;
      case 4: // set_file
        this.file = cursor.uleb();
        return;
      case 5: // set_column
        this.column = cursor.uleb();
        return;
      case 8: // const_add_pc
        return this.advance(Math.floor((255 - opcodeBase) / lineRange));
      case 9: // fixed_advance_pc
        this.address += cursor.fixed(2);
        return;
    }
    for (let left = opcodeArguments[opcode] ?? 0; left > 0; left--) cursor.uleb();
  }

  private extended(cursor: DwarfCursor) {
    const length = cursor.uleb();
    const end = cursor.offset + length;
    cursor.skip(length);
    if (length === 0) return;
    const inner = new DwarfCursor(this.sections.line, end - length, end);
    switch (inner.u8()) {
      case 1: // end_sequence
        this.emit(true);
        return this.reset();
      case 2: // set_address
        this.address = inner.fixed(Math.min(length - 1, 8));
        this.isLive = this.address > 0 && this.address < this.codeLength;
        return;
      case 3: {
        // define_file
        const file = readOldFile(inner, this.sections.line);
        if (file) this.header.files.add(file);
      }
    }
  }

  private advance(operations: number): void {
    this.address += operations * this.header.minInstructionLength;
  }

  private emit(isEnd: boolean): void {
    const { address, line, column, found } = this;
    if (!this.isLive || !this.isWanted(address)) return;
    if (isEnd) found.rows.push({ address, file: -1, line: 0, column: 0 });
    else found.rows.push({ address, file: this.fileIndex(), line, column });
  }

  private fileIndex(): number {
    const { file, found } = this;
    const known = this.fileIndexes.get(file);
    if (known !== undefined) return known;
    const { files } = this.header;
    const index = found.names.push(() => files.path(file)) - 1;
    this.fileIndexes.set(file, index);
    return index;
  }

  private reset(): void {
    this.address = 0;
    this.file = 1;
    this.line = 1;
    this.column = 0;
    this.isLive = false;
  }
}

function leniently(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof DwarfCutOff)) throw error;
  }
}
