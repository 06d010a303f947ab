import type { ValueType } from '../../protocol/plugins.ts';
import { type WitType, witTypeText } from './wit-types.ts';

/*
 * The canonical ABI, as far as functions for SQL need it:
 * https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md.
 */

/** How many WebAssembly values a call may have; more are passed in memory, which wrappers do not do. */
export const MAX_FLAT_PARAMETERS = 16;

/** A value in memory: its size and alignment in bytes, the instruction that loads it, and its type then. */
export interface Scalar {
  readonly byteLength: 1 | 2 | 4 | 8;
  /** Opcode of the load. */
  readonly load: number;
  readonly type: ValueType;
}

const SCALARS: Readonly<Record<string, Scalar>> = {
  bool: { byteLength: 1, load: 0x2d, type: 'i32' },
  s8: { byteLength: 1, load: 0x2c, type: 'i32' },
  u8: { byteLength: 1, load: 0x2d, type: 'i32' },
  s16: { byteLength: 2, load: 0x2e, type: 'i32' },
  u16: { byteLength: 2, load: 0x2f, type: 'i32' },
  s32: { byteLength: 4, load: 0x28, type: 'i32' },
  u32: { byteLength: 4, load: 0x28, type: 'i32' },
  s64: { byteLength: 8, load: 0x29, type: 'i64' },
  u64: { byteLength: 8, load: 0x29, type: 'i64' },
  f32: { byteLength: 4, load: 0x2a, type: 'f32' },
  f64: { byteLength: 8, load: 0x2b, type: 'f64' },
};

/** Whether values of a type are a pointer and a length: texts and bytes. */
export function isBytes(type: WitType): boolean {
  return ['string', 'list<u8>'].includes(witTypeText(type));
}

/** A number or bool; undefined for other types. */
export function scalarOf(type: WitType): Scalar | undefined {
  return type.arguments.length === 0 ? SCALARS[type.name] : undefined;
}

/** The WebAssembly values that a parameter is passed as. */
export function flatParameter(type: WitType): readonly ValueType[] {
  const inner = type.name === 'option' ? type.arguments[0] : undefined;
  if (inner !== undefined) return ['i32', ...flatParameter(inner)];
  if (isBytes(type)) return ['i32', 'i32'];
  const scalar = scalarOf(type);
  return scalar === undefined ? [] : [scalar.type];
}

/** Where the value of an `option` or a `result` lies behind its sign; undefined when a case's alignment is not known. */
export function payloadOffset(cases: readonly (WitType | undefined)[]): number | undefined {
  const alignments = cases.map((type) => {
    if (type === undefined || type.name === '_') return 1;
    if (type.name === 'string' || type.name === 'list') return 4;
    return scalarOf(type)?.byteLength;
  });
  return alignments.includes(undefined) ? undefined : Math.max(...alignments.map((a) => a ?? 1));
}
