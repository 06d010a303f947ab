import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { TestSession } from './sql-session.ts';

/** Bytes that are another file's, damaged. */
export function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat(Math.max(bytes.length - 1, 0));
  const cut = at.map((end) => bytes.slice(0, end));
  const flips = fc
    .array(fc.tuple(at, fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 })
    .map((all) => {
      const copy = bytes.slice();
      for (const [index, bits] of all) copy[index] = (copy[index] ?? 0) ^ bits;
      return copy;
    });
  /** Numbers that a reader may trust: lengths, counts and offsets. */
  const lies = fc
    .tuple(at, fc.constantFrom(-1, 0x7fff_ffff, -0x8000_0000, 0, 1, 0xffff))
    .map(([index, lie]) => {
      const copy = new Uint8Array(bytes.length + 8);
      copy.set(bytes);
      new DataView(copy.buffer).setInt32(index, lie, true);
      return copy.slice(0, bytes.length);
    });
  const grown = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((more) => {
    const copy = new Uint8Array(bytes.length + more.length);
    copy.set(bytes);
    copy.set(more, bytes.length);
    return copy;
  });
  return fc.oneof({ weight: 4, arbitrary: flips }, { weight: 4, arbitrary: lies }, cut, grown);
}

/** Kinds that a damaged file may end in. */
const KINDS = ['FORMAT_DATA', 'SQL_RUN', 'SQL_BIND', 'MEMORY_LIMIT', 'FILE_IO'];

/**
 * Reads files that are damaged in many ways: each gives rows, or an error that names it, and the next query is right.
 *
 * @returns how many of them failed
 */
export async function survivesDamage(
  test: TestSession,
  options: { readonly bytes: Uint8Array; readonly name: string; readonly sql: string; readonly runs: number },
): Promise<number> {
  let failed = 0;
  const file = path.join(test.folder, options.name);
  await fc.assert(
    fc.asyncProperty(damaged(options.bytes), async (bytes) => {
      writeFileSync(file, bytes);
      try {
        await test.run(options.sql);
      } catch (error) {
        failed++;
        assert.ok(error instanceof CoreError && KINDS.includes(error.kind), String(error));
        assert.ok(error.message.includes(options.name), error.message);
        assert.doesNotMatch(error.message, /\n\s+at |undefined|NaN/);
      }
      assert.deepEqual(await test.rows('select 42'), [['42']]);
    }),
    { numRuns: options.runs },
  );
  return failed;
}
