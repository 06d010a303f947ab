// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * The value at a rank from 0, the least, to 1, the greatest, within 1 %, in little memory. NULL of no values, and outside of
 * the ranks. The rank is the same in each row.
 *
 * sketch_quantile(delay, 0.99) is the value that 99 of 100 delays do not exceed.
 * @aggregate name: sketch_quantile
 */
export class SketchQuantile {
  private readonly sketch: QuantileSketch = new QuantileSketch();
  private rank: f64 = NaN;

  update(value: f64, rank: f64): void {
    this.sketch.update(value);
    this.rank = rank;
  }

  merge(other: SketchQuantile): void {
    this.sketch.merge(other.sketch);
    if (F64.isNaN(this.rank)) this.rank = other.rank;
  }

  finish(): Opt<f64> {
    const value = this.sketch.quantile(this.rank);
    return F64.isNaN(value) ? Opt.none<f64>() : Opt.of<f64>(value);
  }
}

/**
 * Quantiles of a stream in little memory, each within 1 % of the true value. Counts values in buckets that grow by a
 * constant factor, so that two sketches add up to exactly the sketch of all their values, in whatever order and parts they
 * came. Source: C. Masson, J. E. Rim and H. K. Lee, "DDSketch", PVLDB 12:12, 2019.
 */
class QuantileSketch {
  private readonly positive: Map<i32, i64> = new Map<i32, i64>();
  private readonly negative: Map<i32, i64> = new Map<i32, i64>();
  private zeros: i64 = 0;
  private count: i64 = 0;

  /** Adds a value; NaN and the infinities do not count. */
  update(value: f64): void {
    if (!(Math.abs(value) < Infinity)) return;
    this.count++;
    // Less than the least normal number has no bucket of its own.
    if (Math.abs(value) < f64.MIN_NORMAL_VALUE) this.zeros++;
    else if (value > 0) add(this.positive, bucketOf(value), 1);
    else add(this.negative, bucketOf(-value), 1);
  }

  /** Adds the values of another sketch. */
  merge(other: QuantileSketch): void {
    this.count += other.count;
    this.zeros += other.zeros;
    addAll(this.positive, other.positive);
    addAll(this.negative, other.negative);
  }

  /** The value at a rank from 0, the least, to 1, the greatest; NaN of no values, and outside of the ranks. */
  quantile(rank: f64): f64 {
    if (this.count === 0 || !(rank >= 0 && rank <= 1)) return NaN;
    let left = <i64>Math.floor(rank * <f64>(this.count - 1));
    const below = sorted(this.negative);
    for (let i = below.length - 1; i >= 0; i--) {
      left -= this.negative.get(below[i]);
      if (left < 0) return -middleOf(below[i]);
    }
    left -= this.zeros;
    if (left < 0) return 0;
    const above = sorted(this.positive);
    for (let i = 0; i < above.length; i++) {
      left -= this.positive.get(above[i]);
      if (left < 0) return middleOf(above[i]);
    }
    return NaN;
  }
}

/** The greatest relative error. */
const ACCURACY: f64 = 0.01;
const GROWTH: f64 = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GROWTH: f64 = Math.log(GROWTH);

/** Bucket i holds the values above GROWTH^(i - 1), up to GROWTH^i: 70,000 of them reach over all numbers. */
function bucketOf(value: f64): i32 {
  return <i32>Math.ceil(Math.log(value) / LOG_GROWTH);
}

/** The value that is equally near, as a ratio, to both ends of a bucket. */
function middleOf(bucket: i32): f64 {
  return (Math.exp((bucket - 1) * LOG_GROWTH) * 2 * GROWTH) / (1 + GROWTH);
}

function add(counts: Map<i32, i64>, bucket: i32, n: i64): void {
  counts.set(bucket, (counts.has(bucket) ? counts.get(bucket) : 0) + n);
}

function addAll(counts: Map<i32, i64>, others: Map<i32, i64>): void {
  const buckets = others.keys();
  for (let i = 0; i < buckets.length; i++) add(counts, buckets[i], others.get(buckets[i]));
}

function sorted(counts: Map<i32, i64>): i32[] {
  return counts.keys().sort((a, b) => a - b);
}
