/** Typed views of one memory, made anew when it has grown. */
export class MemoryViews {
  bytes: Uint8Array = new Uint8Array(0);
  halves: Uint16Array = new Uint16Array(0);
  words: Uint32Array = new Uint32Array(0);

  /** @param bytes the whole memory as it is now, from address 0 */
  refresh(bytes: Uint8Array): void {
    if (this.bytes === bytes) return;
    const { buffer, byteLength } = bytes;
    this.bytes = bytes;
    this.halves = new Uint16Array(buffer, 0, byteLength >>> 1);
    this.words = new Uint32Array(buffer, 0, Math.floor(byteLength / 4));
  }
}
