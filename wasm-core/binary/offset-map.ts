import { ByteSink } from './byte-sink.ts';

/**
 * Where the bytes of a rewritten code section come from. `steps` is a row of LEB128 triples: so many bytes of the
 * original were left out, so many put in, so many copied. It takes about three bytes for each place that was changed.
 */
export interface OffsetMap {
  /** Position of the code section's content in the original file. */
  readonly originalStart: number;
  /** Position of the code section's content in the rewritten file. */
  readonly rewrittenStart: number;
  readonly steps: Uint8Array;
}

/**
 * The position in the original file of an instruction of the rewritten one. Takes time linear in the map's size.
 *
 * @param rewrittenOffset from the file's first byte, as V8's stack traces give it
 * @returns for an instruction that the rewriter put in, the one that it stands before; the offset itself when it is not
 *   in code
 */
export function originalOffset(map: OffsetMap, rewrittenOffset: number): number {
  if (rewrittenOffset < map.rewrittenStart) return rewrittenOffset;
  const { steps } = map;
  let original = map.originalStart;
  let rewritten = map.rewrittenStart;
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = steps[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < steps.byteLength) {
    original += next();
    rewritten += next();
    if (rewrittenOffset < rewritten) return original;
    const copied = next();
    if (rewrittenOffset < rewritten + copied) return original + rewrittenOffset - rewritten;
    original += copied;
    rewritten += copied;
  }
  return original;
}

/** Takes down what is done to the bytes of the code section, in their order. */
export class OffsetMapBuilder {
  private readonly sink = new ByteSink();
  private skipped = 0;
  private inserted = 0;
  private copied = 0;

  skip(byteLength: number): void {
    if (this.copied > 0) this.flush();
    this.skipped += byteLength;
  }

  insert(byteLength: number): void {
    if (this.copied > 0) this.flush();
    this.inserted += byteLength;
  }

  copy(byteLength: number): void {
    this.copied += byteLength;
  }

  /** @returns the `steps` of a map */
  finish(): Uint8Array {
    this.flush();
    return this.sink.toBytes();
  }

  private flush(): void {
    this.sink.u32(this.skipped);
    this.sink.u32(this.inserted);
    this.sink.u32(this.copied);
    this.skipped = 0;
    this.inserted = 0;
    this.copied = 0;
  }
}
