import { HEAP_TYPES, VALUE_TYPES } from '../syntax/parse-types.ts';

/** What each word of the text format that is no instruction begins or says. */
export const WORD_DOCS: ReadonlyMap<string, string> = new Map([
  ['module', 'A module, of which a file holds one.'],
  ['type', 'A type of functions, structs or arrays; elsewhere, the use of one.'],
  ['rec', 'Types that may refer to each other.'],
  ['import', 'Something that the module gets from its host.'],
  ['func', 'A function.'],
  ['table', 'A table of references.'],
  ['memory', 'A memory, in pages of 64 KiB.'],
  ['global', 'A global variable.'],
  ['tag', 'A tag of exceptions.'],
  ['export', 'Something that the module gives under a name.'],
  ['start', 'The function that is called when the module is instantiated.'],
  ['elem', 'Elements of a table, or of none until an instruction copies them.'],
  ['data', 'Bytes of a memory, or of none until an instruction copies them.'],
  ['param', 'Parameters of a function, block or tag.'],
  ['result', 'Results of a function or block.'],
  ['local', 'Local variables of a function.'],
  ['mut', 'A global or field that may be set.'],
  ['ref', 'A type of references, which with null may be null.'],
  ['null', 'The reference may be null.'],
  ['struct', 'A type of structs.'],
  ['array', 'A type of arrays.'],
  ['field', 'A field of a struct.'],
  ['sub', 'A type with other types below or above it.'],
  ['final', 'No type may be below this one.'],
  ['offset', 'Where a segment begins in its table or memory.'],
  ['item', 'An element of a segment.'],
  ['declare', 'A segment that only says which functions ref.func may name.'],
  ['shared', 'A memory that threads share.'],
  ['pagesize', 'The size of a page in bytes.'],
  ['then', 'The arm of an if for a condition that is not 0.'],
  ['else', 'The arm of an if for a condition of 0.'],
  ['do', 'What a try does.'],
  ['catch', 'What becomes of exceptions of one tag.'],
  ['catch_ref', 'What becomes of exceptions of one tag, which are given on.'],
  ['catch_all', 'What becomes of all other exceptions.'],
  ['catch_all_ref', 'What becomes of all other exceptions, which are given on.'],
  ['delegate', 'Exceptions go to the block that a label names.'],
  ['offset=', 'A number of bytes that is added to the address.'],
  ['align=', 'What the address is likely a multiple of; changes no result.'],
  ['i32', 'An integer of 32 bits.'],
  ['i64', 'An integer of 64 bits.'],
  ['f32', 'A floating-point number of 32 bits.'],
  ['f64', 'A floating-point number of 64 bits.'],
  ['v128', 'A vector of 128 bits.'],
  ['i8', 'An integer of 8 bits, in structs and arrays.'],
  ['i16', 'An integer of 16 bits, in structs and arrays.'],
  ['funcref', 'A reference to any function, or null.'],
  ['externref', 'A reference to something of the host, or null.'],
  ['anyref', 'A reference to anything of the module, or null.'],
  ['eqref', 'A reference that can be compared, or null.'],
  ['i31ref', 'A number of 31 bits as a reference, or null.'],
  ['structref', 'A reference to any struct, or null.'],
  ['arrayref', 'A reference to any array, or null.'],
  ['exnref', 'A reference to an exception, or null.'],
]);

/** What begins the fields of a module. */
export const MODULE_FIELDS: readonly string[] = [
  ...['type', 'rec', 'import', 'func', 'table', 'memory', 'global', 'tag', 'export', 'start', 'elem', 'data'],
];

/** Types of values and their beginning. */
export const TYPE_WORDS: readonly string[] = [...VALUE_TYPES];

/** What a reference may point to. */
export const HEAP_WORDS: readonly string[] = [...HEAP_TYPES];

/** Shapes of vectors. */
export const SHAPES: readonly string[] = ['i8x16', 'i16x8', 'i32x4', 'i64x2', 'f32x4', 'f64x2'];

const ENTITIES = ['func', 'table', 'memory', 'global', 'tag'];
const TYPE_USE = ['type', 'param', 'result'];

/** What may begin a form, by what the form around it begins with, instructions aside. */
export const CHILD_WORDS: Readonly<Record<string, readonly string[] | undefined>> = {
  module: MODULE_FIELDS,
  func: ['export', 'import', ...TYPE_USE, 'local'],
  tag: ['export', 'import', ...TYPE_USE],
  import: ENTITIES,
  export: ENTITIES,
  type: ['func', 'struct', 'array', 'sub'],
  sub: ['func', 'struct', 'array'],
  rec: ['type'],
  struct: ['field'],
  field: ['mut', 'ref'],
  array: ['mut', 'ref'],
  mut: ['ref'],
  param: ['ref'],
  result: ['ref'],
  local: ['ref'],
  global: ['export', 'import', 'mut', 'ref'],
  table: ['export', 'import', 'elem', 'ref'],
  memory: ['export', 'import', 'data', 'pagesize'],
  elem: ['table', 'offset', 'item', 'ref'],
  data: ['memory', 'offset'],
  block: TYPE_USE,
  loop: TYPE_USE,
  if: [...TYPE_USE, 'then', 'else'],
  try: [...TYPE_USE, 'do', 'catch', 'catch_all', 'delegate'],
  try_table: [...TYPE_USE, 'catch', 'catch_ref', 'catch_all', 'catch_all_ref'],
  call_indirect: TYPE_USE,
  return_call_indirect: TYPE_USE,
  select: ['result'],
  'ref.test': ['ref'],
  'ref.cast': ['ref'],
  br_on_cast: ['ref'],
  br_on_cast_fail: ['ref'],
};

/** Forms beside instructions in which folded instructions may stand. */
export const CODE_FORMS: ReadonlySet<string> = new Set([
  ...[
    'func',
    'global',
    'table',
    'elem',
    'data',
    'offset',
    'item',
    'then',
    'else',
    'do',
    'catch',
    'catch_all',
  ],
]);

/** Forms in which instructions stand one after the other. */
export const FLAT_FORMS: ReadonlySet<string> = new Set([
  ...['func', 'block', 'loop', 'then', 'else', 'do', 'catch', 'catch_all', 'try_table', 'offset', 'item'],
]);
