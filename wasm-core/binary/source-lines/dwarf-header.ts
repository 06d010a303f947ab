import { type DwarfCursor, DwarfCutOff, textAt } from './dwarf-cursor.ts';

/** The sections that line tables lie in and name texts of. */
export interface DwarfSections {
  /** `.debug_line`. */
  readonly line: Uint8Array;
  /** `.debug_line_str`, empty when the module has none. */
  readonly lineStr: Uint8Array;
  /** `.debug_str`, likewise. */
  readonly str: Uint8Array;
}

/** What the header of one line table says. */
export interface LineHeader {
  readonly version: number;
  readonly minInstructionLength: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** How many arguments each standard opcode has, by opcode. */
  readonly opcodeArguments: readonly number[];
  readonly files: FileNames;
}

/** A file or folder: where its text is, which is read only when it is asked for. */
interface Entry {
  readonly bytes: Uint8Array;
  readonly textStart: number;
  readonly folder: number;
}

const NO_ENTRY: Entry = { bytes: new Uint8Array(), textStart: 0, folder: 0 };

/** The file names of one line table. */
export class FileNames {
  private readonly version: number;
  private readonly folders: readonly Entry[];
  private readonly files: Entry[];

  constructor(version: number, folders: readonly Entry[], files: Entry[]) {
    this.version = version;
    this.folders = folders;
    this.files = files;
  }

  add(file: Entry): void {
    this.files.push(file);
  }

  /**
   * The path of a file, with its folder's.
   *
   * @param number as the line program counts: from 1 before version 5, from 0 since then
   */
  path(number: number): string | undefined {
    const isOld = this.version < 5;
    const file = this.files[isOld ? number - 1 : number];
    if (file === undefined) return undefined;
    const name = textAt(file.bytes, file.textStart);
    if (name.startsWith('/')) return name;
    const folderText = this.folder(file.folder);
    return folderText === '' || folderText === '.' ? name : `${folderText}/${name}`;
  }

  /** Folder 0 is the compilation's, which version 4 tells elsewhere. */
  private folder(number: number): string {
    const isOld = this.version < 5;
    const entry = this.folders[isOld ? number - 1 : number];
    if (entry === undefined) return '';
    const text = textAt(entry.bytes, entry.textStart);
    const root = isOld || number === 0 || text.startsWith('/') ? '' : this.folder(0);
    return root === '' || root === '.' ? text : `${root}/${text}`;
  }
}

/**
 * Reads the header of a line table of versions 2 to 5, from its version on: DWARF 5, section 6.2.4.
 *
 * @param cursor afterwards at the line program
 * @param offsetSize 4 or, in 64-bit DWARF, 8
 * @returns undefined for a version that is not known
 * @throws DwarfCutOff
 */
export function readLineHeader(
  cursor: DwarfCursor,
  sections: DwarfSections,
  offsetSize: number,
): LineHeader | undefined {
  const version = cursor.fixed(2);
  if (version < 2 || version > 5) return undefined;
  if (version >= 5) cursor.skip(2); // sizes of addresses and of segment selectors
  const headerLength = cursor.fixed(offsetSize);
  const programStart = cursor.offset + headerLength;
  const minInstructionLength = cursor.u8();
  if (version >= 4) cursor.skip(1); // operations in an instruction
  cursor.skip(1); // whether rows are statements by default
  const lineBase = cursor.i8();
  const lineRange = cursor.u8();
  const opcodeBase = cursor.u8();
  const opcodeArguments = [0];
  for (let opcode = 1; opcode < opcodeBase; opcode++) opcodeArguments.push(cursor.u8());
  const files =
    version >= 5
      ? new FileNames(
          version,
          readEntries(cursor, sections, offsetSize),
          readEntries(cursor, sections, offsetSize),
        )
      : readOldNames(cursor, sections, version);
  if (lineRange === 0 || programStart > cursor.end) throw new DwarfCutOff();
  cursor.offset = programStart;
  return { version, minInstructionLength, lineBase, lineRange, opcodeBase, opcodeArguments, files };
}

function readOldNames(cursor: DwarfCursor, { line }: DwarfSections, version: number): FileNames {
  const folders: Entry[] = [];
  const files: Entry[] = [];
  for (let start = cursor.skipText(); line[start] !== 0; start = cursor.skipText()) {
    folders.push({ bytes: line, textStart: start, folder: 0 });
  }
  for (let file = readOldFile(cursor, line); file !== undefined; file = readOldFile(cursor, line)) {
    files.push(file);
  }
  return new FileNames(version, folders, files);
}

/**
 * A file entry of the versions before 5, also that of `DW_LNE_define_file`; undefined at the end of the list.
 *
 * @throws DwarfCutOff
 */
export function readOldFile(cursor: DwarfCursor, line: Uint8Array): Entry | undefined {
  const textStart = cursor.skipText();
  if (line[textStart] === 0) return undefined;
  const folder = cursor.uleb();
  cursor.uleb(); // time
  cursor.uleb(); // length
  return { bytes: line, textStart, folder };
}

const CONTENT_PATH = 1;
const CONTENT_FOLDER = 2;

/** A list of folders or files of version 5: a format, then entries in it. */
function readEntries(cursor: DwarfCursor, sections: DwarfSections, offsetSize: number): Entry[] {
  const format: { readonly content: number; readonly form: number }[] = [];
  for (let left = cursor.u8(); left > 0; left--) format.push({ content: cursor.uleb(), form: cursor.uleb() });
  const entries: Entry[] = [];
  const count = cursor.uleb();
  // Entries without content would be free, and their count is whatever the file says.
  if (format.length === 0 && count > 0) throw new DwarfCutOff();
  for (let left = count; left > 0; left--) {
    let entry = NO_ENTRY;
    for (const { content, form } of format) {
      const value = readForm(cursor, { form, sections, offsetSize });
      if (content === CONTENT_PATH && typeof value !== 'number') entry = { ...entry, ...value };
      if (content === CONTENT_FOLDER && typeof value === 'number') entry = { ...entry, folder: value };
    }
    entries.push(entry);
  }
  return entries;
}

type FormValue = number | Pick<Entry, 'bytes' | 'textStart'>;

/** Reads a value: DWARF 5, sections 7.5.5 and 7.5.6. */
function readForm(
  cursor: DwarfCursor,
  options: { readonly form: number; readonly sections: DwarfSections; readonly offsetSize: number },
): FormValue {
  const { form, sections, offsetSize } = options;
  switch (form) {
    case 0x08: // string
      return { bytes: sections.line, textStart: cursor.skipText() };
    case 0x0e: // strp
      return { bytes: sections.str, textStart: cursor.fixed(offsetSize) };
    case 0x1f: // line_strp
      return { bytes: sections.lineStr, textStart: cursor.fixed(offsetSize) };
    case 0x0b: // data1
      return cursor.fixed(1);
    case 0x05: // data2
      return cursor.fixed(2);
    case 0x06: // data4
      return cursor.fixed(4);
    case 0x07: // data8
      return cursor.fixed(8);
    case 0x0f: // udata
      return cursor.uleb();
    case 0x1e: // data16
      cursor.skip(16);
      return 0;
    case 0x09: // block
      cursor.skip(cursor.uleb());
      return 0;
  }
  throw new DwarfCutOff();
}
