import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { hotLine, readHotLine, writeDecimal } from '../../../wasm-core/host/hot-line.ts';

function request(id: number, module: string, utf8: string): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'module/execute',
    params: { module, input: { utf8 } },
  });
}

/** What a line means when it is hot; undefined when it is not. */
function meaning(line: Buffer): { id: number; module: string; input: string } | undefined {
  const parts = hotLine();
  if (!readHotLine(line, parts)) return undefined;
  const input = line.subarray(parts.inputStart, parts.inputEnd);
  if (!parts.isAscii && !isUtf8(input)) return undefined;
  return {
    id: parts.id,
    module: line.toString('latin1', parts.nameStart, parts.nameEnd),
    input: input.toString('utf8'),
  };
}

describe('a hot line', () => {
  it('is told from its bytes', () => {
    assert.deepEqual(meaning(Buffer.from(request(7, 'upper', 'héllo 𝕏'))), {
      id: 7,
      module: 'upper',
      input: 'héllo 𝕏',
    });
    assert.deepEqual(meaning(Buffer.from(request(0, '', ''))), { id: 0, module: '', input: '' });
  });

  const others: Readonly<Record<string, string>> = {
    'another method': request(1, 'a', 'b').replace('module/execute', 'module/get'),
    'a space': request(1, 'a', 'b').replace(':1', ': 1'),
    'a string for an id': request(1, 'a', 'b').replace(':1,', ':"1",'),
    'a negative id': request(-1, 'a', 'b'),
    'an id with a leading zero': request(1, 'a', 'b').replace(':1,', ':01,'),
    'an id with an exponent': request(1, 'a', 'b').replace(':1,', ':1e3,'),
    'an id beyond 15 digits': request(1, 'a', 'b').replace(':1,', ':1234567890123456,'),
    'an escape in its name': request(1, 'a"', 'b'),
    'a name that is not ASCII': request(1, 'ä', 'b'),
    'an escape in its input': request(1, 'a', 'b\n'),
    limits: request(1, 'a', 'b').replace('"}}}', '"},"limits":{}}}'),
    'something behind it': `${request(1, 'a', 'b')} `,
    'its end cut off': request(1, 'a', 'b').slice(0, -1),
    'nothing at all': '',
  };
  for (const [what, line] of Object.entries(others)) {
    it(`is not one with ${what}`, () => assert.equal(meaning(Buffer.from(line)), undefined));
  }

  it('never means anything else than JSON does, whatever is done to its bytes', () => {
    const edit = fc.record({
      id: fc.nat(),
      module: fc.string({ maxLength: 8 }),
      input: fc.string({ maxLength: 20, unit: 'grapheme' }),
      at: fc.nat(140),
      remove: fc.nat(3),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 3 }),
        fc.constantFrom(...['"', '\\', '}', '0', ' ', ','].map(Buffer.from)),
      ),
      isEdited: fc.boolean(),
    });
    const check = (e: typeof edit extends fc.Arbitrary<infer T> ? T : never): void => {
      const whole = Buffer.from(request(e.id, e.module, e.input));
      const line = e.isEdited
        ? Buffer.concat([whole.subarray(0, e.at), e.insert, whole.subarray(e.at + e.remove)])
        : whole;
      const told = meaning(line);
      if (told === undefined) return;
      assert.ok(isUtf8(line));
      assert.deepEqual(
        JSON.parse(line.toString('utf8')),
        JSON.parse(request(told.id, told.module, told.input)),
      );
    };
    fc.assert(fc.property(edit, check), { numRuns: 5000 });
  });

  it('has numbers in its answer as JSON writes them', () => {
    const check = (value: number): void => {
      const bytes = Buffer.alloc(20);
      assert.equal(bytes.toString('latin1', 0, writeDecimal(bytes, 0, value)), String(value));
    };
    for (const value of [
      0,
      9,
      10,
      99,
      100,
      2 ** 31,
      2 ** 32,
      10 ** 15 - 1,
      10 ** 15,
      Number.MAX_SAFE_INTEGER,
    ])
      check(value);
    fc.assert(fc.property(fc.maxSafeNat(), check), { numRuns: 2000 });
  });
});
