/** Digits of an average beyond those of the numbers. */
const AVERAGE_DIGITS = 6;

/** Adds whole and decimal numbers up from their texts, without losing a digit. */
export class ExactNumbers {
  count = 0;
  #sum = 0n;
  #min: bigint | undefined;
  #max: bigint | undefined;
  /** Digits behind the point that all of the above have. */
  #scale = 0;

  /** Takes a number such as `-12.50`. */
  add(text: string): void {
    const point = text.indexOf('.');
    const scale = point < 0 ? 0 : text.length - point - 1;
    if (scale > this.#scale) this.#rescale(scale);
    const digits = point < 0 ? text : text.slice(0, point) + text.slice(point + 1);
    const value = BigInt(digits === '' || digits === '-' ? 0 : digits) * 10n ** BigInt(this.#scale - scale);
    this.count++;
    this.#sum += value;
    if (this.#min === undefined || value < this.#min) this.#min = value;
    if (this.#max === undefined || value > this.#max) this.#max = value;
  }

  /** The figures as texts; undefined without a number. */
  figures(): { count: number; sum: string; average: string; min: string; max: string } | undefined {
    if (this.#min === undefined || this.#max === undefined) return undefined;
    const scale = this.#scale;
    return {
      count: this.count,
      sum: decimalText(this.#sum, scale),
      average: this.#average(),
      min: decimalText(this.#min, scale),
      max: decimalText(this.#max, scale),
    };
  }

  #average(): string {
    const count = BigInt(this.count);
    const wide = this.#sum * 10n ** BigInt(AVERAGE_DIGITS);
    // Half away from zero.
    const half = wide < 0n ? -count : count;
    const rounded = (2n * wide + half) / (2n * count);
    return decimalText(rounded, this.#scale + AVERAGE_DIGITS).replace(/(\.\d*?)0+$/, (_, kept: string) =>
      kept === '.' ? '' : kept,
    );
  }

  #rescale(scale: number): void {
    const factor = 10n ** BigInt(scale - this.#scale);
    this.#scale = scale;
    this.#sum *= factor;
    if (this.#min !== undefined) this.#min *= factor;
    if (this.#max !== undefined) this.#max *= factor;
  }
}

/** A number of so many digits behind the point. */
function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return value.toString();
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
