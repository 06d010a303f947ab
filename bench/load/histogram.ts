/**
 * Counts of nanoseconds in buckets of 1/32 of a power of two, so a percentile is right to 3 in a hundred. The layout is
 * that of HdrHistogram (https://github.com/HdrHistogram/HdrHistogram_c) with five bits; histogram.h is its twin.
 */
export class Histogram {
  /** The largest value so far, exactly. */
  largest = 0;
  private readonly counts = new Float64Array(BUCKET_COUNT);
  private total = 0;

  /** @param value a whole number, 0 to 2^53 - 1 */
  add(value: number): void {
    const shift = Math.max(0, Math.floor(Math.log2(Math.max(value, 1))) - SUB_BITS);
    const bucket = shift * SUB_COUNT + Math.floor(value / 2 ** shift);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.total++;
    this.largest = Math.max(this.largest, value);
  }

  /**
   * The middle of the bucket that holds a share of all values.
   *
   * @param share 0 to 1
   * @returns 0 when there are no values
   */
  at(share: number): number {
    let before = 0;
    for (const [bucket, count] of this.counts.entries()) {
      before += count;
      if (count === 0 || before < share * this.total) continue;
      if (bucket < SUB_COUNT) return bucket;
      const width = 2 ** (Math.floor(bucket / SUB_COUNT) - 1);
      return (SUB_COUNT + (bucket % SUB_COUNT)) * width + width / 2;
    }
    return 0;
  }
}

const SUB_BITS = 5;
const SUB_COUNT = 1 << SUB_BITS;
const BUCKET_COUNT = (64 - SUB_BITS) * SUB_COUNT;
