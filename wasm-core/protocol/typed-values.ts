/**
 * A typed argument or result as JSON: BIGINT, UBIGINT, HUGEINT, UHUGEINT and DECIMAL as strings of decimal digits;
 * DATE, TIME, TIMESTAMP and UUID as DuckDB's text; INTERVAL as `{"months", "days", "micros"}`; BLOB as `{"base64"}`;
 * LIST and ARRAY as arrays, STRUCT as an object, MAP as an array of `{"key", "value"}`.
 */
export type TypedValue =
  | boolean
  | number
  | string
  | null
  | { readonly base64: string }
  | readonly TypedValue[]
  | { readonly [name: string]: TypedValue };
