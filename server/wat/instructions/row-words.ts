/** The type of a lane, by the shape of its vector. */
export const LANE_TYPES: Readonly<Record<string, string | undefined>> = {
  i8x16: 'i32',
  i16x8: 'i32',
  i32x4: 'i32',
  i64x2: 'i64',
  f32x4: 'f32',
  f64x2: 'f64',
};

/** What parts of names mean. */
export const WORDS: Readonly<Record<string, string | undefined>> = {
  s: 'signed',
  u: 'unsigned',
  eq: 'equal',
  ne: 'not equal',
  lt: 'less than',
  gt: 'greater than',
  le: 'at most',
  ge: 'at least',
  add: 'Adds',
  sub: 'Subtracts the second from the first',
  mul: 'Multiplies',
  div: 'Divides the first by the second',
  and: 'AND',
  or: 'OR',
  xor: 'exclusive OR',
  l: 'upwards',
  r: 'downwards',
  abs: 'Gives the absolute value',
  neg: 'Turns the sign around',
  ceil: 'Rounds up to a whole number',
  floor: 'Rounds down to a whole number',
  trunc: 'Rounds towards zero to a whole number',
  nearest: 'Rounds to the nearest whole number, halves to the even one',
  sqrt: 'Gives the square root',
  min: 'the smaller',
  max: 'the greater',
};
