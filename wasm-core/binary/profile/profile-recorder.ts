import { unsupported } from '../byte-reader.ts';
import type { ByteSink } from '../byte-sink.ts';
import { u32Bytes } from '../byte-writer.ts';
import { type AddedFunction, type FuelIndices, VALUE_TYPE_BYTES } from '../control-functions.ts';
import { OP, VOID_BLOCK } from '../opcodes.ts';
import { functionTypeBytes } from '../rewrite-sections.ts';
import type { FunctionType, WasmModule } from '../wasm-module.ts';
import { readerFunctions } from './counter-readers.ts';
import { HOOK, type ProfileMap } from './profile-map.ts';

/** Writes what a profiled body has beside its metering. */
export interface BodyProfile {
  /** Before the first instruction. @param depthLocal where to keep how deep the function was called; undefined: nowhere */
  enter(sink: ByteSink, depthLocal: number | undefined): void;
  /** Where a segment begins, before it is charged. */
  count(
    sink: ByteSink,
    at: {
      readonly segment: { readonly offset: number; readonly end: number; readonly cost: number };
      readonly bytes: Uint8Array;
      readonly depthLocal: number | undefined;
    },
  ): void;
  /** Behind the charge of a bulk operation. @param putSize writes what puts its number on the stack */
  countBulk(sink: ByteSink, offset: number, putSize: () => void): void;
  /** Before `return` and tail calls. */
  exit(sink: ByteSink): void;
  /** Before the last `end`. */
  close(sink: ByteSink): void;
}

/** V8's limit: https://source.chromium.org/chromium/chromium/src/+/main:v8/src/wasm/wasm-limits.h. */
const MAX_GLOBALS = 1_000_000;

/** Parameters and results of the hooks, in the order of `HOOK`. */
const HOOK_TYPES: readonly FunctionType[] = [
  { parameters: ['i32', 'i32', 'i32'], results: ['i32'] },
  { parameters: ['i32', 'i32'], results: [] },
  { parameters: ['i32', 'i32', 'i32'], results: [] },
];

/** Gives counters to the segments of a module, and collects what they count. */
export class ProfileRecorder {
  /** Entries of the type section, the first at `firstType`. */
  readonly types: readonly Uint8Array[];
  readonly fuel: FuelIndices;
  readonly hooksTable: number;
  private readonly firstCounter: number;
  private readonly firstType: number;
  private readonly functionCount: number;
  private readonly blockTypes = new Map<string, number>();
  private readonly functions: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly costs: number[] = [];

  /**
   * @param indices.firstCounter index of the first global behind those that are there
   * @param indices.firstType index of the first type behind those that are there
   */
  constructor(
    module: WasmModule,
    indices: { readonly fuel: FuelIndices; readonly firstCounter: number; readonly firstType: number },
  ) {
    this.fuel = indices.fuel;
    this.firstCounter = indices.firstCounter;
    this.firstType = indices.firstType;
    this.functionCount = module.functions.length;
    this.hooksTable = module.tables.length;
    const types: FunctionType[] = [...HOOK_TYPES];
    for (const { results } of module.functions) {
      const key = results.join();
      if (results.length < 2 || this.blockTypes.has(key)) continue;
      this.blockTypes.set(key, indices.firstType + types.length);
      types.push({ parameters: [], results });
    }
    this.types = types.map((type) => functionTypeBytes({ type }));
  }

  get counterCount(): number {
    return this.functions.length;
  }

  /** What is written into the body of a function. */
  body(index: number, results: FunctionType['results']): BodyProfile {
    return {
      enter: (sink, depthLocal) => {
        put(sink, OP.i32Const, index);
        this.putFuel(sink);
        this.callHook(sink, 'enter');
        if (depthLocal === undefined) sink.u8(OP.drop);
        else put(sink, OP.localSet, depthLocal);
        // Branches to the end of the function come to the end of this block instead.
        sink.u8(OP.block);
        this.putBlockType(sink, results);
      },
      count: (sink, { segment, bytes, depthLocal }) => {
        if (depthLocal !== undefined) this.settle(sink, depthLocal);
        const { offset, end, cost } = segment;
        if (!hasOperators(bytes, offset, end)) return;
        const counter = this.add({ function: index, start: offset, end, cost });
        this.increase(sink, counter, () => sink.put([OP.i64Const, 1]));
      },
      countBulk: (sink, offset, putSize) => {
        const counter = this.add({ function: index, start: offset, end: 0, cost: 1 });
        this.increase(sink, counter, () => {
          putSize();
          sink.u8(OP.i64ExtendI32U);
        });
      },
      exit: (sink) => this.leave(sink),
      close: (sink) => {
        sink.u8(OP.end);
        this.leave(sink);
      },
    };
  }

  /** The functions that give the counters, to be exported in their order as `COUNTERS_EXPORT` names them. */
  readers(): readonly AddedFunction[] {
    return readerFunctions(this.firstCounter, this.counterCount);
  }

  map(): ProfileMap {
    return {
      functionCount: this.functionCount,
      functions: Int32Array.from(this.functions),
      starts: Int32Array.from(this.starts),
      ends: Int32Array.from(this.ends),
      costs: Int32Array.from(this.costs),
    };
  }

  private add(counter: {
    readonly function: number;
    readonly start: number;
    readonly end: number;
    readonly cost: number;
  }): number {
    const global = this.firstCounter + this.functions.push(counter.function) - 1;
    if (global >= MAX_GLOBALS)
      throw unsupported('more code than there are counters for a profile', counter.start);
    this.starts.push(counter.start);
    this.ends.push(counter.end);
    this.costs.push(counter.cost);
    return global;
  }

  private increase(sink: ByteSink, global: number, putAmount: () => void): void {
    put(sink, OP.globalGet, global);
    putAmount();
    sink.u8(OP.i64Add);
    put(sink, OP.globalSet, global);
  }

  private settle(sink: ByteSink, depthLocal: number): void {
    put(sink, OP.localGet, depthLocal);
    this.putFuel(sink);
    this.callHook(sink, 'settle');
  }

  private leave(sink: ByteSink): void {
    this.putFuel(sink);
    this.callHook(sink, 'leave');
  }

  private putFuel(sink: ByteSink): void {
    put(sink, OP.globalGet, this.fuel.counter);
    put(sink, OP.globalGet, this.fuel.reserve);
  }

  private callHook(sink: ByteSink, hook: Exclude<keyof typeof HOOK, 'length'>): void {
    put(sink, OP.i32Const, HOOK[hook]);
    put(sink, OP.callIndirect, this.firstType + HOOK[hook]);
    sink.u32(this.hooksTable);
  }

  private putBlockType(sink: ByteSink, results: FunctionType['results']): void {
    const [only] = results;
    if (only === undefined) sink.u8(VOID_BLOCK);
    else if (results.length === 1) sink.u8(VALUE_TYPE_BYTES[only]);
    else sink.s32(this.blockTypes.get(results.join()) ?? 0);
  }
}

/** The entry of a table section that holds the hooks. */
export function hooksTableBytes(): Uint8Array {
  const elements = u32Bytes(HOOK.length);
  return Uint8Array.from([VALUE_TYPE_BYTES.funcref, 1, ...elements, ...elements]);
}

/** Whether there is anything between two positions but the ends and arms of blocks. */
function hasOperators(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== OP.end && bytes[at] !== OP.else) return true;
  return false;
}

function put(sink: ByteSink, op: number, immediate: number): void {
  sink.u8(op);
  if (op === OP.i32Const) sink.s32(immediate);
  else sink.u32(immediate);
}
