import { assertNever } from '../../protocol/assert-never.ts';
import { CoreError } from '../../protocol/errors.ts';
import {
  MAX_WASM_ROWS,
  type WasmAnswers,
  type WasmCall,
  type WasmCalls,
  type WasmComparison,
  type WasmLines,
  type WasmList,
  type WasmQuestion,
} from '../../protocol/wasm-viewer.ts';
import type { CallEdge } from './call-graph.ts';
import { compareModules } from './compare-modules.ts';
import { shortened } from './entity-text.ts';
import { rowSources } from './module-lists.ts';
import { functionText, moduleText } from './module-text.ts';
import { OpenedModule } from './opened-module.ts';
import { overviewOf } from './overview.ts';
import { RowList } from './row-list.ts';

/** Of functions that a call may lead to, so many are told. */
const MAX_INDIRECT = 200;

/** The longest line of code that is shown, UTF-16 code units: a branch may have a million labels. */
const MAX_LINE = 2000;

/** Answers questions about a `.wasm` file. Nothing of the file is run or compiled. */
export class ModuleInspector {
  readonly #module: OpenedModule;
  readonly #lists = new Map<WasmList, RowList>();

  /** @param bytes the whole file; kept, not copied */
  constructor(bytes: Uint8Array) {
    this.#module = new OpenedModule(bytes);
    const { functions, exports, imports } = rowSources(this.#module);
    this.#lists.set('functions', new RowList(functions));
    this.#lists.set('exports', new RowList(exports));
    this.#lists.set('imports', new RowList(imports));
  }

  /**
   * Answers a question.
   *
   * @throws CoreError FUNCTION_UNKNOWN for a function that the module does not have
   */
  answer(question: WasmQuestion): WasmAnswers[keyof WasmAnswers] {
    switch (question.kind) {
      case 'overview':
        return overviewOf(this.#module);
      case 'rows':
        return this.#lists.get(question.list)?.rows(question) ?? { total: 0, first: 0, rows: [] };
      case 'lines':
        return this.#lines(question.function, question.first, question.count);
      case 'find':
        return { line: this.#find(question.function, question.text, question.from) };
      case 'named':
        return {
          function: this.#module.findFunction(question.text) ?? this.#module.searchFunction(question.text),
        };
      case 'calls':
        return this.#calls(question.function);
      default:
        return assertNever(question);
    }
  }

  /**
   * Compares the module with another one; the list `changes` has the differences from then on.
   *
   * @param bytes of the other file
   * @param other what it is called
   */
  compare(bytes: Uint8Array, other: string): WasmComparison {
    const { comparison, rows } = compareModules(new OpenedModule(bytes), this.#module, other);
    this.#lists.set('changes', new RowList(rows));
    return comparison;
  }

  /**
   * The text of a function, or of the whole module, in pieces.
   *
   * @throws CoreError FUNCTION_UNKNOWN
   */
  text(index?: number): Generator<string> {
    if (index === undefined) return moduleText(this.#module.outline);
    this.#check(index);
    return functionText(this.#module.outline, this.#module.identifiers, index);
  }

  /**
   * The index of a function that a person names.
   *
   * @param text its index or its name, with or without a `$`
   * @throws CoreError FUNCTION_UNKNOWN
   */
  functionNamed(text: string): number {
    const index = this.#module.findFunction(text);
    if (index === undefined) throw unknownFunction(text, this.#module.outline.functions.count);
    return index;
  }

  #check(index: number): void {
    const { count } = this.#module.outline.functions;
    if (index >= count) throw unknownFunction(String(index), count);
  }

  #lines(index: number, first: number, count: number): WasmLines {
    this.#check(index);
    const code = this.#module.code(index);
    const total = code.lineCount;
    const from = Math.min(first, total);
    const length = Math.min(count, MAX_WASM_ROWS, total - from);
    const lines = Array.from({ length }, (_, i) => code.line(from + i));
    const { problem } = code;
    return {
      function: this.#module.functionRef(index),
      heading: shortened(`(func${code.heading()}`, MAX_LINE),
      locals: shortened(code.localsText(), MAX_LINE),
      total,
      first: from,
      lines: lines.map((line) => ({ ...line, text: shortened(line.text, MAX_LINE) })),
      ...(problem !== undefined && { problem: problem.message }),
    };
  }

  /** @returns -1 when there is none from the line on */
  #find(index: number, text: string, from: number): number {
    this.#check(index);
    const code = this.#module.code(index);
    const wanted = text.toLowerCase();
    for (let number = from; number < code.lineCount; number++) {
      if (code.line(number).text.toLowerCase().includes(wanted)) return number;
    }
    return -1;
  }

  #calls(index: number): WasmCalls {
    this.#check(index);
    const { graph } = this.#module;
    const callees = graph.callees(index);
    const callers = graph.callers(index);
    return {
      function: this.#module.functionRef(index),
      callees: this.#shown(callees),
      calleeCount: callees.length,
      callers: this.#shown(callers),
      callerCount: callers.length,
      indirect: graph
        .indirect(index)
        .slice(0, MAX_INDIRECT)
        .map(({ type, functions }) => ({
          type: shortened(type),
          total: functions.length,
          functions: functions.slice(0, MAX_INDIRECT).map((f) => this.#module.functionRef(f)),
        })),
      isInTable: graph.isInTable(index),
      reachable: graph.reachable(index),
    };
  }

  #shown(edges: readonly CallEdge[]): WasmCall[] {
    return edges
      .slice(0, MAX_WASM_ROWS)
      .map(({ index, how }) => ({ ...this.#module.functionRef(index), how }));
  }
}

function unknownFunction(text: string, count: number): CoreError {
  const known = count === 0 ? 'it has none' : `it has ${count}, from 0 to ${count - 1}`;
  return new CoreError('FUNCTION_UNKNOWN', `The module has no function ${shortened(text, 200)}; ${known}.`);
}
