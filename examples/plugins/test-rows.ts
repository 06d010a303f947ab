// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.
// biome-ignore-all lint/correctness/noPrecisionLoss: whole numbers are exact here, up to 64 bits

/**
 * Rows of made-up data: people who bought something. The same seed gives the same rows on every machine.
 *
 * from test_rows(1000, 1) gives a thousand of them.
 * @table name: test_rows
 */
export class TestRows {
  private at: i64 = 0;

  constructor(
    private n: i64,
    private seed: i64,
  ) {}

  next(): TestRow | null {
    if (this.at >= this.n) return null;
    return new TestRow(<u64>this.seed, this.at++);
  }
}

/**
 * A row of made-up data: a person who bought something. Each is computed from the seed and its number alone, so rows may be
 * made in any order and in parts, and are the same on every machine.
 */
class TestRow {
  id: i64;
  name: string;
  email: string;
  /** Days since 1970-01-01, from 2015 to 2024, each equally likely. */
  day: Date32;
  /** Most are small and few are large: the median is 32, and nothing is above 1024. */
  amount: f64;
  /** Each of the eight is half as frequent as the one before it. */
  country: string;
  active: bool;

  /**
   * @param seed rows of other seeds have nothing to do with these
   * @param id number of the row, from 0
   */
  constructor(seed: u64, id: i64) {
    const chance = new Chance(seed, id);
    const first = FIRST_NAMES[chance.below(FIRST_NAMES.length)];
    const last = LAST_NAMES[chance.below(LAST_NAMES.length)];
    this.id = id;
    this.name = `${first} ${last}`;
    this.email = `${first.toLowerCase()}.${last.toLowerCase()}${id}@example.com`;
    this.day = FIRST_DAY + chance.below(DAYS);
    this.amount = Math.round(2 ** (chance.unit() * 10) * 100) / 100;
    this.country = COUNTRIES[min(<i32>ctz<u64>(chance.next()), COUNTRIES.length - 1)];
    this.active = chance.below(10) < 9;
  }
}

/** The numbers of one row: SplitMix64, https://prng.di.unimi.it/splitmix64.c. */
class Chance {
  private state: u64;

  constructor(seed: u64, id: i64) {
    // Mixed first, since neighbouring numbers would otherwise share most of their sequence.
    this.state = mixed(mixed(seed + STEP) + <u64>id);
  }

  next(): u64 {
    this.state += STEP;
    return mixed(this.state);
  }

  /** From 0 up to, not including, 1. */
  unit(): f64 {
    return <f64>(this.next() >> 11) / 9007199254740992.0;
  }

  /** A whole number from 0 up to, not including, n. */
  below(n: i32): i32 {
    return <i32>(this.unit() * n);
  }
}

const STEP: u64 = 0x9e3779b97f4a7c15;

function mixed(x: u64): u64 {
  let z = x;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** 2015-01-01. */
const FIRST_DAY: i32 = 16436;
/** To 2024-12-31. */
const DAYS: i32 = 3653;
const FIRST_NAMES = [
  'Ada',
  'Alan',
  'Barbara',
  'Donald',
  'Edsger',
  'Grace',
  'John',
  'Katherine',
  'Linus',
  'Margaret',
];
const LAST_NAMES = [
  'Baker',
  'Cook',
  'Fisher',
  'Gardener',
  'Mason',
  'Miller',
  'Potter',
  'Smith',
  'Tailor',
  'Weaver',
];
const COUNTRIES = ['US', 'IN', 'DE', 'BR', 'JP', 'FR', 'NG', 'NZ'];
