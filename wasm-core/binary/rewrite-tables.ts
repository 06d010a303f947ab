import { CoreError } from '../protocol/errors.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteSink } from './byte-sink.ts';
import { skipConstExpression } from './const-expression.ts';
import { VALUE_TYPE_BYTES } from './control-functions.ts';
import { readTableType } from './read-types.ts';
import { sectionOf } from './rewrite-sections.ts';
import { SECTION, type TableType, type WasmModule } from './wasm-module.ts';

/** Elements that a table may grow to, unless it begins with more. Each takes 8 to 32 bytes outside of the memory's cap. */
export const MAX_TABLE_ELEMENTS = 100_000;

/** Elements that all tables of a module may begin with. */
export const MAX_INITIAL_ELEMENTS = 1_000_000;

/**
 * The content of the table section with every maximum capped.
 *
 * @returns undefined without such a section
 * @throws CoreError MEMORY_LIMIT with `{elements, maxElements}` when the tables begin with too many elements
 */
export function withCappedTables(module: WasmModule): Uint8Array | undefined {
  const elements = module.tables.reduce((sum, table) => sum + table.initial, 0);
  if (elements > MAX_INITIAL_ELEMENTS) {
    const message = `The module's tables begin with ${elements} elements, more than the ${MAX_INITIAL_ELEMENTS} that Quern gives. Declare smaller tables.`;
    throw new CoreError('MEMORY_LIMIT', message, { elements, maxElements: MAX_INITIAL_ELEMENTS });
  }
  const section = sectionOf(module, SECTION.table);
  if (section === undefined) return undefined;
  const reader = new ByteReader(module.bytes, section.payloadStart, section.end);
  const sink = new ByteSink();
  const count = reader.u32();
  sink.u32(count);
  const scope = { globalCount: module.globals.length, functionCount: module.functions.length };
  for (let left = count; left > 0; left--) {
    const hasInitializer = module.bytes[reader.offset] === 0x40;
    if (hasInitializer) reader.skip(2);
    const type = readTableType(reader);
    const start = reader.offset;
    if (hasInitializer) skipConstExpression(reader, scope);
    if (hasInitializer) sink.put([0x40, 0]);
    putTableType(sink, type);
    sink.put(module.bytes.subarray(start, reader.offset));
  }
  return sink.toBytes();
}

function putTableType(sink: ByteSink, { element, initial, maximum = 0xffff_ffff }: TableType): void {
  sink.put([VALUE_TYPE_BYTES[element], 1]);
  sink.u32(initial);
  sink.u32(Math.min(maximum, Math.max(initial, MAX_TABLE_ELEMENTS)));
}
