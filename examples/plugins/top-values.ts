// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * At most k of the values that occur most often, from the most frequent on, in memory for 256 values. k is the same in each
 * row.
 *
 * top_values(country, 3) is such as ['US', 'IN', 'DE'].
 * @aggregate name: top_values
 */
export class MostFrequent {
  private readonly summary: TopValues = new TopValues();
  private k: i32 = 0;

  update(value: string, k: i32): void {
    this.summary.update(value);
    this.k = k;
  }

  merge(other: MostFrequent): void {
    this.summary.merge(other.summary);
    if (this.k === 0) this.k = other.k;
  }

  finish(): Array<string> {
    return this.summary.top(this.k);
  }
}

/**
 * The values that occur most often, in memory for a fixed number of them. Every value that makes up more than one in
 * CAPACITY of all is there; a count may be too high by at most its error, and never too low. Sources: A. Metwally, D.
 * Agrawal and A. El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", 2005 (space-saving);
 * P. Agarwal and others, "Mergeable Summaries", 2012.
 */
class TopValues {
  private values: string[] = [];
  private counts: i64[] = [];
  private errors: i64[] = [];
  private places: Map<string, i32> = new Map<string, i32>();

  /** Counts a value once. */
  update(value: string): void {
    if (this.places.has(value)) {
      this.counts[this.places.get(value)]++;
      return;
    }
    if (this.values.length < CAPACITY) {
      this.append(value, 1, 0);
      return;
    }
    // The rarest value gives its place away, and the new one may have been counted under it.
    const place = this.rarest();
    this.places.delete(this.values[place]);
    this.places.set(value, place);
    this.values[place] = value;
    this.errors[place] = this.counts[place];
    this.counts[place]++;
  }

  /** Adds what another summary counted. */
  merge(other: TopValues): void {
    const ourFloor = this.floor();
    const theirFloor = other.floor();
    const all = new TopValues();
    for (let i = 0; i < this.values.length; i++) {
      const value = this.values[i];
      const there = other.places.has(value) ? other.places.get(value) : -1;
      const count = there < 0 ? theirFloor : other.counts[there];
      const error = there < 0 ? theirFloor : other.errors[there];
      all.append(value, this.counts[i] + count, this.errors[i] + error);
    }
    for (let i = 0; i < other.values.length; i++) {
      if (this.places.has(other.values[i])) continue;
      all.append(other.values[i], other.counts[i] + ourFloor, other.errors[i] + ourFloor);
    }
    const kept = all.ranked();
    this.clear();
    for (let i = 0; i < min(kept.length, CAPACITY); i++) {
      this.append(all.values[kept[i]], all.counts[kept[i]], all.errors[kept[i]]);
    }
  }

  /** At most k values, from the most frequent on; of equal counts the lesser text first. */
  top(k: i32): string[] {
    const places = this.ranked();
    const result: string[] = [];
    for (let i = 0; i < min(k, places.length); i++) result.push(this.values[places[i]]);
    return result;
  }

  /** How often a value was counted, at most; 0 for one that is not kept. */
  count(value: string): i64 {
    return this.places.has(value) ? this.counts[this.places.get(value)] : 0;
  }

  private append(value: string, count: i64, error: i64): void {
    this.places.set(value, this.values.length);
    this.values.push(value);
    this.counts.push(count);
    this.errors.push(error);
  }

  private clear(): void {
    this.values = [];
    this.counts = [];
    this.errors = [];
    this.places = new Map<string, i32>();
  }

  /** How often a value that is not here may have come at most. */
  private floor(): i64 {
    return this.values.length < CAPACITY ? 0 : this.counts[this.rarest()];
  }

  private rarest(): i32 {
    let place = 0;
    for (let i = 1; i < this.counts.length; i++) if (this.counts[i] < this.counts[place]) place = i;
    return place;
  }

  /** The places in order of their counts, the highest first. */
  private ranked(): i32[] {
    const entries: Entry[] = [];
    for (let i = 0; i < this.values.length; i++) entries.push(new Entry(i, this.counts[i], this.values[i]));
    entries.sort((a, b) => {
      if (a.count !== b.count) return a.count > b.count ? -1 : 1;
      return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
    });
    return entries.map<i32>((entry) => entry.place);
  }
}

class Entry {
  constructor(
    public place: i32,
    public count: i64,
    public value: string,
  ) {}
}

/** How many values are kept. */
const CAPACITY: i32 = 256;
