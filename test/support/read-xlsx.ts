import { inflateRawSync } from 'node:zlib';

/** A cell as its type, its style and its text; of a text cell what a reader shows. */
export interface XlsxCell {
  readonly type: 'n' | 'b' | 'inlineStr';
  readonly style: number;
  readonly text: string;
}

/** A sheet: its rows by number, from 1, and in each its cells by their letters. */
export interface XlsxSheet {
  readonly name: string;
  readonly rowCount: number;
  cell(address: string): XlsxCell | undefined;
}

/** Reads the sheets of a workbook, in order, through the relations of its parts as Excel does. */
export function readXlsx(bytes: Buffer): XlsxSheet[] {
  const parts = unzip(bytes);
  const part = (path: string): string => {
    const found = parts.get(path);
    if (found === undefined) throw new Error(`the workbook has no part ${path}`);
    return found.toString('utf8');
  };
  const types = part('[Content_Types].xml');
  const targets = new Map(
    [...part('xl/_rels/workbook.xml.rels').matchAll(/Id="(\w+)"[^>]*Target="([^"]+)"/g)].map(
      ([, id, target]) => [id, `xl/${target}`],
    ),
  );
  return [...part('xl/workbook.xml').matchAll(/<sheet name="([^"]*)"[^>]*r:id="(\w+)"/g)].map(
    ([, name = '', id]) => {
      const path = targets.get(id) ?? '';
      if (!types.includes(`PartName="/${path}"`)) throw new Error(`${path} has no content type`);
      return sheet(unescaped(name), part(path));
    },
  );
}

function sheet(name: string, xml: string): XlsxSheet {
  return {
    name,
    rowCount: xml.match(/<row /g)?.length ?? 0,
    cell: (address) => {
      const found = new RegExp(`<c r="${address}"([^>]*)>(.*?)</c>`, 's').exec(xml);
      if (found === null) return undefined;
      const [, attributes = '', content = ''] = found;
      const type = (/t="(\w+)"/.exec(attributes)?.[1] ?? 'n') as XlsxCell['type'];
      const style = Number(/s="(\d+)"/.exec(attributes)?.[1] ?? 0);
      const inside = /<(v|t)(?: [^>]*)?>(.*)<\/\1>/s.exec(content)?.[2] ?? '';
      return { type, style, text: unescaped(inside) };
    },
  };
}

function unescaped(xml: string): string {
  return xml
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/_x([0-9A-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The entries of a zip archive, by its directory. */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const entries = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(from, from + packed);
    entries.set(name, method === 0 ? data : inflateRawSync(data));
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return entries;
}
