/**
 * Makes an exported AssemblyScript function callable from SQL. Quern's transform reads the mark, wraps the function
 * and writes its signature into the module; nothing of it is left at run time.
 *
 * Parameters may be bool, i8 to i64, u8 to u64, f32, f64, string and Uint8Array; so may the result, and a result of
 * `string | null` or `Uint8Array | null` gives NULL for null. A NULL argument gives NULL without a call.
 *
 * `@udf` may also be written as a tag of the function's doc comment, which needs no declaration and which other
 * TypeScript tools pass over.
 *
 * @param options `name`: the name in SQL when it is not the function's own;
 *   `deterministic: false`: equal arguments may give different results, so calls are neither folded nor cached
 */
declare function udf(target: unknown): void;
declare function udf(options: { name?: string; deterministic?: boolean }): (target: unknown) => void;
