import { CoreError } from '../../protocol/errors.ts';
import { readModule } from '../reader.ts';
import { decodeUtf8Lossy } from '../utf8.ts';
import { type ByteRange, SECTION, type WasmModule } from '../wasm-module.ts';
import { dwarfLines } from './dwarf-lines.ts';
import { type AddressRange, type FoundPlaces, findPlaces, type LineTable } from './line-table.ts';
import { SOURCE_MAP_SECTION, sourceMapLines } from './source-map.ts';

/** The largest line table that is read, bytes: reading takes the host's main thread some 10 ns a byte. */
const MAX_TABLE_BYTES = 32 * 1024 * 1024;

/**
 * Where instructions of a module come from, by its source map or else its DWARF. To be called when something went
 * wrong: it reads the module and its tables anew each time.
 *
 * @param bytes the module as it was loaded
 * @param offsets positions of instructions in it, bytes
 * @returns for each offset what is known, in their order; undefined for a module that says nothing of its lines
 */
export function sourceLines(
  bytes: Uint8Array,
  offsets: readonly number[],
): readonly FoundPlaces[] | undefined {
  const module = readLeniently(bytes);
  const code = module?.sections.find((s) => s.id === SECTION.code);
  if (module === undefined || code === undefined) return undefined;
  const bodies = offsets.map((offset) => bodyAt(module.bodies, offset));
  const ranges = bodies.map((body) => body && addressesOf(body, code.payloadStart));
  const table = readTable(module, {
    codeLength: code.end - code.payloadStart,
    isWanted: (address) => ranges.some((range) => range && address >= range.start && address <= range.end),
  });
  if (table === undefined) return undefined;
  return offsets.map((offset, index) => {
    const range = ranges[index];
    return range === undefined ? {} : findPlaces(table, offset - code.payloadStart, range);
  });
}

/**
 * Looks up any instructions of a module, for what is asked about most of them: the tables are read whole, and once.
 *
 * @returns where an instruction at a position of the file, inside a body, comes from; undefined for a module that says
 *   nothing of its lines
 */
export function lineFinder(
  module: WasmModule,
): ((offset: number, body: ByteRange) => FoundPlaces) | undefined {
  const code = module.sections.find((s) => s.id === SECTION.code);
  if (code === undefined) return undefined;
  const { payloadStart } = code;
  const table = readTable(module, { codeLength: code.end - payloadStart, isWanted: () => true });
  return (
    table && ((offset, body) => findPlaces(table, offset - payloadStart, addressesOf(body, payloadStart)))
  );
}

function readLeniently(bytes: Uint8Array): WasmModule | undefined {
  try {
    return readModule(bytes);
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}

function readTable(module: WasmModule, wanted: Parameters<typeof dwarfLines>[1]): LineTable | undefined {
  const section = (name: string): Uint8Array => {
    const found = module.customSections.find((s) => s.name === name);
    if (found === undefined || found.end - found.start > MAX_TABLE_BYTES) return new Uint8Array();
    return module.bytes.subarray(found.start, found.end);
  };
  const map = section(SOURCE_MAP_SECTION);
  if (map.byteLength > 0) return sourceMapLines(decodeUtf8Lossy(map), wanted.isWanted);
  const line = section('.debug_line');
  if (line.byteLength === 0) return undefined;
  return dwarfLines({ line, lineStr: section('.debug_line_str'), str: section('.debug_str') }, wanted);
}

function addressesOf({ start, end }: ByteRange, codeStart: number): AddressRange {
  return { start: start - codeStart, end: end - codeStart };
}

/** The function body that an offset is in. */
function bodyAt(bodies: readonly ByteRange[], offset: number): ByteRange | undefined {
  let low = 0;
  let high = bodies.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bodies[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const body = bodies[low];
  return body !== undefined && offset >= body.start ? body : undefined;
}
