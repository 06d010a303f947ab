/**
 * Assembles the text of a module with wasm-tools, which knows all of WebAssembly 3.0 and validates nothing.
 *
 * @throws Error with what is wrong with the text
 */
export async function assembleAny(wat: string): Promise<Uint8Array> {
  const { parse } = await import('@bytecodealliance/jco-transpile/wasm-tools');
  try {
    // A copy, because the tool's bytes lie in its own memory.
    return (await parse(wat)).slice();
  } catch (error) {
    const payload = typeof error === 'object' && error !== null && 'payload' in error ? error.payload : error;
    throw new Error(String(payload));
  }
}
