/*
 * Every instruction of WebAssembly 3.0, and of threads, legacy exceptions, wide arithmetic and custom descriptors: its
 * opcode, its name in the text format, and what follows the opcode. From the instruction index of
 * https://webassembly.github.io/spec/core/appendix/index-instructions.html and the proposals' own lists.
 *
 * A row begins with the opcode of its first name; the others follow it, `-` for an opcode that nothing has. Behind a
 * colon stand the immediates in the order of the binary format; a digit is a memory argument with the binary logarithm
 * of its natural alignment.
 */

/** What may follow an opcode. A digit is a memory argument; see above. */
export type ImmediateCode =
  | 'block'
  | 'catches'
  | 'label'
  | 'labels'
  | 'function'
  | 'type'
  | 'table'
  | 'memory'
  | 'global'
  | 'local'
  | 'tag'
  | 'data'
  | 'elem'
  | 'field'
  | 'count'
  | 'lane'
  | 'lanes'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'v128'
  | 'heap'
  | 'types'
  | 'ref'
  | 'refnull'
  | 'cast'
  | 'zero'
  | '0'
  | '1'
  | '2'
  | '3'
  | '4';

/** Instructions without a prefix byte. */
export const PLAIN_ROWS = `
0x00 unreachable nop block:block loop:block if:block else try:block catch:tag throw:tag rethrow:label throw_ref end
0x0c br:label br_if:label br_table:labels return call:function call_indirect:type,table
0x12 return_call:function return_call_indirect:type,table call_ref:type return_call_ref:type
0x18 delegate:label catch_all drop select select:types
0x1f try_table:block,catches
0x20 local.get:local local.set:local local.tee:local global.get:global global.set:global table.get:table table.set:table
0x28 i32.load:2 i64.load:3 f32.load:2 f64.load:3
0x2c i32.load8_s:0 i32.load8_u:0 i32.load16_s:1 i32.load16_u:1
0x30 i64.load8_s:0 i64.load8_u:0 i64.load16_s:1 i64.load16_u:1 i64.load32_s:2 i64.load32_u:2
0x36 i32.store:2 i64.store:3 f32.store:2 f64.store:3 i32.store8:0 i32.store16:1 i64.store8:0 i64.store16:1 i64.store32:2
0x3f memory.size:memory memory.grow:memory
0x41 i32.const:i32 i64.const:i64 f32.const:f32 f64.const:f64
0x45 i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u
0x50 i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u
0x5b f32.eq f32.ne f32.lt f32.gt f32.le f32.ge
0x61 f64.eq f64.ne f64.lt f64.gt f64.le f64.ge
0x67 i32.clz i32.ctz i32.popcnt i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u
0x71 i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr
0x79 i64.clz i64.ctz i64.popcnt i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u
0x83 i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr
0x8b f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt
0x92 f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign
0x99 f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt
0xa0 f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign
0xa7 i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u i64.extend_i32_s i64.extend_i32_u
0xae i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u
0xb2 f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64
0xb7 f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32
0xbc i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64
0xc0 i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s
0xd0 ref.null:heap ref.is_null ref.func:function ref.eq ref.as_non_null br_on_null:label br_on_non_null:label
`;

/** Behind 0xfb: garbage-collected objects. */
export const OBJECT_ROWS = `
0x00 struct.new:type struct.new_default:type struct.get:type,field struct.get_s:type,field struct.get_u:type,field
0x05 struct.set:type,field array.new:type array.new_default:type array.new_fixed:type,count
0x09 array.new_data:type,data array.new_elem:type,elem array.get:type array.get_s:type array.get_u:type array.set:type
0x0f array.len array.fill:type array.copy:type,type array.init_data:type,data array.init_elem:type,elem
0x14 ref.test:ref ref.test:refnull ref.cast:ref ref.cast:refnull br_on_cast:cast br_on_cast_fail:cast
0x1a any.convert_extern extern.convert_any ref.i31 i31.get_s i31.get_u
0x20 struct.new_desc:type struct.new_default_desc:type ref.get_desc:type
0x23 ref.cast_desc_eq:ref ref.cast_desc_eq:refnull br_on_cast_desc_eq:cast br_on_cast_desc_eq_fail:cast
`;

/** Behind 0xfc: saturating conversions, bulk instructions, 128-bit arithmetic. */
export const BULK_ROWS = `
0x00 i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u
0x04 i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u
0x08 memory.init:data,memory data.drop:data memory.copy:memory,memory memory.fill:memory
0x0c table.init:elem,table elem.drop:elem table.copy:table,table table.grow:table table.size:table table.fill:table
0x13 i64.add128 i64.sub128 i64.mul_wide_s i64.mul_wide_u
`;

/** Behind 0xfd: vectors, the relaxed ones last. */
export const VECTOR_ROWS = `
0x00 v128.load:4 v128.load8x8_s:3 v128.load8x8_u:3 v128.load16x4_s:3 v128.load16x4_u:3 v128.load32x2_s:3 v128.load32x2_u:3
0x07 v128.load8_splat:0 v128.load16_splat:1 v128.load32_splat:2 v128.load64_splat:3 v128.store:4
0x0c v128.const:v128 i8x16.shuffle:lanes i8x16.swizzle
0x0f i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat
0x15 i8x16.extract_lane_s:lane i8x16.extract_lane_u:lane i8x16.replace_lane:lane
0x18 i16x8.extract_lane_s:lane i16x8.extract_lane_u:lane i16x8.replace_lane:lane
0x1b i32x4.extract_lane:lane i32x4.replace_lane:lane i64x2.extract_lane:lane i64x2.replace_lane:lane
0x1f f32x4.extract_lane:lane f32x4.replace_lane:lane f64x2.extract_lane:lane f64x2.replace_lane:lane
0x23 i8x16.eq i8x16.ne i8x16.lt_s i8x16.lt_u i8x16.gt_s i8x16.gt_u i8x16.le_s i8x16.le_u i8x16.ge_s i8x16.ge_u
0x2d i16x8.eq i16x8.ne i16x8.lt_s i16x8.lt_u i16x8.gt_s i16x8.gt_u i16x8.le_s i16x8.le_u i16x8.ge_s i16x8.ge_u
0x37 i32x4.eq i32x4.ne i32x4.lt_s i32x4.lt_u i32x4.gt_s i32x4.gt_u i32x4.le_s i32x4.le_u i32x4.ge_s i32x4.ge_u
0x41 f32x4.eq f32x4.ne f32x4.lt f32x4.gt f32x4.le f32x4.ge f64x2.eq f64x2.ne f64x2.lt f64x2.gt f64x2.le f64x2.ge
0x4d v128.not v128.and v128.andnot v128.or v128.xor v128.bitselect v128.any_true
0x54 v128.load8_lane:0,lane v128.load16_lane:1,lane v128.load32_lane:2,lane v128.load64_lane:3,lane
0x58 v128.store8_lane:0,lane v128.store16_lane:1,lane v128.store32_lane:2,lane v128.store64_lane:3,lane
0x5c v128.load32_zero:2 v128.load64_zero:3 f32x4.demote_f64x2_zero f64x2.promote_low_f32x4
0x60 i8x16.abs i8x16.neg i8x16.popcnt i8x16.all_true i8x16.bitmask i8x16.narrow_i16x8_s i8x16.narrow_i16x8_u
0x67 f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest i8x16.shl i8x16.shr_s i8x16.shr_u
0x6e i8x16.add i8x16.add_sat_s i8x16.add_sat_u i8x16.sub i8x16.sub_sat_s i8x16.sub_sat_u f64x2.ceil f64x2.floor
0x76 i8x16.min_s i8x16.min_u i8x16.max_s i8x16.max_u f64x2.trunc i8x16.avgr_u
0x7c i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u i32x4.extadd_pairwise_i16x8_s i32x4.extadd_pairwise_i16x8_u
0x80 i16x8.abs i16x8.neg i16x8.q15mulr_sat_s i16x8.all_true i16x8.bitmask i16x8.narrow_i32x4_s i16x8.narrow_i32x4_u
0x87 i16x8.extend_low_i8x16_s i16x8.extend_high_i8x16_s i16x8.extend_low_i8x16_u i16x8.extend_high_i8x16_u
0x8b i16x8.shl i16x8.shr_s i16x8.shr_u i16x8.add i16x8.add_sat_s i16x8.add_sat_u i16x8.sub i16x8.sub_sat_s i16x8.sub_sat_u
0x94 f64x2.nearest i16x8.mul i16x8.min_s i16x8.min_u i16x8.max_s i16x8.max_u - i16x8.avgr_u
0x9c i16x8.extmul_low_i8x16_s i16x8.extmul_high_i8x16_s i16x8.extmul_low_i8x16_u i16x8.extmul_high_i8x16_u
0xa0 i32x4.abs i32x4.neg - i32x4.all_true i32x4.bitmask - -
0xa7 i32x4.extend_low_i16x8_s i32x4.extend_high_i16x8_s i32x4.extend_low_i16x8_u i32x4.extend_high_i16x8_u
0xab i32x4.shl i32x4.shr_s i32x4.shr_u i32x4.add - - i32x4.sub - - - i32x4.mul
0xb6 i32x4.min_s i32x4.min_u i32x4.max_s i32x4.max_u i32x4.dot_i16x8_s -
0xbc i32x4.extmul_low_i16x8_s i32x4.extmul_high_i16x8_s i32x4.extmul_low_i16x8_u i32x4.extmul_high_i16x8_u
0xc0 i64x2.abs i64x2.neg - i64x2.all_true i64x2.bitmask - -
0xc7 i64x2.extend_low_i32x4_s i64x2.extend_high_i32x4_s i64x2.extend_low_i32x4_u i64x2.extend_high_i32x4_u
0xcb i64x2.shl i64x2.shr_s i64x2.shr_u i64x2.add - - i64x2.sub - - - i64x2.mul
0xd6 i64x2.eq i64x2.ne i64x2.lt_s i64x2.gt_s i64x2.le_s i64x2.ge_s
0xdc i64x2.extmul_low_i32x4_s i64x2.extmul_high_i32x4_s i64x2.extmul_low_i32x4_u i64x2.extmul_high_i32x4_u
0xe0 f32x4.abs f32x4.neg - f32x4.sqrt f32x4.add f32x4.sub f32x4.mul f32x4.div f32x4.min f32x4.max f32x4.pmin f32x4.pmax
0xec f64x2.abs f64x2.neg - f64x2.sqrt f64x2.add f64x2.sub f64x2.mul f64x2.div f64x2.min f64x2.max f64x2.pmin f64x2.pmax
0xf8 i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u
0xfc i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u
0x100 i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u
0x103 i32x4.relaxed_trunc_f64x2_s_zero i32x4.relaxed_trunc_f64x2_u_zero
0x105 f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd
0x109 i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect i64x2.relaxed_laneselect
0x10d f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min f64x2.relaxed_max
0x111 i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s
`;

/** Behind 0xfe: threads. */
export const ATOMIC_ROWS = `
0x00 memory.atomic.notify:2 memory.atomic.wait32:2 memory.atomic.wait64:3 atomic.fence:zero
0x10 i32.atomic.load:2 i64.atomic.load:3 i32.atomic.load8_u:0 i32.atomic.load16_u:1
0x14 i64.atomic.load8_u:0 i64.atomic.load16_u:1 i64.atomic.load32_u:2
0x17 i32.atomic.store:2 i64.atomic.store:3 i32.atomic.store8:0 i32.atomic.store16:1
0x1b i64.atomic.store8:0 i64.atomic.store16:1 i64.atomic.store32:2
0x1e i32.atomic.rmw.add:2 i64.atomic.rmw.add:3 i32.atomic.rmw8.add_u:0 i32.atomic.rmw16.add_u:1
0x22 i64.atomic.rmw8.add_u:0 i64.atomic.rmw16.add_u:1 i64.atomic.rmw32.add_u:2
0x25 i32.atomic.rmw.sub:2 i64.atomic.rmw.sub:3 i32.atomic.rmw8.sub_u:0 i32.atomic.rmw16.sub_u:1
0x29 i64.atomic.rmw8.sub_u:0 i64.atomic.rmw16.sub_u:1 i64.atomic.rmw32.sub_u:2
0x2c i32.atomic.rmw.and:2 i64.atomic.rmw.and:3 i32.atomic.rmw8.and_u:0 i32.atomic.rmw16.and_u:1
0x30 i64.atomic.rmw8.and_u:0 i64.atomic.rmw16.and_u:1 i64.atomic.rmw32.and_u:2
0x33 i32.atomic.rmw.or:2 i64.atomic.rmw.or:3 i32.atomic.rmw8.or_u:0 i32.atomic.rmw16.or_u:1
0x37 i64.atomic.rmw8.or_u:0 i64.atomic.rmw16.or_u:1 i64.atomic.rmw32.or_u:2
0x3a i32.atomic.rmw.xor:2 i64.atomic.rmw.xor:3 i32.atomic.rmw8.xor_u:0 i32.atomic.rmw16.xor_u:1
0x3e i64.atomic.rmw8.xor_u:0 i64.atomic.rmw16.xor_u:1 i64.atomic.rmw32.xor_u:2
0x41 i32.atomic.rmw.xchg:2 i64.atomic.rmw.xchg:3 i32.atomic.rmw8.xchg_u:0 i32.atomic.rmw16.xchg_u:1
0x45 i64.atomic.rmw8.xchg_u:0 i64.atomic.rmw16.xchg_u:1 i64.atomic.rmw32.xchg_u:2
0x48 i32.atomic.rmw.cmpxchg:2 i64.atomic.rmw.cmpxchg:3 i32.atomic.rmw8.cmpxchg_u:0 i32.atomic.rmw16.cmpxchg_u:1
0x4c i64.atomic.rmw8.cmpxchg_u:0 i64.atomic.rmw16.cmpxchg_u:1 i64.atomic.rmw32.cmpxchg_u:2
`;
