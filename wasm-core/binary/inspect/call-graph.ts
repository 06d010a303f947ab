import { ByteReader } from '../byte-reader.ts';
import { functionTypeText } from './entity-text.ts';
import { InstructionDecoder } from './instruction-decoder.ts';
import { leniently } from './leniently.ts';
import { bodyOf, type ModuleOutline } from './module-outline.ts';
import { NumberList } from './number-list.ts';
import { readValueTypeText, signatureText } from './type-text.ts';

/** A function and how it is used. */
export interface CallEdge {
  readonly index: number;
  /** `refers`: by a reference alone, through which it may be called. */
  readonly how: 'calls' | 'refers';
}

/**
 * Which functions call which. Reads all code once, in time linear in its size; of a function that cannot be read to its
 * end, the calls before the fault count.
 */
export class CallGraph {
  readonly #outline: ModuleOutline;
  readonly #edges: EdgeTable;
  readonly #callers: EdgeTable;
  /** The types that each function calls through tables and references. */
  readonly #indirect = new Map<number, ReadonlySet<number>>();
  readonly #inTables: ReadonlySet<number>;
  /** Functions that a table may hold, by the text of their type. */
  #tableTypes: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(outline: ModuleOutline) {
    this.#outline = outline;
    const { importedCount, count } = outline.functions;
    const edges = new EdgeList();
    for (let index = importedCount; index < count; index++) this.#readCalls(index, edges);
    this.#edges = new EdgeTable(count, edges, 'from');
    this.#callers = new EdgeTable(count, edges, 'to');
    this.#inTables = functionsInTables(outline);
  }

  /** Whom a function names in its code, each once, in the order of their indices. */
  callees(index: number): CallEdge[] {
    return this.#edges.of(index);
  }

  /** Who names a function in its code. */
  callers(index: number): CallEdge[] {
    return this.#callers.of(index);
  }

  /** Whether a table may hold the function. */
  isInTable(index: number): boolean {
    return this.#inTables.has(index);
  }

  /** The types that a function calls through tables or references, each with the functions of a table that have it. */
  indirect(index: number): { readonly type: string; readonly functions: readonly number[] }[] {
    this.#tableTypes ??= this.#typesInTables();
    const types = new Set([...(this.#indirect.get(index) ?? [])].map((number) => this.#typeText(number)));
    return [...types].map((type) => ({ type, functions: this.#tableTypes?.get(type) ?? [] }));
  }

  /** How many functions a function calls, directly or through others, itself included, and the size of their bodies. */
  reachable(index: number): { readonly functionCount: number; readonly byteLength: number } {
    const seen = new Set([index]);
    let byteLength = 0;
    // A set that grows is gone through to its new end.
    for (const at of seen) {
      const body = bodyOf(this.#outline, at);
      if (body !== undefined) byteLength += body.end - body.start;
      for (const target of this.#edges.targetsOf(at)) seen.add(target >>> 1);
    }
    return { functionCount: seen.size, byteLength };
  }

  #typesInTables(): ReadonlyMap<string, readonly number[]> {
    const found = new Map<string, number[]>();
    for (const index of this.#inTables) {
      const type = functionTypeText(this.#outline, index);
      const list = found.get(type) ?? [];
      list.push(index);
      found.set(type, list);
    }
    return found;
  }

  #typeText(number: number): string {
    const signature = this.#outline.types[number]?.signature;
    return signature === undefined ? `type ${number}` : `(func${signatureText(signature)})`;
  }

  #readCalls(index: number, edges: EdgeList): void {
    const body = bodyOf(this.#outline, index);
    if (body === undefined) return;
    const reader = new ByteReader(this.#outline.bytes, body.start, body.end);
    const types = new Set<number>();
    const called = new Set<number>();
    leniently(() => {
      for (let left = reader.u32(); left > 0; left--) {
        reader.u32();
        readValueTypeText(reader);
      }
      const code = new InstructionDecoder(reader);
      while (!reader.done) {
        code.next();
        const [first] = code.form.immediates;
        if (first === 'function')
          called.add(2 * (code.values[0] ?? 0) + (code.form.name === 'ref.func' ? 1 : 0));
        else if (first === 'type' && CALLS_A_TYPE.test(code.form.name)) types.add(code.values[0] ?? 0);
      }
    });
    if (types.size > 0) this.#indirect.set(index, types);
    const { count } = this.#outline.functions;
    for (const edge of called) if (edge >>> 1 < count) edges.add(index, edge);
  }
}

const CALLS_A_TYPE = /call_(indirect|ref)$/;

/** Pairs of functions in the order that they were found. `to` is twice the index, plus 1 for a reference. */
class EdgeList {
  readonly from = new NumberList();
  readonly to = new NumberList();

  add(from: number, to: number): void {
    this.from.push(from);
    this.to.push(to);
  }
}

/** Edges by one of their ends: those of a function stand together. */
class EdgeTable {
  /** Where the edges of each function begin, and at last where they end. */
  readonly #starts: Uint32Array;
  /** The other end, twice its index, plus 1 for a reference. */
  readonly #ends: Uint32Array;

  constructor(functionCount: number, { from, to }: EdgeList, by: 'from' | 'to') {
    const [keys, ends] = [from.view(), to.view()];
    const keyOf = (edge: number) => (by === 'from' ? (keys[edge] ?? 0) : (ends[edge] ?? 0) >>> 1);
    this.#starts = new Uint32Array(functionCount + 1);
    for (let edge = 0; edge < keys.length; edge++) {
      const next = keyOf(edge) + 1;
      this.#starts[next] = (this.#starts[next] ?? 0) + 1;
    }
    for (let i = 1; i <= functionCount; i++) {
      this.#starts[i] = (this.#starts[i] ?? 0) + (this.#starts[i - 1] ?? 0);
    }
    const places = this.#starts.slice();
    this.#ends = new Uint32Array(keys.length);
    for (let edge = 0; edge < keys.length; edge++) {
      const key = keyOf(edge);
      const place = places[key] ?? 0;
      places[key] = place + 1;
      const to = ends[edge] ?? 0;
      this.#ends[place] = by === 'from' ? to : 2 * (keys[edge] ?? 0) + (to & 1);
    }
  }

  targetsOf(index: number): Uint32Array {
    return this.#ends.subarray(this.#starts[index] ?? 0, this.#starts[index + 1] ?? 0);
  }

  of(index: number): CallEdge[] {
    const hows = new Map<number, CallEdge['how']>();
    // Sorted, a call stands before a reference to the same function.
    for (const target of [...this.targetsOf(index)].sort((a, b) => a - b)) {
      if (!hows.has(target >>> 1)) hows.set(target >>> 1, target & 1 ? 'refers' : 'calls');
    }
    return [...hows].map(([other, how]) => ({ index: other, how }));
  }
}

/** The functions that element segments and tables' first values name. */
function functionsInTables(outline: ModuleOutline): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { mode, functions, expressions = [] } of outline.elements) {
    // Declared segments only allow references; they put nothing into a table.
    if (mode === 'declared') continue;
    for (const index of functions?.view() ?? []) found.add(index);
    for (const { start, end } of expressions) addReferences(new ByteReader(outline.bytes, start, end), found);
  }
  for (const { init } of outline.tables) {
    if (init !== undefined) addReferences(new ByteReader(outline.bytes, init.start, init.end), found);
  }
  return found;
}

function addReferences(reader: ByteReader, found: Set<number>): void {
  const code = new InstructionDecoder(reader);
  leniently(() => {
    while (!reader.done) {
      code.next();
      if (code.form.name === 'ref.func') found.add(code.values[0] ?? 0);
    }
  });
}
