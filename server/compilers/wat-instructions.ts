import { parseWat } from '../wat/syntax/parse-wat.ts';
import type { WatField, WatSyntax } from '../wat/syntax/tree.ts';

/** An instruction of a text, in the order of the binary. */
export interface ListedInstruction {
  /** UTF-16 offset of its word; of an `end` that is not written, of the parenthesis that stands for it. */
  readonly start: number;
  /** Behind its word and what follows that. */
  readonly end: number;
  /** Its opcode, where it is one of those that tell whether a text and a binary belong together. */
  readonly opcode?: number;
}

/**
 * The instructions of each function that a text defines, in the order of the binary: operands before the instruction
 * that they are written in, and the `end` of the function last.
 *
 * @returns for a function that has a fault in its syntax, undefined
 */
export function listFunctions(text: string): (readonly ListedInstruction[] | undefined)[] {
  const syntax = parseWat(text);
  return syntax.fields
    .filter((field) => field.kind === 'func')
    .filter(({ imported, form }) => imported === undefined && form.parent?.head !== 'import')
    .map((field) => listInstructions(syntax, field));
}

function listInstructions(
  { faults }: WatSyntax,
  { form, body }: Extract<WatField, { kind: 'func' }>,
): readonly ListedInstruction[] | undefined {
  if (faults.some(({ start }) => start >= form.start && start <= form.end)) return undefined;
  const listed = body.map(({ name, start, end }): ListedInstruction => {
    const opcode = OPCODES.get(name);
    return opcode === undefined ? { start, end } : { start, end, opcode };
  });
  return [...listed, { start: form.end - 1, end: form.end, opcode: 0x0b }];
}

/** Instructions that are written in one way and have one opcode, the commonest of all. */
const OPCODES: ReadonlyMap<string, number> = new Map([
  ['unreachable', 0x00],
  ['block', 0x02],
  ['loop', 0x03],
  ['if', 0x04],
  ['else', 0x05],
  ['end', 0x0b],
  ['br', 0x0c],
  ['br_if', 0x0d],
  ['br_table', 0x0e],
  ['return', 0x0f],
  ['call', 0x10],
  ['call_indirect', 0x11],
  ['drop', 0x1a],
  ['local.get', 0x20],
  ['local.set', 0x21],
  ['local.tee', 0x22],
  ['global.get', 0x23],
  ['global.set', 0x24],
  ['i32.load', 0x28],
  ['i32.store', 0x36],
  ['i32.const', 0x41],
  ['i64.const', 0x42],
  ['f64.const', 0x44],
  ['i32.add', 0x6a],
  ['i32.sub', 0x6b],
  ['i32.div_s', 0x6d],
  ['i32.div_u', 0x6e],
]);
