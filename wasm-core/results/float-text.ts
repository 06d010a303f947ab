/*
 * 32-bit numbers in their fewest digits, with the one oddity of DuckDB: where two shortest texts are equally near, or one
 * lies right between two numbers, its printer (Grisu 3, see `grisu_shortest_handler` in the fmt library) gives up and
 * prints the number as if it had 64 bits. Both give back the same number; only the texts differ.
 */

/**
 * The digits of a FLOAT as DuckDB prints them.
 *
 * @param value finite, a 32-bit number
 * @returns as `Number.toExponential` writes it
 */
export function floatDigits(value: number): string {
  const asDouble = value.toExponential();
  // Only a number that is short in decimal can lie between two others that are: 15 digits hold all of those.
  const isShort = asDouble.replace(/[-.]|e.*/g, '').length <= 15;
  return isShort && value !== 0 && givesUp(Math.abs(value)) ? asDouble : shortest(value);
}

/** At most 9 significant digits tell every two 32-bit numbers apart. */
function shortest(value: number): string {
  for (let digits = 0; digits < 8; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential(8);
}

/** Grisu's choice of digits, exactly: from the upper bound down to the first decimal that reaches the lower one. */
function givesUp(value: number): boolean {
  const bounds = interval(value);
  for (let power = Math.ceil(Math.log10(value)) + 1; ; power--) {
    const scale = power < 0 ? 10n ** BigInt(-power) : 1n;
    const step = bounds.unit * (power < 0 ? 1n : 10n ** BigInt(power));
    const [low, middle, high] = [bounds.low * scale, bounds.middle * scale, bounds.high * scale];
    let digits = high / step;
    if (digits * step < low || digits === 0n) continue;
    const distance = (n: bigint) => (n * step > middle ? n * step - middle : middle - n * step);
    const mayStepDown = () => digits * step > middle && (digits - 1n) * step >= low;
    while (mayStepDown() && distance(digits - 1n) < distance(digits)) digits--;
    if (mayStepDown() && distance(digits - 1n) === distance(digits)) return true;
    return digits * step === low || digits * step === high;
  }
}

/** A number and the midpoints to its neighbours, as whole multiples of `1 / unit`. */
function interval(value: number): { low: bigint; middle: bigint; high: bigint; unit: bigint } {
  const [bits = 0] = new Uint32Array(new Float32Array([value]).buffer);
  const biased = bits >>> 23;
  const fraction = bits & 0x7fffff;
  const mantissa = BigInt(biased === 0 ? fraction : fraction | 0x800000);
  const quarters = Math.max(biased, 1) - 150 - 2;
  const up = quarters > 0 ? 1n << BigInt(quarters) : 1n;
  // Below a power of two the neighbours lie half as far apart.
  const below = fraction === 0 && biased > 1 ? 1n : 2n;
  return {
    low: (mantissa * 4n - below) * up,
    middle: mantissa * 4n * up,
    high: (mantissa * 4n + 2n) * up,
    unit: quarters < 0 ? 1n << BigInt(-quarters) : 1n,
  };
}
