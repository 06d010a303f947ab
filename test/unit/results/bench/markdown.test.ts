import assert from 'node:assert/strict';
import { markdownText, reportMarkdown } from '../../../../wasm-core/results/bench/markdown.ts';
import {
  costPicture,
  historyPicture,
  scalingPicture,
  timesPicture,
} from '../../../../wasm-core/results/bench/report-pictures.ts';
import { exampleReport } from '../../../support/bench-report.ts';

describe('a report as Markdown', () => {
  it('has a table of what there is, a sentence for each comparison, and the machine', () => {
    const lines = reportMarkdown(exampleReport()).split('\n');
    assert.equal(lines[0], '### Benchmarks of text.sql');
    assert.match(lines[4] ?? '', /^\| Benchmark \| Verdict \| Beside \| Median \|/);
    const rows = lines.slice(6, 12);
    const cells = (line: string) => line.split(' | ').length;
    assert.ok(rows.every((row) => cells(row) === cells(lines[4] ?? '')));
    assert.match(
      rows[0] ?? '',
      /^\| slug \| ▲ slower \| {2}\| 4\.4 ms \|.*\| 25 \| 1\.\d\d× \(.*\) \| &lt; 0\.001 \|/,
    );
    assert.equal(lines.filter((line) => line.startsWith('- ')).length, 5);
    assert.match(lines.at(-2) ?? '', /^Example CPU, 2 cores, 8\.0 GB of memory; .*2026-01-02 03:04:05 UTC/);
  });

  it('shows names as they are, whatever they are', () => {
    assert.equal(markdownText('a|b\n\n# c'), 'a\\|b \\# c');
    assert.equal(markdownText('<img src=x>`[x](y)'), '&lt;img src=x&gt;\\`\\[x\\](y)');
    assert.equal(markdownText('\u202eabc\u0000'), '\ufffdabc\ufffd');
    const names = ['a|b', 'c\nd', '`e', '\\|', '| |', ''];
    const rows = reportMarkdown(exampleReport({ names })).split('\n').slice(6, 12);
    const bars = (line: string) => line.replace(/\\./g, '').split('|').length;
    assert.equal(new Set(rows.map(bars)).size, 1);
  });
});

describe('the pictures of a report', () => {
  const width = 800;

  it('leave out what failed, and what there is nothing of', () => {
    const report = exampleReport();
    assert.equal(timesPicture(report, { width })?.description.includes('broken'), false);
    assert.match(costPicture(report, { width })?.description ?? '', /^slug: .* upper: /);
    const failed = { ...report, rows: report.rows.slice(-1) };
    assert.equal(timesPicture(failed, { width }), undefined);
    assert.equal(costPicture(failed, { width }), undefined);
    assert.equal(scalingPicture([], { width }), undefined);
    assert.equal(historyPicture([{ name: 'x', points: [] }], { width }), undefined);
  });

  it('put the same commit at the same place, in the order of time', () => {
    const point = (revision: string, at: string) => ({ revision, message: '', at, micros: 5, q1: 4, q3: 6 });
    const picture = historyPicture(
      [
        { name: 'a', points: [point('c1', '2026-01-01'), point('c3', '2026-01-03')] },
        { name: 'b', points: [point('c2', '2026-01-02'), point('c3', '2026-01-03')] },
      ],
      { width },
    );
    const marks = picture?.shapes.filter((shape) => shape.type === 'mark' && shape.title !== undefined) ?? [];
    const across = marks.map((mark) => (mark.type === 'mark' ? mark.x : 0));
    const [c1 = 0, c3 = 0, c2 = 0, again = 0] = across;
    assert.ok(c1 < c2 && c2 < c3 && c3 === again, across.join());
  });

  it('say how fast a target is at each size', () => {
    const points = [1000, 100_000].map((rowCount) => ({ rowCount, micros: 1000, q1: 900, q3: 1100 }));
    const picture = scalingPicture([{ name: 'slug', points }], { width });
    assert.equal(
      picture?.description,
      'slug: 1,000 rows: 1 M rows a second, 1.0 ms; 100,000 rows: 100 M rows a second, 1.0 ms.',
    );
  });
});
