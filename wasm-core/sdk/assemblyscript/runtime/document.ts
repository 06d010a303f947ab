/** AssemblyScript of `Document`, global in a plugin; a module imports only what it calls. quern.d.ts documents it. */
export const DOCUMENT_SOURCE = `
@external("host", "field_string") declare function __quern_field_string(path: usize, length: i32, dst: usize, cap: i32): i32;
@external("host", "field_i64") declare function __quern_field_i64(path: usize, length: i32, dst: usize): i32;
@external("host", "field_f64") declare function __quern_field_f64(path: usize, length: i32, dst: usize): i32;
@external("host", "field_bool") declare function __quern_field_bool(path: usize, length: i32): i32;
@external("host", "document_id") declare function __quern_document_id(dst: usize, cap: i32): i32;
@external("host", "score") declare function __quern_score(dst: usize): i32;

const number: usize = memory.data(8, 8);
const text = new __QuernBuffer();

@global @final class Document {
  string(path: string): string | null {
    const p = String.UTF8.encode(path);
    let n = __quern_field_string(changetype<usize>(p), p.byteLength, text.start, <i32>text.size);
    if (n < 0) return null;
    if (<usize>n > text.size) {
      text.reserve(<usize>n);
      n = __quern_field_string(changetype<usize>(p), p.byteLength, text.start, <i32>text.size);
    }
    return __quern_text(text.start, n);
  }
  has(path: string): bool {
    const p = String.UTF8.encode(path);
    return __quern_field_string(changetype<usize>(p), p.byteLength, 0, 0) >= 0;
  }
  i64(path: string, otherwise: i64 = 0): i64 {
    const p = String.UTF8.encode(path);
    return __quern_field_i64(changetype<usize>(p), p.byteLength, number) ? load<i64>(number) : otherwise;
  }
  f64(path: string, otherwise: f64 = 0): f64 {
    const p = String.UTF8.encode(path);
    return __quern_field_f64(changetype<usize>(p), p.byteLength, number) ? load<f64>(number) : otherwise;
  }
  bool(path: string, otherwise: bool = false): bool {
    const p = String.UTF8.encode(path);
    const found = __quern_field_bool(changetype<usize>(p), p.byteLength);
    return found < 0 ? otherwise : found != 0;
  }
  get id(): string | null {
    let n = __quern_document_id(text.start, <i32>text.size);
    if (n < 0) return null;
    if (<usize>n > text.size) {
      text.reserve(<usize>n);
      n = __quern_document_id(text.start, <i32>text.size);
    }
    return __quern_text(text.start, n);
  }
  get score(): f64 { return __quern_score(number) ? load<f64>(number) : NaN; }
}
`;
