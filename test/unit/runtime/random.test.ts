import assert from 'node:assert/strict';
import { createRandom } from '../../../wasm-core/runtime/random.ts';

function bytes(seed: number, byteLength: number): Uint8Array {
  const into = new Uint8Array(byteLength);
  createRandom(seed).fill(into);
  return into;
}

describe('createRandom', () => {
  it('gives the same bytes for the same seed, and others for another', () => {
    assert.deepEqual(bytes(7, 100), bytes(7, 100));
    assert.notDeepEqual(bytes(7, 100), bytes(8, 100));
    assert.deepEqual(bytes(-1, 16), bytes(0xffff_ffff, 16));
  });

  it('goes on where it stopped', () => {
    const random = createRandom(1);
    const [a, b] = [new Uint8Array(8), new Uint8Array(8)];
    random.fill(a);
    random.fill(b);
    assert.deepEqual([...a, ...b], [...bytes(1, 16)]);
  });

  it('gives the bytes that it has always given', () => {
    assert.equal(Buffer.from(bytes(0, 12)).toString('hex'), 'c3764651df09a8082b9d3430');
  });

  it('fills any length, with all byte values about equally often', () => {
    for (let n = 0; n < 9; n++) assert.equal(bytes(3, n).byteLength, n);
    const counts = new Array<number>(256).fill(0);
    for (const byte of bytes(5, 256_000)) counts[byte] = (counts[byte] ?? 0) + 1;
    // 1,000 are expected of each; six standard deviations are 190.
    assert.ok(
      counts.every((count) => Math.abs(count - 1000) < 190),
      `${counts}`,
    );
  });
});
