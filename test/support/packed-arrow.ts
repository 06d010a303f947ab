import { CompressionType, compressionRegistry, type Table, tableToIPC } from 'apache-arrow';

/** A table as an Arrow file whose buffers are compressed, if only in form: as frames of literals. */
export function packedArrow(table: Table, codec: 'LZ4' | 'ZSTD'): Uint8Array {
  const type = codec === 'LZ4' ? CompressionType.LZ4_FRAME : CompressionType.ZSTD;
  compressionRegistry.set(type, { encode: codec === 'LZ4' ? lz4Frame : zstdFrame });
  return tableToIPC(table, 'file', type);
}

const BLOCK_BYTES = 60_000;

function lz4Frame(bytes: Uint8Array): Uint8Array {
  const head = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
  const blocks = pieces(bytes).flatMap((piece) => {
    const block = Buffer.concat([lengthToken(piece.length), piece]);
    return [uint32(block.length), block];
  });
  return Buffer.concat([Buffer.from(head), ...blocks, uint32(0)]);
}

function lengthToken(length: number): Buffer {
  if (length < 15) return Buffer.from([length << 4]);
  const rest = length - 15;
  return Buffer.from([0xf0, ...new Array<number>(Math.floor(rest / 255)).fill(255), rest % 255]);
}

function zstdFrame(bytes: Uint8Array): Uint8Array {
  const all = pieces(bytes);
  const blocks = all.flatMap((piece, index) => {
    const head = uint32((piece.length << 3) | (index === all.length - 1 ? 1 : 0)).subarray(0, 3);
    return [head, piece];
  });
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]), uint32(bytes.length), ...blocks]);
}

function pieces(bytes: Uint8Array): Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / BLOCK_BYTES));
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES));
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
