import { floatDigits } from './float-text.ts';

/*
 * Numbers as DuckDB's cast to VARCHAR writes them.
 */

/** A DOUBLE in the fewest digits that read back as the same number: `1.0`, `0.1`, `1e+20`, `nan`, `-inf`. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return nonFiniteText(value);
  return layOut(value, value.toExponential());
}

/** A FLOAT in the digits that `float-text.ts` tells of. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return nonFiniteText(value);
  return layOut(value, floatDigits(value));
}

/** A DECIMAL: a whole number with a point `scale` digits from its end, and nothing before it when all are behind it. */
export function decimalText(
  unscaled: bigint,
  type: { readonly width: number; readonly scale: number },
): string {
  if (type.scale === 0) return unscaled.toString();
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(type.scale + 1, '0');
  const whole = type.width === type.scale ? '' : digits.slice(0, -type.scale);
  return `${unscaled < 0n ? '-' : ''}${whole}.${digits.slice(-type.scale)}`;
}

/** Bytes of the widest whole number there is: Arrow's decimals of 256 bits. */
const MAX_BYTES = 32;

/**
 * A little-endian whole number of at most 32 bytes.
 *
 * @throws Error when it has more, as in a damaged page: the time this takes grows with their square
 */
export function littleEndian(bytes: Uint8Array, options: { readonly signed: boolean }): bigint {
  if (bytes.length > MAX_BYTES) throw new Error(`A number of ${bytes.length} bytes cannot be read.`);
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return options.signed ? BigInt.asIntN(bytes.length * 8, value) : value;
}

function nonFiniteText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

/** Fixed notation from 1e-4 to below 1e16, else an exponent of at least two digits. */
function layOut(value: number, exponential: string): string {
  const [mantissa = '0', power = '0'] = exponential.split('e');
  const exponent = Number(power);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
