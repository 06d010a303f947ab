/** What a figure must reach: its ratio to the peer, or our own figure. Exactly one end is given. */
export interface Bar {
  readonly of: 'ratio' | 'ours';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One line of a suite's table. */
export interface Row {
  readonly what: string;
  /** Our figure over the peer's, of medians. */
  readonly ratio?: number;
  readonly ours?: number;
  readonly peer?: number;
  /** Of both figures, such as `ms`. */
  readonly unit?: string;
  readonly peerName?: string;
  readonly bars?: readonly Bar[];
}

/** What a suite measured. */
export interface SuiteResult {
  readonly title: string;
  /** How it was measured, and what could not be. One sentence each. */
  readonly notes: readonly string[];
  readonly rows: readonly Row[];
}

/** A row with a peer; the ratio is of the two figures. */
export function versus(options: {
  readonly what: string;
  readonly ours: number;
  readonly peer: number;
  readonly unit: string;
  readonly peerName: string;
  readonly bars?: readonly Bar[];
}): Row {
  return { ...options, ratio: options.ours / options.peer };
}

/** Whether a row reaches a bar. A figure that could not be measured does not. */
export function isReached(row: Row, bar: Bar): boolean {
  const figure = row[bar.of] ?? Number.NaN;
  return bar.atLeast !== undefined ? figure >= bar.atLeast : figure <= (bar.atMost ?? Number.NaN);
}

/** A suite as Markdown: the title, the table with ratios first, the notes. */
export function suiteMarkdown({ title, rows, notes }: SuiteResult): string {
  return [
    `## ${title}`,
    '',
    '| ratio | what | ours | peer | unit | peer is | bar | reached |',
    '| ---: | --- | ---: | ---: | --- | --- | --- | --- |',
    ...rows.map(rowMarkdown),
    '',
    ...notes,
  ].join('\n');
}

/** A number with three digits that count, or a whole one with its thousands apart; empty when absent. */
export function figureText(value: number | undefined): string {
  if (value === undefined) return '';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  // Very small numbers would come out as 1.23e-7.
  return Math.abs(value) < 1e-4 ? value.toFixed(6) : value.toPrecision(3);
}

/** A ratio with two decimals, with four below 0.1; empty when absent. */
export function ratioText(ratio: number | undefined): string {
  if (ratio === undefined) return '';
  return ratio < 0.1 ? ratio.toFixed(4) : ratio.toFixed(2);
}

function rowMarkdown(row: Row): string {
  const bars = row.bars ?? [];
  const cells = [
    ratioText(row.ratio),
    row.what,
    figureText(row.ours),
    figureText(row.peer),
    row.unit ?? '',
    row.peerName ?? '',
    bars.map((bar) => barText(bar, row.unit)).join(', '),
    bars.map((bar) => (isReached(row, bar) ? 'yes' : 'no')).join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

function barText(bar: Bar, unit = ''): string {
  const sign = bar.atLeast === undefined ? '≤' : '≥';
  const limit = bar.atLeast ?? bar.atMost ?? Number.NaN;
  if (bar.of === 'ratio') return `${sign} ${limit}×`;
  return `${sign} ${limit.toLocaleString('en-US')} ${unit}`;
}
