import { INSTRUCTION_SET } from '../../../wasm-core/binary/inspect/instruction-set.ts';
import { type InstructionRow, MEMORY_ROWS, NUMERIC_ROWS } from './instruction-rows.ts';
import { LANE_TYPES, WORDS } from './row-words.ts';
import { STRUCTURED_ROWS } from './structured-rows.ts';
import { VECTOR_ROWS } from './vector-rows.ts';

/** A value that an instruction takes. */
export interface Operand {
  /** Empty where the type says all. */
  readonly name: string;
  /** As in the text format; `t` where it depends, with a star for any number. */
  readonly type: string;
}

/** What an instruction is and does. */
export interface InstructionDoc {
  readonly name: string;
  /** What it takes from the stack and gives; absent for parts of a block, such as `else`. */
  readonly type?: { readonly operands: readonly Operand[]; readonly results: readonly string[] };
  /** One sentence. */
  readonly text: string;
}

/** All rows, for looking through them. */
export const INSTRUCTION_ROWS: readonly InstructionRow[] = [
  ...STRUCTURED_ROWS,
  ...NUMERIC_ROWS,
  ...MEMORY_ROWS,
  ...VECTOR_ROWS,
];

/** Matches the names of a row. */
export function rowPattern([pattern]: InstructionRow): RegExp {
  return new RegExp(`^${pattern.replaceAll('.', '\\.')}$`);
}

/** Every instruction of the instruction set that a row is about, by name. */
export const INSTRUCTION_DOCS: ReadonlyMap<string, InstructionDoc> = readRows();

/** The type of an instruction as the specification writes it: `[i32 i32] -> [i32]`; empty where it has none. */
export function typeText({ type }: InstructionDoc): string {
  if (type === undefined) return '';
  return `[${type.operands.map((operand) => operand.type).join(' ')}] -> [${type.results.join(' ')}]`;
}

function readRows(): Map<string, InstructionDoc> {
  // Most rows are about one instruction, and need no search.
  const exact = new Map(INSTRUCTION_ROWS.map((row) => [row[0], row]));
  const patterns = INSTRUCTION_ROWS.filter(([pattern]) => pattern.includes('(')).map((row) => ({
    row,
    pattern: rowPattern(row),
  }));
  const docs = new Map<string, InstructionDoc>();
  for (const form of [INSTRUCTION_SET.plain, ...INSTRUCTION_SET.prefixed.values()].flat()) {
    if (form === undefined || docs.has(form.name)) continue;
    const { name } = form;
    const row = exact.get(name) ?? patterns.find(({ pattern }) => pattern.test(name))?.row;
    const match = row && rowPattern(row).exec(name);
    if (row && match) docs.set(name, docOf(name, row, match));
  }
  return docs;
}

function docOf(name: string, [, type, text]: InstructionRow, match: RegExpExecArray): InstructionDoc {
  const fill = (written: string): string =>
    written.replace(/([$%#])(\d)/g, (_, mark: string, at: string) => {
      const group = match[Number(at)] ?? '';
      if (mark === '$') return group;
      return (mark === '%' ? WORDS[group] : LANE_TYPES[group]) ?? group;
    });
  const filled = { name, text: fill(text) };
  if (type === '') return filled;
  const [operands = '', results = ''] = fill(type).split('->');
  return {
    ...filled,
    type: { operands: values(operands), results: values(results).map((value) => value.type) },
  };
}

/** Values are parted by spaces, but for those in parentheses. */
function values(text: string): Operand[] {
  return [...text.matchAll(/(?:([a-z]\w*):)?(\([^)]*\)|[^\s():]+)/gi)].map(([, name = '', type = '']) => ({
    name,
    type,
  }));
}
