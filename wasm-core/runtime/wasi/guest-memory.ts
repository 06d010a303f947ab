import type { HostFunctionOwner } from '../host-functions/owner.ts';
import { Refusal } from './errno.ts';

/**
 * Guest memory as WASI functions read and write it: little-endian, at any alignment. What reaches past the end is
 * EFAULT for the guest, since WASI has a number for it, rather than the end of the run.
 */
export class GuestMemory {
  private readonly owner: HostFunctionOwner;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private cached: DataView | undefined;

  constructor(owner: HostFunctionOwner) {
    this.owner = owner;
  }

  /** Bytes that the guest named, not copied. Both numbers are taken as unsigned. @throws Refusal FAULT */
  bytes(pointer: number, byteLength: number): Uint8Array {
    const view = this.owner.view();
    const start = pointer >>> 0;
    const end = start + (byteLength >>> 0);
    if (end > view.byteLength) throw new Refusal('FAULT');
    return view.subarray(start, end);
  }

  /** Text that the guest named. @throws Refusal FAULT, ILSEQ when it is not UTF-8, NAMETOOLONG above the cap */
  text(pointer: number, byteLength: number, maxBytes: number): string {
    const bytes = this.bytes(pointer, byteLength);
    if (bytes.byteLength > maxBytes) throw new Refusal('NAMETOOLONG');
    try {
      return this.decoder.decode(bytes);
    } catch {
      throw new Refusal('ILSEQ');
    }
  }

  /**
   * A place for a structure of so many bytes, checked once for all its fields.
   *
   * @returns the view of the whole memory and the place in it
   * @throws Refusal FAULT
   */
  place(pointer: number, byteLength: number): { readonly view: DataView; readonly at: number } {
    const { buffer, byteOffset, byteLength: size } = this.owner.view();
    const at = pointer >>> 0;
    if (at + byteLength > size) throw new Refusal('FAULT');
    if (this.cached?.buffer !== buffer || this.cached.byteLength !== size) {
      this.cached = new DataView(buffer, byteOffset, size);
    }
    return { view: this.cached, at };
  }

  /** @throws Refusal FAULT */
  setU32(pointer: number, value: number): void {
    const { view, at } = this.place(pointer, 4);
    view.setUint32(at, value, true);
  }

  /** @throws Refusal FAULT */
  setU64(pointer: number, value: bigint): void {
    const { view, at } = this.place(pointer, 8);
    view.setBigUint64(at, value, true);
  }
}
