/*
 * What Quern's transform gives to plugins in AssemblyScript, for editors. See docs/assemblyscript.md for how to write
 * functions, aggregates and table functions. Nothing of it has to be imported.
 */

/** Options of a mark. */
interface QuernOptions {
  /** The name in SQL when it is not the declaration's own; functions of one name differ in their parameters. */
  name?: string;
  /** False when equal arguments may give different results, so that calls are neither folded nor cached. */
  deterministic?: boolean;
  /** `"null"` makes the result of a call that fails NULL; functions only. */
  onError?: 'null' | 'fail';
  /** The last parameter, an `Array<T>`, takes any number of arguments. */
  variadic?: boolean;
  /** SQL types of parameters, by name, such as `DECIMAL(10,2)` for an i64 or `FLOAT[3]` for an `Array<f32>`. */
  types?: Record<string, string>;
  /** The SQL type of the result. */
  returns?: string;
  /** The fields of a document that `Document.id` and `Document.score` give. */
  document?: { id?: string; score?: string };
}

/** Makes a function callable from SQL, row by row and in batches; also as a tag of its doc comment. */
declare function udf(target: unknown): void;
declare function udf(options: QuernOptions): (target: unknown) => void;
/** Makes an aggregate of a class with `update(…): void`, `merge(other): void` and `finish(): R`. */
declare function aggregate(target: unknown): void;
declare function aggregate(options: QuernOptions): (target: unknown) => void;
/** Makes a table function of a class with `next(): Row | null`; its constructor takes the arguments. */
declare function table(target: unknown): void;
declare function table(options: QuernOptions): (target: unknown) => void;

/** DATE: an i32, days since 1970-01-01. */
declare type Date32 = number;
/** TIME: an i64, microseconds since midnight. */
declare type Time = bigint;
/** TIMESTAMP: an i64, microseconds since 1970. */
declare type Timestamp = bigint;
/** TIMESTAMP_S: an i64, seconds since 1970. */
declare type TimestampS = bigint;
/** TIMESTAMP_MS: an i64, milliseconds since 1970. */
declare type TimestampMs = bigint;
/** TIMESTAMP_NS: an i64, nanoseconds since 1970. */
declare type TimestampNs = bigint;
/** TIMESTAMP WITH TIME ZONE: an i64, microseconds since 1970 in UTC. */
declare type TimestampTz = bigint;

/** A number or bool that may be NULL. */
declare class Opt<T> {
  static of<U>(value: U): Opt<U>;
  static none<U>(): Opt<U>;
  readonly isNull: boolean;
  /** Ends the call when it is NULL. */
  readonly value: T;
  or(otherwise: T): T;
}

/** HUGEINT, or a DECIMAL from width 19 on: `hi` times 2^64 plus `lo`. Has `+ - == < >`. */
declare class I128 {
  constructor(lo?: bigint, hi?: bigint);
  static from(value: bigint): I128;
  lo: bigint;
  hi: bigint;
  toF64(): number;
}
/** UHUGEINT, unsigned. */
declare class U128 {
  constructor(lo?: bigint, hi?: bigint);
  static from(value: bigint): U128;
  lo: bigint;
  hi: bigint;
  toF64(): number;
}
/** UUID: its first and its last 8 bytes, each most significant first. */
declare class Uuid {
  constructor(hi?: bigint, lo?: bigint);
  /** Null for what is not 32 hexadecimal digits, with or without hyphens. */
  static parse(text: string): Uuid | null;
  hi: bigint;
  lo: bigint;
  /** The byte at 0 to 15. */
  byte(index: number): number;
  toString(): string;
}
/** INTERVAL. */
declare class Interval {
  constructor(months?: number, days?: number, micros?: bigint);
  months: number;
  days: number;
  micros: bigint;
}

/** The document of the call: a STRUCT or JSON text. Paths are names and indexes with dots, such as `tags.0`. */
declare class Document {
  /** A field as text; null when there is none. */
  string(path: string): string | null;
  has(path: string): boolean;
  i64(path: string, otherwise?: bigint): bigint;
  f64(path: string, otherwise?: number): number;
  bool(path: string, otherwise?: boolean): boolean;
  readonly id: string | null;
  /** NaN when there is none. */
  readonly score: number;
}
