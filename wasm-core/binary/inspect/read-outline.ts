import { ByteReader, malformed } from '../byte-reader.ts';
import { SECTION, SECTION_ORDER } from '../wasm-module.ts';
import { leniently, type Problem } from './leniently.ts';
import type { ModuleOutline, OutlineSection } from './module-outline.ts';
import { NameTable } from './name-table.ts';
import { OutlineBuilder } from './outline-builder.ts';

/**
 * Reads what a file tells without its code: sections, types, imports, exports, where each function's body is, names. It
 * never refuses a file: what cannot be read is told in `problems`, and the rest is there. Unlike `readModule`, which is
 * for modules that will run, it knows all of WebAssembly 3.0 and what it does not check. Of a component it reads the
 * sections. Takes time linear in the number of items, not in the size of the code.
 *
 * @param bytes the whole file; kept by the result, not copied
 */
export function readOutline(bytes: Uint8Array): ModuleOutline {
  const form = formOf(bytes);
  const builder = new OutlineBuilder();
  const sections: OutlineSection[] = [];
  const problem = leniently(() => {
    checkHeader(bytes, form);
    readSections(bytes, { form, builder, sections });
  });
  const problems = [...builder.problems, ...(problem ? [problem] : []), ...missing(builder, bytes)];
  const { importedFunctions, functionTypes, starts, ends, start } = builder;
  const functionCount = Math.max(functionTypes.length, importedFunctions + starts.length);
  return {
    bytes,
    form,
    sections,
    types: builder.types,
    emptyGroups: builder.emptyGroups,
    imports: builder.imports,
    exports: builder.exports,
    functions: { importedCount: importedFunctions, count: functionCount, types: functionTypes, starts, ends },
    tables: builder.tables,
    memories: builder.memories,
    globals: builder.globals,
    tags: builder.tags,
    ...(start !== undefined && { start }),
    elements: builder.elements,
    data: builder.data,
    names: namesOf(bytes, { sections, builder, functionCount }),
    problems: problems.sort((a, b) => a.offset - b.offset),
  };
}

/** The content of a custom section behind its name. */
export function customContent(bytes: Uint8Array, section: OutlineSection): { start: number; end: number } {
  const reader = new ByteReader(bytes, section.payloadStart, section.end);
  leniently(() => reader.skip(reader.u32()));
  return { start: reader.offset, end: section.end };
}

/** The names of the sections by their ids. */
const SECTION_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(SECTION).map(([name, id]) => [id, name === 'dataCount' ? 'data count' : name]),
);

/** Those of a component, which are others: https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md. */
const COMPONENT_SECTIONS: readonly string[] = [
  'custom',
  'core module',
  'core instance',
  'core type',
  'component',
  'instance',
  'alias',
  'type',
  'canon',
  'start',
  'import',
  'export',
  'value',
];

const MAGIC = [0x00, 0x61, 0x73, 0x6d] as const;

function formOf(bytes: Uint8Array): ModuleOutline['form'] {
  if (MAGIC.some((byte, offset) => bytes[offset] !== byte)) return 'other';
  // The two bytes behind the version are 0 for a module and 1 for a component.
  return bytes[6] === 1 && bytes[7] === 0 ? 'component' : 'module';
}

function checkHeader(bytes: Uint8Array, form: ModuleOutline['form']): void {
  if (bytes.byteLength === 0) throw malformed('it is empty', 0);
  if (form === 'other') throw malformed('it does not begin with "\\0asm"', 0);
  if (bytes.byteLength < 8) throw malformed('it ends within its first 8 bytes', bytes.byteLength);
}

interface Walk {
  readonly form: ModuleOutline['form'];
  readonly builder: OutlineBuilder;
  readonly sections: OutlineSection[];
}

function readSections(bytes: Uint8Array, { form, builder, sections }: Walk): void {
  const isVersion1 = bytes[4] === 1 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0;
  if (form === 'module' && !isVersion1) builder.problems.push(problemOf('its version is not 1', 4));
  const reader = new ByteReader(bytes, 8);
  let lastRank = 0;
  while (!reader.done) {
    const section = readSection(reader, form);
    sections.push(section);
    if (section.id !== SECTION.custom && form === 'module') {
      const rank = SECTION_ORDER.indexOf(section.id) + 1;
      if (rank === 0) builder.problems.push(problemOf(`there is no section ${section.id}`, section.start));
      else if (rank <= lastRank) {
        builder.problems.push(
          problemOf(`section ${section.id} is out of order or there twice`, section.start),
        );
      } else builder.read(section, new ByteReader(bytes, section.payloadStart, section.end));
      lastRank = Math.max(rank, lastRank);
    }
    // A section that is cut off is read as far as it goes; then there is no more.
    reader.skip(section.payloadStart + section.byteLength - reader.offset);
  }
}

function readSection(
  reader: ByteReader,
  form: ModuleOutline['form'],
): OutlineSection & { readonly byteLength: number } {
  const { bytes } = reader;
  const start = reader.offset;
  const id = reader.u8();
  const byteLength = reader.u32();
  const payloadStart = reader.offset;
  const end = Math.min(payloadStart + byteLength, bytes.byteLength);
  const content = new ByteReader(bytes, payloadStart, end);
  const place = { id, start, payloadStart, end, byteLength };
  if (id !== SECTION.custom) {
    const names = form === 'component' ? COMPONENT_SECTIONS[id] : SECTION_NAMES.get(id);
    const count = form === 'component' || id === SECTION.start ? undefined : tryCount(content);
    return { ...place, name: names ?? `section ${id}`, ...(count !== undefined && { itemCount: count }) };
  }
  let name = 'custom';
  leniently(() => {
    name = content.name({ lossy: true });
  });
  return { ...place, name };
}

function tryCount(content: ByteReader): number | undefined {
  let count: number | undefined;
  leniently(() => {
    count = content.u32();
  });
  return count;
}

/** Functions without code or code without a function; nothing when the file is no module or has worse faults. */
function missing(builder: OutlineBuilder, bytes: Uint8Array): Problem[] {
  const declared = builder.functionTypes.length - builder.importedFunctions;
  if (declared === builder.starts.length) return [];
  const what = `it declares ${declared} functions and has code for ${builder.starts.length}`;
  return [problemOf(what, bytes.byteLength)];
}

function problemOf(what: string, offset: number): Problem {
  return { offset, message: malformed(what, offset).message };
}

function namesOf(
  bytes: Uint8Array,
  found: {
    readonly sections: readonly OutlineSection[];
    readonly builder: OutlineBuilder;
    readonly functionCount: number;
  },
): NameTable {
  const { sections, builder, functionCount } = found;
  const section = sections.find((s) => s.id === SECTION.custom && s.name === 'name');
  return new NameTable(bytes, section && customContent(bytes, section), {
    function: functionCount,
    table: builder.tables.length,
    memory: builder.memories.length,
    global: builder.globals.length,
    elem: builder.elements.length,
    data: builder.data.length,
    tag: builder.tags.length,
  });
}
