/** What the plain functions need of an instance that V8 made, with nothing of ours between. */
interface PlainExports {
  readonly memory: WebAssembly.Memory;
  readonly add: (a: number, b: number) => number;
  /** Of bytes at a pointer: the length in the upper 32 bits, the pointer in the lower. */
  readonly upper: (pointer: number, byteLength: number) => bigint;
  /** Of bytes at a pointer: the pointer in the upper 32 bits, the length in the lower. */
  readonly process: (pointer: number, byteLength: number) => bigint;
}

/** Where the plain functions put their input: memory that the module does not use. */
const INPUT_AT = 1024;

/** An export called as it is. */
export function plainAdd(module: WebAssembly.Module): (a: number, b: number) => number {
  return exportsOf(new WebAssembly.Instance(module)).add;
}

/** A string in and out, as one writes it by hand. */
export function plainUpper(module: WebAssembly.Module): (text: string) => string {
  const { memory, upper } = exportsOf(new WebAssembly.Instance(module));
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const bytes = new Uint8Array(memory.buffer);
  const room = bytes.subarray(INPUT_AT);
  return (text) => {
    const { written } = encoder.encodeInto(text, room);
    const packed = upper(INPUT_AT, written);
    const pointer = Number(packed & 0xffff_ffffn);
    return decoder.decode(bytes.subarray(pointer, pointer + Number(packed >> 32n)));
  };
}

/** A whole run: an instance with a memory of its own, bytes in, bytes out. */
export function plainRun(module: WebAssembly.Module): (input: Uint8Array) => Uint8Array {
  return (input) => {
    const { memory, process } = exportsOf(new WebAssembly.Instance(module));
    const bytes = new Uint8Array(memory.buffer);
    bytes.set(input, INPUT_AT);
    const packed = process(INPUT_AT, input.byteLength);
    const pointer = Number(packed >> 32n);
    return bytes.slice(pointer, pointer + Number(packed & 0xffff_ffffn));
  };
}

/** The exports of a module of ours, whose types are known. */
function exportsOf(instance: WebAssembly.Instance): PlainExports {
  return instance.exports as unknown as PlainExports;
}
