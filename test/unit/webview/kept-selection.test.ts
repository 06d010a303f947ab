import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RowFilter, SortKey } from '../../../wasm-core/protocol/result-query.ts';
import { parseSelection } from '../../../webview/filter/parse-selection.ts';

const COLUMNS = 5;
const column = fc.nat(COLUMNS - 1);
const negated = fc.option(fc.boolean(), { nil: undefined });
const text = fc.string({ unit: 'binary' });
const filter: fc.Arbitrary<RowFilter> = fc
  .oneof(
    fc.record({ test: fc.constant('in' as const), values: fc.array(fc.option(text)) }),
    fc.record(
      { test: fc.constant('range' as const), from: text, to: text, isOpen: fc.boolean() },
      { requiredKeys: ['test'] },
    ),
    fc.record({ test: fc.constant('contains' as const), text }),
    fc.record({ test: fc.constant('null' as const) }),
  )
  .chain((test) => fc.record({ column, negated }).map((of) => ({ ...test, ...of }) as RowFilter));
const sort: fc.Arbitrary<SortKey> = fc.record(
  { column, descending: fc.boolean() },
  { requiredKeys: ['column'] },
);

describe('a selection of rows that a page has kept', () => {
  it('is the one that was made, after it was JSON', () => {
    fc.assert(
      fc.property(fc.array(filter), fc.array(sort), (filters, keys) => {
        const kept = JSON.parse(JSON.stringify({ filters, sort: keys })) as unknown;
        const isNone = filters.length === 0 && keys.length === 0;
        assert.deepEqual(parseSelection(kept, COLUMNS), isNone ? undefined : kept);
      }),
    );
  });

  it('is none where it is of another result, or anything else', () => {
    fc.assert(
      fc.property(filter, (each) => {
        assert.equal(parseSelection({ filters: [each], sort: [] }, each.column), undefined);
      }),
    );
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (filters, keys) => {
        for (const value of [filters, { filters, sort: [] }, { filters: [filters], sort: [keys] }]) {
          const parsed = parseSelection(value, COLUMNS);
          assert.ok(parsed === undefined || parsed.filters.length + parsed.sort.length > 0);
        }
      }),
    );
  });
});
