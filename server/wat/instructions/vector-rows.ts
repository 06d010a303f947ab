import type { InstructionRow } from './instruction-rows.ts';

const INTS = '(i8x16|i16x8|i32x4|i64x2)';
const FLOATS = '(f32x4|f64x2)';

/** Instructions on vectors of 128 bits, which are 16, 8, 4 or 2 lanes. */
export const VECTOR_ROWS: readonly InstructionRow[] = [
  ['v128.const', '-> v128', 'Gives a constant.'],
  [
    'v128.load(8x8|16x4|32x2)_(s|u)',
    'address:i32 -> v128',
    'Reads 64 bits, $1, and widens each to a %2 lane of twice its size.',
  ],
  ['v128.load(8|16|32|64)_splat', 'address:i32 -> v128', 'Reads $1 bits from memory into all lanes.'],
  [
    'v128.load(32|64)_zero',
    'address:i32 -> v128',
    'Reads $1 bits from memory into the first lane; the others are zero.',
  ],
  [
    'v128.load(8|16|32|64)_lane',
    'address:i32 vector:v128 -> v128',
    'Reads $1 bits from memory into one lane.',
  ],
  ['v128.store(8|16|32|64)_lane', 'address:i32 vector:v128 ->', 'Writes one lane of $1 bits to memory.'],
  [
    'i8x16.shuffle',
    'v128 v128 -> v128',
    'Picks 16 of the 32 bytes of two vectors, by numbers that are constants.',
  ],
  [
    'i8x16.swizzle',
    'bytes:v128 indices:v128 -> v128',
    'Picks bytes by the numbers in the second vector; 0 for a number above 15.',
  ],
  [
    'i8x16.relaxed_swizzle',
    'bytes:v128 indices:v128 -> v128',
    'As i8x16.swizzle; for numbers above 15 the processor decides.',
  ],
  ['(i8x16|i16x8|i32x4|i64x2|f32x4|f64x2).splat', '#1 -> v128', 'Puts one number into all lanes.'],
  ['(i8x16|i16x8).extract_lane_(s|u)', 'v128 -> #1', 'Gives one lane as a %2 integer.'],
  ['(i32x4|i64x2|f32x4|f64x2).extract_lane', 'v128 -> #1', 'Gives one lane.'],
  ['(i8x16|i16x8|i32x4|i64x2|f32x4|f64x2).replace_lane', 'vector:v128 value:#1 -> v128', 'Sets one lane.'],
  [`${INTS}.(eq|ne)`, 'v128 v128 -> v128', 'Sets all bits of the lanes that are %2, and clears the others.'],
  [
    `${FLOATS}.(eq|ne)`,
    'v128 v128 -> v128',
    'Sets all bits of the lanes that are %2, and clears the others; NaN equals nothing.',
  ],
  [
    `${INTS}.(lt|gt|le|ge)_(s|u)`,
    'v128 v128 -> v128',
    'Sets all bits of the lanes where the first is %2 the second, both %3.',
  ],
  [
    `${FLOATS}.(lt|gt|le|ge)`,
    'v128 v128 -> v128',
    'Sets all bits of the lanes where the first is %2 the second.',
  ],
  ['v128.not', 'v128 -> v128', 'Turns each bit around.'],
  ['v128.(and|or|xor)', 'v128 v128 -> v128', 'Combines the bits of two vectors by %1.'],
  ['v128.andnot', 'v128 v128 -> v128', 'Clears the bits of the first vector that are 1 in the second.'],
  [
    'v128.bitselect',
    'v128 v128 mask:v128 -> v128',
    'Takes each bit from the first vector where the mask is 1, else from the second.',
  ],
  ['v128.any_true', 'v128 -> i32', 'Gives 1 where any bit is 1, else 0.'],
  [`${INTS}.all_true`, 'v128 -> i32', 'Gives 1 where no lane is zero, else 0.'],
  [`${INTS}.bitmask`, 'v128 -> i32', 'Gives the highest bit of each lane, as the bits of a number.'],
  [`${INTS}.(abs|neg)`, 'v128 -> v128', '%2, in each lane.'],
  ['i8x16.popcnt', 'v128 -> v128', 'Counts the bits that are 1, in each lane.'],
  [`${FLOATS}.(abs|neg|ceil|floor|trunc|nearest|sqrt)`, 'v128 -> v128', '%2, in each lane.'],
  [`${INTS}.(add|sub|mul)`, 'v128 v128 -> v128', '%2, lane by lane; what overflows wraps around.'],
  [
    '(i8x16|i16x8).(add|sub)_sat_(s|u)',
    'v128 v128 -> v128',
    '%2 %3 integers, lane by lane; what overflows becomes the nearest.',
  ],
  [`${FLOATS}.(add|sub|mul|div)`, 'v128 v128 -> v128', '%2, lane by lane.'],
  ['(i8x16|i16x8|i32x4).(min|max)_(s|u)', 'v128 v128 -> v128', 'Gives %2, %3, lane by lane.'],
  [`${FLOATS}.(min|max)`, 'v128 v128 -> v128', 'Gives %2, lane by lane; NaN if either is NaN.'],
  [
    `${FLOATS}.pmin`,
    'v128 v128 -> v128',
    'Gives the second where it is less than the first, else the first, lane by lane.',
  ],
  [
    `${FLOATS}.pmax`,
    'v128 v128 -> v128',
    'Gives the second where the first is less, else the first, lane by lane.',
  ],
  ['(i8x16|i16x8).avgr_u', 'v128 v128 -> v128', 'Gives the unsigned mean, rounded up, lane by lane.'],
  [`${INTS}.shl`, 'vector:v128 count:i32 -> v128', 'Shifts the bits of each lane up.'],
  [`${INTS}.shr_s`, 'vector:v128 count:i32 -> v128', 'Shifts the bits of each lane down and keeps the sign.'],
  [
    `${INTS}.shr_u`,
    'vector:v128 count:i32 -> v128',
    'Shifts the bits of each lane down and fills with zeros.',
  ],
  [
    '(i8x16|i16x8).narrow_(i16x8|i32x4)_(s|u)',
    'v128 v128 -> v128',
    'Makes lanes of two vectors half as wide; what does not fit a %3 integer becomes the nearest.',
  ],
  [
    '(i16x8|i32x4|i64x2).extend_(low|high)_(i8x16|i16x8|i32x4)_(s|u)',
    'v128 -> v128',
    'Widens the %4 lanes of the $2 half to twice their size.',
  ],
  [
    '(i16x8|i32x4).extadd_pairwise_(i8x16|i16x8)_(s|u)',
    'v128 -> v128',
    'Adds each pair of neighbouring %3 lanes into one of twice the size.',
  ],
  [
    '(i16x8|i32x4|i64x2).extmul_(low|high)_(i8x16|i16x8|i32x4)_(s|u)',
    'v128 v128 -> v128',
    'Multiplies the %4 lanes of the $2 halves into lanes of twice the size.',
  ],
  [
    'i16x8.q15mulr_sat_s',
    'v128 v128 -> v128',
    'Multiplies fixed-point numbers of 15 bits, rounded; what overflows becomes the nearest.',
  ],
  [
    'i16x8.relaxed_q15mulr_s',
    'v128 v128 -> v128',
    'As i16x8.q15mulr_sat_s; on overflow the processor decides.',
  ],
  [
    'i32x4.dot_i16x8_s',
    'v128 v128 -> v128',
    'Multiplies signed lanes and adds each pair of neighbouring products.',
  ],
  [
    'i16x8.relaxed_dot_i8x16_i7x16_s',
    'v128 v128 -> v128',
    'Multiplies lanes of 8 bits by lanes of 7 and adds each pair of neighbouring products.',
  ],
  [
    'i32x4.relaxed_dot_i8x16_i7x16_add_s',
    'v128 v128 sum:v128 -> v128',
    'Multiplies lanes of 8 bits by lanes of 7, and adds each four neighbouring products to the third vector.',
  ],
  [
    'i32x4.trunc_sat_f32x4_(s|u)',
    'v128 -> v128',
    'Converts each lane to a %1 integer towards zero; gives the nearest for what does not fit, and 0 for NaN.',
  ],
  [
    'i32x4.trunc_sat_f64x2_(s|u)_zero',
    'v128 -> v128',
    'Converts two lanes to %1 integers towards zero, with the nearest for what does not fit; the upper two lanes are 0.',
  ],
  [
    'i32x4.relaxed_trunc_f32x4_(s|u)',
    'v128 -> v128',
    'Converts each lane to a %1 integer; for what does not fit the processor decides.',
  ],
  [
    'i32x4.relaxed_trunc_f64x2_(s|u)_zero',
    'v128 -> v128',
    'Converts two lanes to %1 integers; for what does not fit the processor decides, and the upper two lanes are 0.',
  ],
  ['f32x4.convert_i32x4_(s|u)', 'v128 -> v128', 'Converts each lane from a %1 integer.'],
  ['f64x2.convert_low_i32x4_(s|u)', 'v128 -> v128', 'Converts the lower two lanes from %1 integers.'],
  ['f32x4.demote_f64x2_zero', 'v128 -> v128', 'Rounds two lanes to 32 bits; the upper two lanes are 0.'],
  ['f64x2.promote_low_f32x4', 'v128 -> v128', 'Widens the lower two lanes to 64 bits, exactly.'],
  [
    `${FLOATS}.relaxed_madd`,
    'v128 v128 v128 -> v128',
    'Multiplies the first two and adds the third, rounded once or twice as the processor likes.',
  ],
  [
    `${FLOATS}.relaxed_nmadd`,
    'v128 v128 v128 -> v128',
    'Subtracts the product of the first two from the third, rounded once or twice as the processor likes.',
  ],
  [
    `${INTS}.relaxed_laneselect`,
    'v128 v128 mask:v128 -> v128',
    'Takes each lane from the first vector where the mask is all 1, else from the second; for other masks the processor decides.',
  ],
  [
    `${FLOATS}.relaxed_(min|max)`,
    'v128 v128 -> v128',
    'Gives %2, lane by lane; for NaN and zeros of both signs the processor decides.',
  ],
];
