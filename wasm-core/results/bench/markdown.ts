import { type BenchReport, comparisonText, reportSummary } from '../../protocol/bench/report.ts';
import { counted, durationText } from '../../protocol/figures.ts';
import { ENGLISH, type Localizer } from '../../protocol/localizer.ts';
import { reportColumns } from './report-cells.ts';

/** A report as Markdown: a table, a sentence for each comparison, and the machine that it was measured on. */
export function reportMarkdown(report: BenchReport, l10n: Localizer = ENGLISH): string {
  const { title, rows, against } = report;
  const columns = reportColumns(report, l10n);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const notes = rows.flatMap(({ result, comparison }) => {
    if (result.outcome === 'failed') return [l10n.t('{0} failed: {1}', result.name, result.message)];
    return comparison && against !== undefined
      ? [`${result.name}: ${comparisonText(comparison, against, l10n)}`]
      : [];
  });
  const lines = [
    `### ${markdownText(title)}`,
    '',
    `${markdownText(reportSummary(report, l10n))}.`,
    '',
    line(columns.map((column) => column.title)),
    line(columns.map(({ isFigure }) => (isFigure ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map(({ text }) => markdownText(text(row))))),
    '',
    ...notes.map((note) => `- ${markdownText(note)}`),
    ...(notes.length > 0 ? [''] : []),
    `${markdownText(reportWorld(report, l10n).join('; '))}.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The machine, the versions and the time of a run, a part each. */
export function reportWorld(
  { machine, versions, load, at, micros }: BenchReport,
  l10n: Localizer = ENGLISH,
): readonly string[] {
  const { quern, duckdb, node, v8 } = versions;
  const { cpu, cores, memoryBytes, os, osRelease, arch } = machine;
  return [
    [
      cpu,
      counted(cores, l10n.t('{0} core'), l10n.t('{0} cores')),
      l10n.t('{0} GB of memory', (memoryBytes / 1e9).toFixed(1)),
    ].join(', '),
    `${os} ${osRelease} ${arch}`,
    l10n.t('Quern {0}, DuckDB {1}, Node {2}, V8 {3}', quern, duckdb, node, v8),
    ...(load ? [l10n.t('load before: {0}', load[0].toFixed(2))] : []),
    l10n.t('{0} UTC, in {1}', at.slice(0, 19).replace('T', ' '), durationText(micros)),
  ];
}

/** A text in one line that Markdown shows as it is, whatever it is. */
export function markdownText(text: string): string {
  return text
    .replace(UNFIT, '\ufffd')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|~&!]/g, (sign) => (sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : `\\${sign}`));
}

// As in pictures, but line breaks, which become blanks.
const UNFIT = /(?![\t\n\r])[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;
