/**
 * What is said of instructions: a pattern of their names, their type, and a sentence.
 *
 * In the pattern a point is a point, and the rest a regular expression. In the type operands stand before the arrow and
 * results behind it; an operand may have a name before a colon. `$1` stands for what the first group matched, `%1` for its
 * word in `WORDS`, `#1` for the type of a lane of that shape.
 */
export type InstructionRow = readonly [pattern: string, type: string, text: string];

const INT = '(i32|i64)';
const FLOAT = '(f32|f64)';

/** Instructions on single numbers. */
export const NUMERIC_ROWS: readonly InstructionRow[] = [
  [`${INT}.const`, '-> $1', 'Gives a constant.'],
  [`${FLOAT}.const`, '-> $1', 'Gives a constant.'],
  [`${INT}.eqz`, '$1 -> i32', 'Gives 1 for zero, else 0.'],
  [`${INT}.(eq|ne)`, '$1 $1 -> i32', 'Gives 1 where two numbers are %2, else 0.'],
  [`${FLOAT}.(eq|ne)`, '$1 $1 -> i32', 'Gives 1 where two numbers are %2, else 0; NaN equals nothing.'],
  [
    `${INT}.(lt|gt|le|ge)_(s|u)`,
    '$1 $1 -> i32',
    'Gives 1 where the first is %2 the second, both %3, else 0.',
  ],
  [`${FLOAT}.(lt|gt|le|ge)`, '$1 $1 -> i32', 'Gives 1 where the first is %2 the second, else 0; 0 with NaN.'],
  [`${INT}.clz`, '$1 -> $1', 'Counts the zero bits above the highest bit that is 1.'],
  [`${INT}.ctz`, '$1 -> $1', 'Counts the zero bits below the lowest bit that is 1.'],
  [`${INT}.popcnt`, '$1 -> $1', 'Counts the bits that are 1.'],
  [`${INT}.(add|sub|mul)`, '$1 $1 -> $1', '%2; what overflows wraps around.'],
  [`${FLOAT}.(add|sub|mul)`, '$1 $1 -> $1', '%2, rounded to the nearest number.'],
  [`${FLOAT}.div`, 'dividend:$1 divisor:$1 -> $1', 'Divides; by zero it gives an infinity or NaN.'],
  [
    `${INT}.div_s`,
    'dividend:$1 divisor:$1 -> $1',
    'Divides signed integers towards zero; traps for a divisor of 0 and on overflow.',
  ],
  [
    `${INT}.div_u`,
    'dividend:$1 divisor:$1 -> $1',
    'Divides unsigned integers towards zero; traps for a divisor of 0.',
  ],
  [
    `${INT}.rem_(s|u)`,
    'dividend:$1 divisor:$1 -> $1',
    'Gives the remainder of a division of %2 integers; traps for a divisor of 0.',
  ],
  [`${INT}.(and|or|xor)`, '$1 $1 -> $1', 'Combines the bits of two numbers by %2.'],
  [`${INT}.shl`, 'value:$1 count:$1 -> $1', 'Shifts bits up; the count is taken modulo the number of bits.'],
  [
    `${INT}.shr_s`,
    'value:$1 count:$1 -> $1',
    'Shifts bits down and keeps the sign; the count is taken modulo the number of bits.',
  ],
  [
    `${INT}.shr_u`,
    'value:$1 count:$1 -> $1',
    'Shifts bits down and fills with zeros; the count is taken modulo the number of bits.',
  ],
  [`${INT}.rot(l|r)`, 'value:$1 count:$1 -> $1', 'Rotates the bits %2.'],
  [`${FLOAT}.(abs|neg|ceil|floor|trunc|nearest|sqrt)`, '$1 -> $1', '%2.'],
  [`${FLOAT}.(min|max)`, '$1 $1 -> $1', 'Gives %2; NaN if either is NaN.'],
  [`${FLOAT}.copysign`, 'value:$1 sign:$1 -> $1', 'Gives the first number with the sign of the second.'],
  ['(i32).wrap_(i64)', '$2 -> $1', 'Keeps the lower 32 bits.'],
  [
    `${INT}.trunc_(f32|f64)_(s|u)`,
    '$2 -> $1',
    'Converts to a %3 integer towards zero; traps for NaN and for what does not fit.',
  ],
  [
    `${INT}.trunc_sat_(f32|f64)_(s|u)`,
    '$2 -> $1',
    'Converts to a %3 integer towards zero; gives the nearest for what does not fit, and 0 for NaN.',
  ],
  ['(i64).extend_(i32)_(s|u)', '$2 -> $1', 'Widens a %3 integer to 64 bits.'],
  [`${INT}.extend(8|16|32)_s`, '$1 -> $1', 'Takes the lower $2 bits as a signed integer.'],
  [`${FLOAT}.convert_(i32|i64)_(s|u)`, '$2 -> $1', 'Converts a %3 integer to the nearest number.'],
  ['(f32).demote_(f64)', '$2 -> $1', 'Rounds to 32 bits.'],
  ['(f64).promote_(f32)', '$2 -> $1', 'Widens to 64 bits, exactly.'],
  [
    '(i32|i64|f32|f64).reinterpret_(i32|i64|f32|f64)',
    '$2 -> $1',
    'Takes the same bits as a number of this type.',
  ],
  [
    'i64.(add|sub)128',
    'low1:i64 high1:i64 low2:i64 high2:i64 -> i64 i64',
    '%1 as integers of 128 bits, lower half first.',
  ],
  ['i64.mul_wide_(s|u)', 'i64 i64 -> i64 i64', 'Multiplies %1 integers into 128 bits, lower half first.'],
];

/** Instructions on memories and on what is stored there. */
export const MEMORY_ROWS: readonly InstructionRow[] = [
  ['(i32|i64|f32|f64|v128).load', 'address:i32 -> $1', 'Reads a value from memory.'],
  [`${INT}.load(8|16|32)_(s|u)`, 'address:i32 -> $1', 'Reads $2 bits from memory as a %3 integer.'],
  ['(i32|i64|f32|f64|v128).store', 'address:i32 value:$1 ->', 'Writes a value to memory.'],
  [`${INT}.store(8|16|32)`, 'address:i32 value:$1 ->', 'Writes the lower $2 bits to memory.'],
  ['memory.size', '-> i32', 'Gives the size of a memory in pages of 64 KiB.'],
  [
    'memory.grow',
    'pages:i32 -> i32',
    'Adds pages to a memory; gives its size before, or -1 where that fails.',
  ],
  ['memory.init', 'address:i32 offset:i32 byteLength:i32 ->', 'Copies bytes of a data segment into memory.'],
  [
    'memory.copy',
    'to:i32 from:i32 byteLength:i32 ->',
    'Copies bytes within memory, or to another; the two may overlap.',
  ],
  ['memory.fill', 'address:i32 byte:i32 byteLength:i32 ->', 'Sets bytes of memory to one value.'],
  ['data.drop', '->', 'Gives up a data segment, which is empty from then on.'],
  [
    'memory.atomic.notify',
    'address:i32 count:i32 -> i32',
    'Wakes threads that wait at an address; gives how many.',
  ],
  [
    'memory.atomic.wait(32|64)',
    'address:i32 expected:i$1 timeoutNs:i64 -> i32',
    'Waits at an address while it holds a value: gives 0 when woken, 1 if it holds another, 2 at the timeout.',
  ],
  ['atomic.fence', '->', 'Orders what is read and written before it and after it.'],
  [`${INT}.atomic.load`, 'address:i32 -> $1', 'Reads a value from memory, atomically.'],
  [
    `${INT}.atomic.load(8|16|32)_u`,
    'address:i32 -> $1',
    'Reads $2 bits from memory as an unsigned integer, atomically.',
  ],
  [`${INT}.atomic.store`, 'address:i32 value:$1 ->', 'Writes a value to memory, atomically.'],
  [
    `${INT}.atomic.store(8|16|32)`,
    'address:i32 value:$1 ->',
    'Writes the lower $2 bits to memory, atomically.',
  ],
  [
    `${INT}.atomic.rmw.(add|sub|and|or|xor|xchg)`,
    'address:i32 value:$1 -> $1',
    'Changes what is in memory by $2, atomically; gives what was there.',
  ],
  [
    `${INT}.atomic.rmw(8|16|32).(add|sub|and|or|xor|xchg)_u`,
    'address:i32 value:$1 -> $1',
    'Changes $2 bits of memory by $3, atomically; gives what was there.',
  ],
  [
    `${INT}.atomic.rmw.cmpxchg`,
    'address:i32 expected:$1 value:$1 -> $1',
    'Writes a value where memory holds what is expected, atomically; gives what was there.',
  ],
  [
    `${INT}.atomic.rmw(8|16|32).cmpxchg_u`,
    'address:i32 expected:$1 value:$1 -> $1',
    'Writes $2 bits where memory holds what is expected, atomically; gives what was there.',
  ],
];
