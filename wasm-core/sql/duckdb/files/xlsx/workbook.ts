import { CoreError } from '../../../../protocol/errors.ts';
import { nearNames } from '../../../../protocol/near-names.ts';
import type { DataFile } from '../data-file.ts';
import { badFile } from '../file-table.ts';
import { builtInKind, type DateSystem, kindOfCode, type NumberKind } from './number-formats.ts';
import { readXml } from './xml.ts';
import { ZipArchive } from './zip.ts';

interface SheetEntry {
  readonly name: string;
  /** The part that has its cells. */
  readonly part: string;
}

/** What the cells of a workbook refer to. */
export interface CellContext {
  readonly dateSystem: DateSystem;
  /** What a cell's number means, by the number of its style. */
  readonly kinds: readonly NumberKind[];
  readonly texts: readonly string[];
}

/** As many characters as the texts of a workbook may have together. */
const MAX_TEXT = 2 ** 29;

/** An open workbook of Excel: its sheets, and what their cells refer to. */
export class Workbook {
  readonly #file: DataFile;
  readonly #zip: ZipArchive;
  readonly #folder: string;
  readonly #targets: ReadonlyMap<string, { readonly type: string; readonly part: string }>;
  readonly #sheets: readonly SheetEntry[];
  readonly #dateSystem: DateSystem;

  /** @throws CoreError FORMAT_DATA when it is none */
  constructor(file: DataFile) {
    this.#file = file;
    checkMagic(file);
    this.#zip = new ZipArchive(file);
    const main = [...this.#relations('_rels/.rels', '').values()].find(
      ({ type }) => type === 'officeDocument',
    );
    if (main === undefined) throw badFile(file, 'it is an archive, but no workbook of Excel');
    this.#folder = main.part.slice(0, main.part.lastIndexOf('/') + 1);
    const base = main.part.slice(this.#folder.length);
    this.#targets = this.#relations(`${this.#folder}_rels/${base}.rels`, this.#folder);
    const read = this.#readMain(main.part);
    this.#sheets = read.sheets;
    this.#dateSystem = read.dateSystem;
  }

  /** Pieces of a sheet's part. @param name as the workbook has it, in any case; absent: the first @throws CoreError */
  sheet(name: string | undefined): {
    readonly name: string;
    readonly part: string;
    readonly pieces: Iterable<Uint8Array>;
  } {
    const found =
      name === undefined
        ? this.#sheets[0]
        : (this.#sheets.find((sheet) => sheet.name === name) ??
          this.#sheets.find((sheet) => sheet.name.toLowerCase() === name.toLowerCase()));
    if (found === undefined) throw this.#noSheet(name);
    return { ...found, pieces: this.#zip.pieces(found.part) };
  }

  /** Reads styles and texts. @throws CoreError FORMAT_DATA */
  readContext(): CellContext {
    return { dateSystem: this.#dateSystem, kinds: this.#readKinds(), texts: this.#readTexts() };
  }

  #noSheet(name: string | undefined): CoreError {
    const names = this.#sheets.map((sheet) => sheet.name);
    if (name === undefined) return badFile(this.#file, 'it has no sheet');
    const [near] = nearNames(name, names);
    const advice =
      near === undefined ? `It has ${names.map((n) => `'${n}'`).join(', ')}.` : `Did you mean '${near}'?`;
    return new CoreError('PARAMS_INVALID', `'${this.#file.written}' has no sheet '${name}'. ${advice}`, {
      written: this.#file.written,
    });
  }

  #readMain(part: string): { readonly sheets: SheetEntry[]; readonly dateSystem: DateSystem } {
    const sheets: SheetEntry[] = [];
    let dateSystem: DateSystem = 1900;
    this.#xml(part, (name, attributes) => {
      if (name === 'workbookPr' && /^(1|true)$/.test(attributes.date1904 ?? '')) dateSystem = 1904;
      if (name !== 'sheet') return;
      const target = this.#targets.get(attributes.id ?? '');
      // Charts on sheets of their own have no cells.
      if (target?.type === 'worksheet') sheets.push({ name: attributes.name ?? '', part: target.part });
    });
    return { sheets, dateSystem };
  }

  #relations(part: string, folder: string): Map<string, { readonly type: string; readonly part: string }> {
    const found = new Map<string, { type: string; part: string }>();
    this.#xml(part, (name, { Id, Type, Target, TargetMode }) => {
      if (name !== 'Relationship' || Target === undefined || TargetMode === 'External') return;
      found.set(Id ?? '', { type: (Type ?? '').replace(/^.*\//, ''), part: resolved(folder, Target) });
    });
    return found;
  }

  #partOf(type: string): string | undefined {
    const part = [...this.#targets.values()].find((target) => target.type === type)?.part;
    return part !== undefined && this.#zip.has(part) ? part : undefined;
  }

  #readKinds(): NumberKind[] {
    const part = this.#partOf('styles');
    if (part === undefined) return [];
    const codes = new Map<number, NumberKind>();
    const kinds: NumberKind[] = [];
    let isInCells = false;
    this.#xml(
      part,
      (name, { numFmtId, formatCode }) => {
        if (name === 'numFmt') codes.set(Number(numFmtId), kindOfCode(formatCode ?? ''));
        if (name === 'cellXfs') isInCells = true;
        if (name === 'xf' && isInCells) {
          const id = Number(numFmtId ?? 0);
          kinds.push(codes.get(id) ?? builtInKind(id));
        }
      },
      (name) => {
        if (name === 'cellXfs') isInCells = false;
      },
    );
    return kinds;
  }

  #readTexts(): string[] {
    const part = this.#partOf('sharedStrings');
    if (part === undefined) return [];
    const texts: string[] = [];
    const reader = new RichText();
    let length = 0;
    readXml(
      { file: this.#file, part, pieces: this.#zip.pieces(part) },
      {
        open: (name) => reader.open(name),
        text: (text) => reader.text(text),
        close: (name) => {
          reader.close(name);
          if (name !== 'si') return;
          const text = reader.take();
          length += text.length;
          if (length > MAX_TEXT) throw badFile(this.#file, `its texts have more than ${MAX_TEXT} characters`);
          texts.push(text);
        },
      },
    );
    return texts;
  }

  #xml(
    part: string,
    open: (name: string, attributes: Readonly<Record<string, string>>) => void,
    close?: (name: string) => void,
  ): void {
    const from = { file: this.#file, part, pieces: this.#zip.pieces(part) };
    readXml(from, { open, ...(close && { close }) });
  }
}

/** Text in pieces of different looks, without the readings that East Asian text may have. */
export class RichText {
  #text = '';
  #isInText = false;
  #readings = 0;

  open(name: string): void {
    if (name === 'rPh') this.#readings++;
    if (name === 't') this.#isInText = true;
  }

  close(name: string): void {
    if (name === 'rPh') this.#readings--;
    if (name === 't') this.#isInText = false;
  }

  text(text: string): void {
    if (this.#isInText && this.#readings === 0) this.#text += text;
  }

  /** The text so far, with characters that XML cannot have. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  }
}

function resolved(folder: string, target: string): string {
  const parts = target.startsWith('/') ? [] : folder.split('/').filter((part) => part !== '');
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Old workbooks, and those with a password, are files of another format. */
function checkMagic(file: DataFile): void {
  const head = new Uint8Array(4);
  if (file.size === 0) throw badFile(file, 'it is empty');
  file.read(head, 0);
  if (new DataView(head.buffer).getUint32(0, false) !== 0xd0cf_11e0) return;
  throw badFile(
    file,
    'it is a workbook of Excel 2003 or older (.xls), or has a password; save it as .xlsx without one',
  );
}
