import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { TEXT_KERNEL } from '../../../wasm-core/sql/duckdb/udf/text-kernel-code.ts';
import { assemble } from '../../support/wat.ts';

const SOURCE = path.resolve('wasm-core/sql/duckdb/udf/text-kernel.wat');

/** Where the tests keep things in memory. */
const AT = { vector: 1024, offsets: 8192, bytes: 16_384, back: 40_000, heap: 65_536 };

type Kernel = Readonly<Record<string, (...args: number[]) => number>>;

function start(): { readonly view: DataView; readonly kernel: Kernel } {
  const memory = new WebAssembly.Memory({ initial: 4 });
  const module = new WebAssembly.Module(Buffer.from(TEXT_KERNEL, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { engine: { memory } });
  new Uint8Array(memory.buffer).fill(0xaa, AT.offsets, AT.heap);
  return { view: new DataView(memory.buffer), kernel: exports as unknown as Kernel };
}

/** Writes strings as `duckdb.h` has them: 12 bytes in place, or 4 of them and a pointer. */
function writeVector(view: DataView, texts: readonly Uint8Array[]): void {
  let heap = AT.heap;
  texts.forEach((text, row) => {
    const at = AT.vector + 16 * row;
    const bytes = new Uint8Array(view.buffer);
    view.setUint32(at, text.byteLength, true);
    bytes.set(text.subarray(0, text.byteLength <= 12 ? 12 : 4), at + 4);
    if (text.byteLength <= 12) return;
    bytes.set(text, heap);
    view.setUint32(at + 8, heap, true);
    heap += text.byteLength;
  });
}

const texts = fc.array(
  fc.oneof(fc.uint8Array({ maxLength: 14 }), fc.uint8Array({ minLength: 11, maxLength: 100 })),
  { maxLength: 100 },
);

describe('the module that moves texts of whole chunks', () => {
  it('is what its source says', async () => {
    const bytes = await assemble(readFileSync(SOURCE, 'utf8'));
    assert.equal(TEXT_KERNEL, Buffer.from(bytes).toString('base64'));
  });

  it('makes one block of the texts of a vector', () => {
    fc.assert(
      fc.property(texts, (rows) => {
        const { view, kernel } = start();
        writeVector(view, rows);
        const whole = Buffer.concat(rows);
        assert.equal(kernel.measure?.(AT.vector, rows.length), whole.byteLength);
        kernel.gather?.(AT.vector, rows.length, AT.offsets, AT.bytes);
        assert.deepEqual(Buffer.from(view.buffer, AT.bytes, whole.byteLength), whole);
        let end = 0;
        rows.forEach((row, index) => {
          assert.equal(view.getInt32(AT.offsets + 4 * index, true), end);
          end += row.byteLength;
        });
        assert.equal(view.getInt32(AT.offsets + 4 * rows.length, true), end);
      }),
    );
  });

  it('makes a vector of a block, whose short texts end in zeros and whose long ones lie in the block', () => {
    fc.assert(
      fc.property(texts, fc.nat(50), (rows, first) => {
        const { view, kernel } = start();
        let end = first;
        rows.forEach((row, index) => {
          view.setInt32(AT.offsets + 4 * index, end, true);
          new Uint8Array(view.buffer).set(row, AT.bytes + end);
          end += row.byteLength;
        });
        view.setInt32(AT.offsets + 4 * rows.length, end, true);
        const long = kernel.scatterShort?.(AT.offsets, AT.bytes, rows.length, AT.back);
        assert.equal(long, rows.filter((row) => row.byteLength > 12).length);
        kernel.scatterLong?.(AT.offsets, AT.bytes, rows.length, AT.back);
        let from = first;
        rows.forEach((row, index) => {
          const at = AT.back + 16 * index;
          const expected = Buffer.alloc(16);
          expected.writeUInt32LE(row.byteLength);
          expected.set(row.subarray(0, row.byteLength <= 12 ? 12 : 4), 4);
          if (row.byteLength > 12) expected.writeUInt32LE(AT.bytes + from, 8);
          assert.deepEqual(Buffer.from(view.buffer, at, 16), expected);
          from += row.byteLength;
        });
      }),
    );
  });

  it('sees a byte that is not ASCII wherever it is', () => {
    const { view, kernel } = start();
    new Uint8Array(view.buffer).fill(0x7f, AT.bytes, AT.bytes + 64);
    for (let length = 0; length < 40; length++) {
      assert.equal(kernel.isAscii?.(AT.bytes + 3, length), 1);
      for (let at = 0; at < length; at++) {
        view.setUint8(AT.bytes + 3 + at, 0x80);
        assert.equal(kernel.isAscii?.(AT.bytes + 3, length), 0);
        view.setUint8(AT.bytes + 3 + at, 0x7f);
      }
    }
  });
});
