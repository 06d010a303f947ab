import { ByteSink } from '../byte-sink.ts';
import type { AddedFunction } from '../control-functions.ts';
import { OP } from '../opcodes.ts';
import { COUNTERS_PER_READER } from './profile-map.ts';

/** Functions without parameters, each of which gives the values of some counters, in their order. */
export function readerFunctions(firstCounter: number, counterCount: number): AddedFunction[] {
  const readers: AddedFunction[] = [];
  for (let first = 0; first < counterCount; first += COUNTERS_PER_READER) {
    const count = Math.min(COUNTERS_PER_READER, counterCount - first);
    readers.push(reader(firstCounter + first, count));
  }
  return readers;
}

function reader(first: number, count: number): AddedFunction {
  const sink = new ByteSink();
  sink.u8(0);
  for (let index = first; index < first + count; index++) {
    sink.u8(OP.globalGet);
    sink.u32(index);
  }
  sink.u8(OP.end);
  const results = Array.from({ length: count }, () => 'i64' as const);
  return { type: { parameters: [], results }, body: sink.toBytes() };
}
