/** The exported functions of a module that imports nothing. */
export function bareInstance(
  wasm: Uint8Array,
): Readonly<Record<string, ((...args: readonly (bigint | number)[]) => bigint | number) | undefined>> {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm.slice()), {});
  return instance.exports as ReturnType<typeof bareInstance>;
}
