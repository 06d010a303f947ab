import { ByteReader } from '../byte-reader.ts';
import type { ByteRange } from '../wasm-module.ts';
import { SECTION } from '../wasm-module.ts';
import { FunctionCode } from './function-code.ts';
import { Identifiers, quoted } from './identifiers.ts';
import { InstructionDecoder } from './instruction-decoder.ts';
import { instructionText } from './instruction-text.ts';
import { leniently } from './leniently.ts';
import type {
  DataSegment,
  ElementSegment,
  EntityKind,
  ModuleOutline,
  OutlineImport,
  OutlineSection,
} from './module-outline.ts';
import { customContent } from './read-outline.ts';
import { signatureText } from './type-text.ts';

/** Deeper blocks are not indented further, or the text would grow with the square of the depth. */
const MAX_INDENT = 40;

/**
 * The text of a whole module, in pieces. An assembler makes the same sections of it again, unless numbers were written
 * in more bytes than they need; names come back as far as they are names of functions, locals and what else the text
 * format has identifiers for.
 */
export function* moduleText(outline: ModuleOutline): Generator<string> {
  yield* new ModuleText(outline, new Identifiers(outline)).pieces();
}

/** The text of one function, in pieces: an import for one that is imported. */
export function* functionText(
  outline: ModuleOutline,
  identifiers: Identifiers,
  index: number,
): Generator<string> {
  yield* new ModuleText(outline, identifiers).function(index, '');
}

class ModuleText {
  readonly #outline: ModuleOutline;
  readonly #identifiers: Identifiers;

  constructor(outline: ModuleOutline, identifiers: Identifiers) {
    this.#outline = outline;
    this.#identifiers = identifiers;
  }

  *pieces(): Generator<string> {
    const { names, problems, form } = this.#outline;
    for (const { message } of problems) yield `;; ${message}\n`;
    if (form !== 'module') return;
    yield names.moduleName ? `(module $${quoted(names.moduleName)}\n` : '(module\n';
    yield* this.#types();
    for (const imported of this.#outline.imports) yield `  ${this.#import(imported)}\n`;
    yield* this.#definitions();
    yield* this.#segments();
    yield* this.#customSections();
    yield ')\n';
  }

  *function(index: number, indent: string): Generator<string> {
    const { functions, imports } = this.#outline;
    if (index < functions.importedCount) {
      const found = imports.find((i) => i.kind === 'function' && i.index === index);
      if (found !== undefined) yield `${this.#import(found)}\n`;
      return;
    }
    const code = new FunctionCode(this.#outline, this.#identifiers, index);
    yield `${indent}(func${code.heading()}`;
    const locals = code.localsText();
    if (locals !== '') yield `\n${indent}  ${locals}`;
    const hasEnd = code.problem === undefined;
    for (let number = 0; number < code.lineCount - (hasEnd ? 1 : 0); number++) {
      const { depth, text } = code.line(number);
      yield `\n${indent}${'  '.repeat(Math.min(depth, MAX_INDENT) + 1)}${text}`;
    }
    yield code.problem === undefined ? ')\n' : `\n${indent}  ;; ${code.problem.message}\n${indent})\n`;
  }

  *#types(): Generator<string> {
    const { types, emptyGroups } = this.#outline;
    const empty = new Map<number, number>();
    for (const { beforeType } of emptyGroups) empty.set(beforeType, (empty.get(beforeType) ?? 0) + 1);
    let groupEnd = -1;
    for (let index = 0; index <= types.length; index++) {
      if (index === groupEnd) yield '  )\n';
      for (let left = empty.get(index) ?? 0; left > 0; left--) yield '  (rec)\n';
      const type = types[index];
      if (type === undefined) continue;
      if (type.groupSize !== undefined) {
        groupEnd = index + type.groupSize;
        yield '  (rec\n';
      }
      yield `  ${index < groupEnd ? '  ' : ''}(type (;${index};) ${type.text})\n`;
    }
  }

  *#definitions(): Generator<string> {
    const { functions, imports, tables, memories, globals, tags, exports, start } = this.#outline;
    const imported = (kind: EntityKind) => imports.filter((i) => i.kind === kind).length;
    for (const [kind, { length }] of [
      ['table', tables],
      ['memory', memories],
      ['tag', tags],
      ['global', globals],
    ] as const) {
      for (let index = imported(kind); index < length; index++) yield `  ${this.#entity(kind, index)}\n`;
    }
    for (const { name, kind, index } of exports) {
      yield `  (export ${quoted(name)} (${KEYWORDS[kind]} ${this.#identifiers.reference(kind, index)}))\n`;
    }
    if (start !== undefined) yield `  (start ${this.#identifiers.reference('function', start)})\n`;
    for (let index = functions.importedCount; index < functions.count; index++)
      yield* this.function(index, '  ');
  }

  *#segments(): Generator<string> {
    const { elements, data } = this.#outline;
    for (const [index, segment] of elements.entries()) yield* this.#elements(index, segment);
    for (const [index, segment] of data.entries()) yield* this.#data(index, segment);
  }

  #import({ module, name, kind, index, isExact }: OutlineImport): string {
    const exactType = ` (exact (type ${this.#outline.functions.types.at(index)}))`;
    const entity = isExact
      ? `(func${this.#identifiers.definition(kind, index)}${exactType})`
      : this.#entity(kind, index);
    return `(import ${quoted(module)} ${quoted(name)} ${entity})`;
  }

  /** A thing's definition without what is in it, which an import is, too. */
  #entity(kind: EntityKind, index: number): string {
    const { tables, memories, globals, tags, functions, types } = this.#outline;
    const head = `(${KEYWORDS[kind]}${this.#identifiers.definition(kind, index)}`;
    const entity = { table: tables, memory: memories, global: globals, function: [], tag: [] }[kind][index];
    if (entity !== undefined) {
      const init = entity.init === undefined ? '' : ` ${this.#expression(entity.init)}`;
      return `${head} ${entity.type}${init})`;
    }
    const type = kind === 'tag' ? tags[index] : functions.types.at(index);
    const signature = types[type ?? -1]?.signature;
    return `${head} (type ${type})${signature === undefined ? '' : signatureText(signature)})`;
  }

  *#elements(index: number, segment: ElementSegment): Generator<string> {
    const { mode, table, offset, type, functions, expressions = [] } = segment;
    yield `  (elem${this.#identifiers.definition('elem', index)}`;
    if (mode === 'declared') yield ' declare';
    if (table !== undefined) yield ` (table ${this.#identifiers.reference('table', table)})`;
    if (offset !== undefined) yield ` (offset ${this.#expression(offset)})`;
    yield ` ${type}`;
    for (const element of functions?.view() ?? [])
      yield ` ${this.#identifiers.reference('function', element)}`;
    for (const expression of expressions) yield ` (item ${this.#expression(expression)})`;
    yield ')\n';
  }

  *#data(index: number, { memory, offset, start, end }: DataSegment): Generator<string> {
    yield `  (data${this.#identifiers.definition('data', index)}`;
    if (memory !== undefined) yield ` (memory ${this.#identifiers.reference('memory', memory)})`;
    if (offset !== undefined) yield ` (offset ${this.#expression(offset)})`;
    yield* strings(this.#outline.bytes, { start, end });
    yield ')\n';
  }

  *#customSections(): Generator<string> {
    const { sections, bytes } = this.#outline;
    let before: OutlineSection | undefined;
    for (const section of sections) {
      if (section.id !== SECTION.custom) before = section;
      else if (section.name !== 'name') {
        yield `  (@custom ${quoted(section.name)} ${placeBehind(before)}`;
        yield* strings(bytes, customContent(bytes, section));
        yield ')\n';
      }
    }
  }

  /** The instructions of a constant expression in one line. */
  #expression({ start, end }: ByteRange): string {
    const reader = new ByteReader(this.#outline.bytes, start, end);
    const code = new InstructionDecoder(reader);
    const scope = { outline: this.#outline, identifiers: this.#identifiers, locals: new Map(), depth: 0 };
    const texts: string[] = [];
    leniently(() => {
      while (!reader.done) {
        code.next();
        texts.push(instructionText(code, scope));
      }
    });
    return texts.join(' ');
  }
}

const KEYWORDS: Readonly<Record<EntityKind, string>> = {
  function: 'func',
  table: 'table',
  memory: 'memory',
  global: 'global',
  tag: 'tag',
};

/** Where a custom section goes, in the words of https://github.com/WebAssembly/annotations. */
function placeBehind(section: OutlineSection | undefined): string {
  if (section === undefined) return '(before first)';
  const words: Readonly<Record<string, string>> = {
    function: 'func',
    element: 'elem',
    'data count': 'datacount',
  };
  return `(after ${words[section.name] ?? section.name})`;
}

/** Bytes of a line of a data string. */
const LINE_BYTES = 4096;

function* strings(bytes: Uint8Array, { start, end }: ByteRange): Generator<string> {
  if (start === end) yield ' ""';
  for (let at = start; at < end; at += LINE_BYTES) {
    let text = ' "';
    for (const byte of bytes.subarray(at, Math.min(at + LINE_BYTES, end))) text += BYTE_TEXTS[byte];
    yield `${text}"`;
  }
}

/** How a string writes each byte. */
const BYTE_TEXTS: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(16).padStart(2, '0')}`;
});
