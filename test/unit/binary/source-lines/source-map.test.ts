import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type MapSegment,
  parseSourceMap,
  sourceMapLines,
  sourceMapText,
} from '../../../../wasm-core/binary/source-lines/source-map.ts';
import { vlqNumbers, vlqText } from '../../../../wasm-core/binary/source-lines/vlq.ts';

const NUMBER = fc.integer({ min: -0x7fff_ffff, max: 0x7fff_ffff });
const SMALL = fc.nat(100_000);
const SEGMENT: fc.Arbitrary<MapSegment> = fc.record(
  {
    address: SMALL,
    place: fc
      .tuple(fc.nat(5), SMALL, SMALL)
      .map(([source, line, column]) => ({ source, line: line + 1, column: column + 1 })),
  },
  { requiredKeys: ['address'], noNullPrototype: true },
);

describe('source maps', () => {
  it('write numbers as the specification does', () => {
    assert.equal([0, 1, -1, 15, 16, -16, 123_456].map(vlqText).join(' '), 'A C D e gB hB gkxH');
    assert.deepEqual(vlqNumbers('ACDegBhBgkxH'), [0, 1, -1, 15, 16, -16, 123_456]);
    for (const broken of ['g', 'A!', 'gggggggggggggA', '-'])
      assert.equal(vlqNumbers(broken), undefined, broken);
    fc.assert(
      fc.property(fc.array(NUMBER), (numbers) =>
        assert.deepEqual(vlqNumbers(numbers.map(vlqText).join('')), numbers),
      ),
    );
  });

  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(SEGMENT), fc.array(fc.string()), (unordered, sources) => {
        const segments = [...unordered].sort((a, b) => a.address - b.address);
        assert.deepEqual(parseSourceMap(sourceMapText({ sources, segments })), { sources, segments });
      }),
    );
  });

  it('give lines of what is wanted alone', () => {
    const place = { source: 0, line: 7, column: 3 };
    const text = sourceMapText({ sources: ['a.ts'], segments: [{ address: 3, place }, { address: 9 }] });
    const table = sourceMapLines(text, (address) => address > 5);
    assert.deepEqual(table?.rows, [{ address: 9, file: -1, line: 0, column: 0 }]);
    assert.equal(table?.file(0), 'a.ts');
  });

  it('that are broken count up to the fault, and anything else is none', () => {
    assert.equal(parseSourceMap('{"sources":["a"],"mappings":"AAAA,CACA,C!,CACA"}')?.segments.length, 2);
    for (const text of ['', 'null', '[]', '{"sources":1,"mappings":""}', '{"sources":[]}', '\u0000']) {
      assert.equal(parseSourceMap(text), undefined, text);
    }
    assert.deepEqual(parseSourceMap('{"sources":[1,null],"mappings":""}'), {
      sources: ['', ''],
      segments: [],
    });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ACDgh,;!+/9') }), (mappings) => {
        const table = sourceMapLines(JSON.stringify({ sources: ['a'], mappings }), () => true);
        assert.ok(table !== undefined);
      }),
    );
  });
});
