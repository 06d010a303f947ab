// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * The exponentially weighted moving average of the rows in their order, so it belongs over a window. alpha is the weight of
 * the newest value, above 0 and at most 1, the same in each row. NULL of no values.
 *
 * ewma(price, 0.2) over (order by day) follows the price.
 * @aggregate name: ewma
 */
export class MovingAverage {
  private readonly values: Ewma = new Ewma();

  update(value: f64, alpha: f64): void {
    this.values.update(value, alpha);
  }

  merge(later: MovingAverage): void {
    this.values.merge(later.values);
  }

  finish(): Opt<f64> {
    const average = this.values.average();
    return F64.isNaN(average) ? Opt.none<f64>() : Opt.of<f64>(average);
  }
}

/**
 * The exponentially weighted moving average: the first value, and then alpha times each value and 1 - alpha times the
 * average before it. Source: S. W. Roberts, "Control Chart Tests Based on Geometric Moving Averages", 1959.
 *
 * A run of values turns the average before it, y, into decay * y + gain. Two runs in a row do so, too, and that lets a
 * window put its parts together in order.
 */
class Ewma {
  private first: f64 = 0;
  private decay: f64 = 1;
  private gain: f64 = 0;
  private empty: bool = true;

  /** @param alpha weight of the newest value, above 0 and at most 1, the same in each call */
  update(value: f64, alpha: f64): void {
    if (this.empty) this.first = value;
    this.empty = false;
    this.decay *= 1 - alpha;
    this.gain = (1 - alpha) * this.gain + alpha * value;
  }

  /** Appends the values of another run, which came after this one's. */
  merge(later: Ewma): void {
    if (later.empty) return;
    if (this.empty) this.first = later.first;
    this.empty = false;
    this.gain = later.decay * this.gain + later.gain;
    this.decay *= later.decay;
  }

  /** The average; NaN of no values. */
  average(): f64 {
    return this.empty ? NaN : this.decay * this.first + this.gain;
  }
}
