import { INSTRUCTION_SET } from '../../../wasm-core/binary/inspect/instruction-set.ts';
import type { ImmediateCode } from '../../../wasm-core/binary/inspect/opcode-table.ts';

/** What follows a keyword. The index spaces stand for one index each; with a question mark, it may be left out. */
export type Immediate =
  | 'type'
  | 'func'
  | 'global'
  | 'local'
  | 'label'
  | 'labels'
  | 'tag'
  | 'elem'
  | 'data'
  | 'table?'
  | 'tables?'
  | 'memory?'
  | 'memories?'
  | 'field'
  | 'memarg'
  | 'integer'
  | 'float'
  | 'vector'
  | 'lane'
  | 'lanes'
  | 'count'
  | 'heaptype'
  | 'reftype'
  | 'typeuse'
  | 'blocktype'
  | 'catches'
  | 'results';

/** What follows some opcodes in the text, where that is not what the binary format has, or in another order. */
const IN_TEXT: ReadonlyMap<string, readonly Immediate[]> = new Map<string, readonly Immediate[]>([
  ['call_indirect', ['table?', 'typeuse']],
  ['return_call_indirect', ['table?', 'typeuse']],
  ['select', ['results']],
  ['table.copy', ['tables?']],
  ['table.init', ['table?', 'elem']],
  ['memory.copy', ['memories?']],
  ['memory.init', ['memory?', 'data']],
]);

/** What each immediate of the binary format is in the text; one that is not here is a memory argument. */
const CODES: Partial<Readonly<Record<ImmediateCode, readonly Immediate[]>>> = {
  block: ['blocktype'],
  catches: ['catches'],
  label: ['label'],
  labels: ['labels'],
  function: ['func'],
  type: ['type'],
  table: ['table?'],
  memory: ['memory?'],
  global: ['global'],
  local: ['local'],
  tag: ['tag'],
  data: ['data'],
  elem: ['elem'],
  field: ['field'],
  count: ['count'],
  lane: ['lane'],
  lanes: ['lanes'],
  i32: ['integer'],
  i64: ['integer'],
  f32: ['float'],
  f64: ['float'],
  v128: ['vector'],
  heap: ['heaptype'],
  types: ['results'],
  ref: ['reftype'],
  refnull: ['reftype'],
  cast: ['label', 'reftype', 'reftype'],
  zero: [],
};

/**
 * The immediates of each instruction, by its keyword, in the order of the text. Words that part or end a block, such as
 * `else`, are none of them.
 */
export const INSTRUCTIONS: ReadonlyMap<string, readonly Immediate[]> = new Map(
  [INSTRUCTION_SET.plain, ...INSTRUCTION_SET.prefixed.values()]
    .flat()
    .filter((form) => form !== undefined)
    .filter(({ nesting }) => nesting === undefined || nesting === 'opens')
    .map(({ name, immediates }) => [
      name,
      IN_TEXT.get(name) ?? immediates.flatMap((code) => CODES[code] ?? ['memory?', 'memarg']),
    ]),
);

/** Instructions that begin a block. */
export const BLOCK_INSTRUCTIONS: ReadonlySet<string> = new Set(['block', 'loop', 'if', 'try', 'try_table']);
