import path from 'node:path';
import type { BenchReport } from '../../../protocol/bench/report.ts';
import type { BenchRunResult } from '../../../protocol/bench.ts';
import { reportMarkdown } from '../../../results/bench/markdown.ts';
import { reportPictures } from '../../../results/bench/report-pictures.ts';
import { stacked, svgText } from '../../../results/bench/svg-text.ts';
import { fileOutput } from '../output.ts';
import type { JudgedBench } from './judge.ts';

/** Width of the pictures, pixels: that of a page of text. */
const WIDTH = 860;

/**
 * What a command measured, as the editor's page takes it.
 *
 * @param run of the first of its requests: where, with what, and when
 * @param against what it was compared with; undefined for nothing
 */
export function benchReport(
  all: readonly JudgedBench[],
  run: BenchRunResult,
  against: string | undefined,
): BenchReport {
  const { targets: _, ...facts } = run;
  const rows = all.map(({ outcome, comparison, before, reference }) => ({
    result: outcome,
    ...(comparison !== undefined && comparison.type !== 'new' && { comparison }),
    ...(before && { before }),
    ...(reference && { reference }),
  }));
  return { ...facts, title: titleOf(all), rows, ...(against !== undefined && { against }) };
}

/**
 * Writes a report to files; no pictures where nothing was measured.
 *
 * @throws CoreError FILE_IO
 */
export async function writeReport(
  report: BenchReport,
  { markdown, svg }: { readonly markdown?: string; readonly svg?: string },
): Promise<void> {
  if (markdown !== undefined) await write(markdown, reportMarkdown(report));
  const pictures = svg === undefined ? [] : reportPictures(report, { width: WIDTH });
  if (svg !== undefined && pictures.length > 0) await write(svg, svgText(stacked(pictures)));
}

async function write(file: string, text: string): Promise<void> {
  const output = fileOutput(file);
  try {
    await output.write(text);
    await output.commit();
  } catch (error) {
    output.abandon();
    throw error;
  }
}

/** `Benchmarks of report.sql`, or of how many files. */
function titleOf(all: readonly JudgedBench[]): string {
  const files = [...new Set(all.map(({ bench }) => bench.file ?? 'the host'))];
  const [first = 'the host'] = files;
  return `Benchmarks of ${files.length > 1 ? `${files.length} files` : path.basename(first)}`;
}
