import { escaped } from './cell-text.ts';
import { MAIN, XML } from './sheet.ts';

/** Characters that a sheet's name holds. */
const MAX_NAME = 31;

/** Where the part of a sheet is in the package, from 0. */
export function sheetPath(index: number): string {
  return `xl/worksheets/sheet${index + 1}.xml`;
}

/** Whether Excel takes a text as the name of a sheet. */
export function isSheetName(name: string): boolean {
  return (
    name !== '' && name.length <= MAX_NAME && !/[[\]:*?/\\]|^'|'$/.test(name) && !/^history$/i.test(name)
  );
}

/** Names of the sheets that a result goes on over: `Result`, `Result 2`. */
export function sheetName(base: string, index: number): string {
  if (index === 0) return base;
  const number = ` ${index + 1}`;
  return base.slice(0, MAX_NAME - number.length) + number;
}

/**
 * The parts of a workbook beside its sheets, each with its path in the package (ECMA-376, part 2).
 *
 * @param sheetNames as Excel takes them
 */
export function workbookParts(sheetNames: readonly string[]): readonly { path: string; text: string }[] {
  const sheets = sheetNames.map(
    (name, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
  );
  const relations = sheetNames.map((_, i) => relation(i + 1, 'worksheet', `worksheets/sheet${i + 1}.xml`));
  const overrides = sheetNames.map((_, i) => override(`/${sheetPath(i)}`, 'worksheet'));
  const styles = sheetNames.length + 1;
  return [
    {
      path: '[Content_Types].xml',
      text: `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('/xl/workbook.xml', 'sheet.main')}${override('/xl/styles.xml', 'styles')}${overrides.join('')}</Types>`,
    },
    { path: '_rels/.rels', text: relationships([relation(1, 'officeDocument', 'xl/workbook.xml')]) },
    {
      path: 'xl/workbook.xml',
      text: `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets.join('')}</sheets></workbook>`,
    },
    {
      path: 'xl/_rels/workbook.xml.rels',
      text: relationships([...relations, relation(styles, 'styles', 'styles.xml')]),
    },
    { path: 'xl/styles.xml', text: STYLES },
  ];
}

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

function relation(id: number, type: string, target: string): string {
  return `<Relationship Id="rId${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
}

function relationships(relations: readonly string[]): string {
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${relations.join('')}</Relationships>`;
}

function override(part: string, type: string): string {
  return `<Override PartName="${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`;
}

/** In the order of `STYLE`. */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/><numFmt numFmtId="166" formatCode="hh:mm:ss.000"/></numFmts><fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="166" applyNumberFormat="1"/></cellXfs></styleSheet>`;
