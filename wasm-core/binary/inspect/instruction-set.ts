import {
  ATOMIC_ROWS,
  BULK_ROWS,
  type ImmediateCode,
  OBJECT_ROWS,
  PLAIN_ROWS,
  VECTOR_ROWS,
} from './opcode-table.ts';

/** An instruction of the instruction set. */
export interface InstructionForm {
  /** Its name in the text format. */
  readonly name: string;
  /** What follows its opcode, in the order of the binary format. */
  readonly immediates: readonly ImmediateCode[];
  /** What it does to the block that it stands in; absent for nearly all. */
  readonly nesting?: 'opens' | 'continues' | 'closes';
}

const NESTING: ReadonlyMap<string, InstructionForm['nesting']> = new Map([
  ['block', 'opens'],
  ['loop', 'opens'],
  ['if', 'opens'],
  ['try', 'opens'],
  ['try_table', 'opens'],
  ['else', 'continues'],
  ['catch', 'continues'],
  ['catch_all', 'continues'],
  ['end', 'closes'],
  ['delegate', 'closes'],
]);

/** The form of each instruction by opcode, undefined where there is none. */
export interface InstructionSet {
  /** By the opcode byte, for instructions without a prefix. */
  readonly plain: readonly (InstructionForm | undefined)[];
  /** By the number behind the prefix byte, for each prefix byte. */
  readonly prefixed: ReadonlyMap<number, readonly (InstructionForm | undefined)[]>;
}

/** Every instruction that Quern prints. */
export const INSTRUCTION_SET: InstructionSet = {
  plain: formsOf(PLAIN_ROWS),
  prefixed: new Map([
    [0xfb, formsOf(OBJECT_ROWS)],
    [0xfc, formsOf(BULK_ROWS)],
    [0xfd, formsOf(VECTOR_ROWS)],
    [0xfe, formsOf(ATOMIC_ROWS)],
  ]),
};

function formsOf(rows: string): (InstructionForm | undefined)[] {
  const forms: (InstructionForm | undefined)[] = [];
  for (const row of rows.trim().split('\n')) {
    const [first, ...entries] = row.split(' ');
    for (const [index, entry] of entries.entries()) {
      if (entry === '-') continue;
      const [name = '', immediates] = entry.split(':');
      // The table is a constant of ours, so its words are of the type.
      const codes = (immediates?.split(',') ?? []) as ImmediateCode[];
      const nesting = NESTING.get(name);
      forms[Number(first) + index] = { name, immediates: codes, ...(nesting && { nesting }) };
    }
  }
  return forms;
}
