import assert from 'node:assert/strict';
import { type BenchFile, benchChildren, benchLook, benchNodeId } from '../../../client/bench/bench-model.ts';
import { exampleReport } from '../../support/bench-report.ts';

const file = (label: string, type: BenchFile['type'], names: readonly string[]): BenchFile => ({
  uri: `file:///w/${label}`,
  label,
  folder: '',
  type,
  names,
});

describe('the tree of benchmarks', () => {
  const files = [
    file('Host', 'host', ['connect']),
    file('a.chain.json', 'chain', ['a']),
    file('slug.ts', 'plugin', ['slug']),
    file('b.sql', 'sql', ['x', 'y']),
    file('a.sql', 'sql', ['x']),
    file('empty.bench.sql', 'sql', []),
  ];
  const sources = { files: async () => files };

  it('has SQL files first, then plugins, and nothing that is empty', async () => {
    const top = await benchChildren(sources);
    assert.deepEqual(
      top.map((node) => node.kind === 'file' && node.file.label),
      ['a.sql', 'b.sql', 'slug.ts', 'a.chain.json', 'Host'],
    );
    const below = await Promise.all(top.map((node) => benchChildren(sources, node)));
    assert.deepEqual(
      below.map((nodes) => nodes.map((node) => node.kind === 'benchmark' && node.name)),
      [['x'], ['x', 'y'], ['slug'], ['a'], ['connect']],
    );
    const ids = [...top, ...below.flat()].map(benchNodeId);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(await benchChildren(sources, below[0]?.[0]), []);
  });

  it('says why it has nothing', async () => {
    const broken = { files: () => Promise.reject(new Error('no host')) };
    assert.deepEqual(await benchChildren(broken), [{ kind: 'note', text: 'no host' }]);
  });

  it('shows the last figures and the verdict, in words and signs', () => {
    const looks = exampleReport().rows.map((row) => benchLook(row).description);
    assert.deepEqual(
      looks.map((look) => look.replace(/\d\.\d\d×/, 'N×')),
      [
        '4.4 ms, ▲ slower N×',
        '4.6 ms, ▼ faster N×',
        '519 µs, = the same',
        '524 µs, ≠ not comparable',
        '719 µs',
        'failed',
      ],
    );
    assert.deepEqual(benchLook(undefined), { description: '', verdict: 'unknown' });
  });
});
