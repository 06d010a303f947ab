/**
 * A module that imports the three hooks of a profile from `h`, under the names `e`, `l` and `s`, and exports them again
 * under these: a table takes functions of WebAssembly alone, and so they become such.
 */
export const HOOKS_MODULE: Uint8Array<ArrayBuffer> = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // Types: (i32, i32, i32) -> i32, (i32, i32) -> (), (i32, i32, i32) -> ().
  ...[0x01, 19, 3],
  ...[0x60, 3, 0x7f, 0x7f, 0x7f, 1, 0x7f],
  ...[0x60, 2, 0x7f, 0x7f, 0],
  ...[0x60, 3, 0x7f, 0x7f, 0x7f, 0],
  // Imports.
  ...[0x02, 19, 3],
  ...[1, 0x68, 1, 0x65, 0, 0],
  ...[1, 0x68, 1, 0x6c, 0, 1],
  ...[1, 0x68, 1, 0x73, 0, 2],
  // Exports.
  ...[0x07, 13, 3],
  ...[1, 0x65, 0, 0],
  ...[1, 0x6c, 0, 1],
  ...[1, 0x73, 0, 2],
]);
