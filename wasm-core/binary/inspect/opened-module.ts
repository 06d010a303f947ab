import type { WasmFunctionRef } from '../../protocol/wasm-viewer.ts';
import { CallGraph } from './call-graph.ts';
import { shortened } from './entity-text.ts';
import { FunctionCode } from './function-code.ts';
import { Identifiers } from './identifiers.ts';
import { bodyOf, type ModuleOutline } from './module-outline.ts';
import { readOutline } from './read-outline.ts';

/** Functions whose lines are kept found: a function of 10 MB takes a second. */
const KEPT_FUNCTIONS = 4;

/** A file that was opened for looking at it: what was read of it, and what is found once it is asked for. */
export class OpenedModule {
  readonly outline: ModuleOutline;
  readonly identifiers: Identifiers;
  readonly #codes = new Map<number, FunctionCode>();
  #graph: CallGraph | undefined;

  /** @param bytes the whole file; kept, not copied */
  constructor(bytes: Uint8Array) {
    this.outline = readOutline(bytes);
    this.identifiers = new Identifiers(this.outline);
  }

  /** Who calls whom; made at the first call, in time linear in the size of the code. */
  get graph(): CallGraph {
    this.#graph ??= new CallGraph(this.outline);
    return this.#graph;
  }

  /** The code of a function; the last ones are kept. */
  code(index: number): FunctionCode {
    const code = this.#codes.get(index) ?? new FunctionCode(this.outline, this.identifiers, index);
    this.#codes.delete(index);
    this.#codes.set(index, code);
    const [oldest] = this.#codes.keys();
    if (this.#codes.size > KEPT_FUNCTIONS && oldest !== undefined) this.#codes.delete(oldest);
    return code;
  }

  /** A function as answers name it. */
  functionRef(index: number): WasmFunctionRef {
    const name = this.identifiers.functionName(index);
    const body = bodyOf(this.outline, index);
    return {
      index,
      ...(name !== undefined && { name: shortened(name) }),
      ...(body !== undefined && { byteLength: body.end - body.start }),
    };
  }

  /** The index of a function that a person names by its index or its name; undefined when there is none. */
  findFunction(text: string): number | undefined {
    const { count } = this.outline.functions;
    if (/^\d+$/.test(text)) return Number(text) < count ? Number(text) : undefined;
    const name = text.replace(/^\$/, '');
    const exported = this.outline.exports.find((e) => e.kind === 'function' && e.name === name);
    if (exported !== undefined) return exported.index < count ? exported.index : undefined;
    for (let index = 0; index < count; index++) {
      if (this.identifiers.functionName(index) === name) return index;
    }
    return undefined;
  }

  /** The first function whose name has a text in it, upper or lower case; -1 when there is none. */
  searchFunction(text: string): number {
    const wanted = text.replace(/^\$/, '').toLowerCase();
    for (let index = 0; index < this.outline.functions.count; index++) {
      if (this.identifiers.functionName(index)?.toLowerCase().includes(wanted)) return index;
    }
    return -1;
  }
}
