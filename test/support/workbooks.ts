import { strToU8, zipSync } from 'fflate';

/** A sheet of a workbook that is put together by hand. */
export interface HandmadeSheet {
  readonly name: string;
  /** What stands in `sheetData`. */
  readonly rows: string;
}

/** A workbook of XML as it is given, for forms that other programs write. */
export function handmadeWorkbook(options: {
  readonly sheets: readonly HandmadeSheet[];
  /** What stands in `sst`. */
  readonly texts?: string;
  /** Codes of number formats; the style of cells with the first is 1, and so on. */
  readonly formats?: readonly string[];
  readonly date1904?: boolean;
  /** In front of the names of all elements of the sheets. */
  readonly prefix?: string;
}): Uint8Array {
  const { sheets, texts = '', formats = [], date1904 = false, prefix = '' } = options;
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const space = prefix === '' ? `xmlns="${main}"` : `xmlns:${prefix}="${main}"`;
  const prefixed = (xml: string) => (prefix === '' ? xml : xml.replace(/<(\/?)(\w)/g, `<$1${prefix}:$2`));
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const relations = (inside: string) => `<?xml version="1.0"?><Relationships>${inside}</Relationships>`;
  const files: Record<string, string> = {
    '_rels/.rels': relations(relation('r1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets>${sheets
      .map(({ name }, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="s${i}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      sheets.map((_, i) => relation(`s${i}`, 'worksheet', `worksheets/sheet${i}.xml`)).join('') +
        relation('st', 'styles', '/xl/styles.xml') +
        relation('ss', 'sharedStrings', 'sharedStrings.xml'),
    ),
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts>${formats
      .map((code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${code.replaceAll('"', '&quot;')}"/>`)
      .join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats
      .map((_, i) => `<xf numFmtId="${164 + i}"/>`)
      .join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${texts}</sst>`,
  };
  for (const [i, { rows }] of sheets.entries()) {
    files[`xl/worksheets/sheet${i}.xml`] = prefixed(
      `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ).replace(/worksheet>/, `worksheet ${space}>`);
  }
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}
