import type { RandomSource } from './host-functions/owner.ts';

/**
 * A stream of pseudo-random bytes that is the same for the same seed, on every machine: for tests, for runs that are to
 * be repeated, never for secrets. Each `fill` begins with a new word, so the stream depends on how it is cut.
 *
 * The generator is sfc32 of PractRand by Chris Doty-Humphrey (http://pracrand.sourceforge.net, in the public domain),
 * seeded and warmed up as there.
 *
 * @param seed taken as an unsigned 32-bit number
 */
export function createRandom(seed: number): RandomSource {
  let a = 0;
  let b = seed >>> 0;
  let c = 0;
  let counter = 1;
  const next = (): number => {
    const word = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    return word;
  };
  for (let i = 0; i < WARM_UP_ROUNDS; i++) next();
  return {
    fill(bytes) {
      const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const whole = bytes.byteLength & ~3;
      for (let at = 0; at < whole; at += 4) words.setInt32(at, next(), true);
      if (whole === bytes.byteLength) return;
      const last = next();
      for (let at = whole; at < bytes.byteLength; at++) bytes[at] = last >>> (8 * (at - whole));
    },
  };
}

const WARM_UP_ROUNDS = 12;
