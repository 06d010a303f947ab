/**
 * AssemblyScript of the SDK's own value types, which are global in a plugin: values that may be NULL, and values of 16
 * bytes. quern.d.ts documents them.
 */
export const VALUES_SOURCE = `

@global @final class Opt<T> {
  constructor(private held: T, public readonly isNull: bool = false) {}
  static of<U>(value: U): Opt<U> { return new Opt<U>(value); }
  static none<U>(): Opt<U> { return new Opt<U>(<U>0, true); }
  get value(): T {
    if (this.isNull) throw new Error("the value of an Opt that is NULL");
    return this.held;
  }
  or(otherwise: T): T { return this.isNull ? otherwise : this.held; }
}

@global @final class I128 {
  constructor(public lo: u64 = 0, public hi: i64 = 0) {}
  static from(value: i64): I128 { return new I128(<u64>value, value >> 63); }
  @operator("+") add(other: I128): I128 {
    const lo = this.lo + other.lo;
    return new I128(lo, this.hi + other.hi + <i64>(lo < this.lo));
  }
  @operator("-") sub(other: I128): I128 {
    return new I128(this.lo - other.lo, this.hi - other.hi - <i64>(this.lo < other.lo));
  }
  @operator("==") equals(other: I128): bool { return this.lo == other.lo && this.hi == other.hi; }
  @operator("<") less(other: I128): bool { return this.hi == other.hi ? this.lo < other.lo : this.hi < other.hi; }
  @operator(">") more(other: I128): bool { return other.less(this); }
  toF64(): f64 { return <f64>this.hi * 18446744073709551616.0 + <f64>this.lo; }
}

@global @final class U128 {
  constructor(public lo: u64 = 0, public hi: u64 = 0) {}
  static from(value: u64): U128 { return new U128(value, 0); }
  @operator("+") add(other: U128): U128 {
    const lo = this.lo + other.lo;
    return new U128(lo, this.hi + other.hi + <u64>(lo < this.lo));
  }
  @operator("-") sub(other: U128): U128 {
    return new U128(this.lo - other.lo, this.hi - other.hi - <u64>(this.lo < other.lo));
  }
  @operator("==") equals(other: U128): bool { return this.lo == other.lo && this.hi == other.hi; }
  @operator("<") less(other: U128): bool { return this.hi == other.hi ? this.lo < other.lo : this.hi < other.hi; }
  @operator(">") more(other: U128): bool { return other.less(this); }
  toF64(): f64 { return <f64>this.hi * 18446744073709551616.0 + <f64>this.lo; }
}

@global @final class Interval {
  constructor(public months: i32 = 0, public days: i32 = 0, public micros: i64 = 0) {}
}

@global @final class Uuid {
  /** The first and the last eight bytes, each most significant first. */
  constructor(public hi: u64 = 0, public lo: u64 = 0) {}
  byte(index: i32): u8 {
    return <u8>((index < 8 ? this.hi : this.lo) >> <u64>(56 - ((index & 7) << 3)));
  }
  static parse(text: string): Uuid | null {
    let hi: u64 = 0, lo: u64 = 0, digits = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit == 45) continue;
      const digit = unit >= 48 && unit <= 57 ? unit - 48 : (unit | 32) >= 97 && (unit | 32) <= 102 ? (unit | 32) - 87 : -1;
      if (digit < 0 || digits == 32) return null;
      if (digits < 16) hi = (hi << 4) | <u64>digit;
      else lo = (lo << 4) | <u64>digit;
      digits++;
    }
    return digits == 32 ? new Uuid(hi, lo) : null;
  }
  toString(): string {
    let text = "";
    for (let i = 0; i < 16; i++) {
      if (i == 4 || i == 6 || i == 8 || i == 10) text += "-";
      const byte = this.byte(i);
      text += String.fromCharCode("0123456789abcdef".charCodeAt(byte >> 4));
      text += String.fromCharCode("0123456789abcdef".charCodeAt(byte & 15));
    }
    return text;
  }
}

@global function __quern_load_i128(at: usize): I128 { return new I128(load<u64>(at), load<i64>(at, 8)); }
@global function __quern_load_u128(at: usize): U128 { return new U128(load<u64>(at), load<u64>(at, 8)); }
@global function __quern_load_uuid(at: usize): Uuid { return new Uuid(bswap(load<u64>(at)), bswap(load<u64>(at, 8))); }
@global function __quern_load_interval(at: usize): Interval {
  return new Interval(load<i32>(at), load<i32>(at, 4), load<i64>(at, 8));
}
@global function __quern_store_i128(at: usize, value: I128): void {
  store<u64>(at, value.lo);
  store<i64>(at, value.hi, 8);
}
@global function __quern_store_u128(at: usize, value: U128): void {
  store<u64>(at, value.lo);
  store<u64>(at, value.hi, 8);
}
@global function __quern_store_uuid(at: usize, value: Uuid): void {
  store<u64>(at, bswap(value.hi));
  store<u64>(at, bswap(value.lo), 8);
}
@global function __quern_store_interval(at: usize, value: Interval): void {
  store<i32>(at, value.months);
  store<i32>(at, value.days, 4);
  store<i64>(at, value.micros, 8);
}
`;
