/*
 * Floating-point constants as decimal numbers that an assembler reads back to the same bits:
 * https://webassembly.github.io/spec/core/text/values.html#floating-point.
 */

/** @param bytes four, little-endian */
export function f32Text(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  const bits = view.getUint32(0, true);
  const value = view.getFloat32(0, true);
  if (Number.isNaN(value)) return nanText(bits >>> 31 === 1, bits & 0x7fffff, 0x400000);
  return numberText(value, shortest(value));
}

/** @param bytes eight, little-endian */
export function f64Text(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const value = view.getFloat64(0, true);
  if (!Number.isNaN(value)) return numberText(value, String(value));
  const bits = view.getBigUint64(0, true);
  return nanText(bits >> 63n === 1n, bits & 0xfffffffffffffn, 0x8000000000000n);
}

function nanText(isNegative: boolean, payload: number | bigint, canonical: number | bigint): string {
  const sign = isNegative ? '-' : '';
  return payload === canonical ? `${sign}nan` : `${sign}nan:0x${payload.toString(16)}`;
}

function numberText(value: number, text: string): string {
  if (Object.is(value, -0)) return '-0';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  return value === Number.NEGATIVE_INFINITY ? '-inf' : text;
}

/** The fewest digits that are surely nearer to the number than half the way to its neighbours; nine always are. */
function shortest(value: number): string {
  const reach = Math.abs(value) * 2 ** -25;
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.abs(Number(text) - value) < reach) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}
