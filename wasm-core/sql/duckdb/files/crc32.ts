/** The checksum of ZIP archives and of Snappy in Avro, over bytes that come in pieces. */
export class Crc32 {
  #state = 0xffff_ffff;

  add(bytes: Uint8Array): void {
    let state = this.#state;
    for (let i = 0; i < bytes.length; i++) {
      state = (TABLE[(state ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (state >>> 8);
    }
    this.#state = state;
  }

  /** Of all bytes so far. */
  get value(): number {
    return (this.#state ^ 0xffff_ffff) >>> 0;
  }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? 0xedb8_8320 ^ (value >>> 1) : value >>> 1;
  return value;
});
