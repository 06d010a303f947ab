import {
  type BenchReport,
  type BenchReportRow,
  chanceText,
  changeText,
  fuelPerRow,
  ratioText,
  rowsPerSecond,
  VERDICT_SIGNS,
  verdictOf,
  verdictWords,
} from '../../protocol/bench/report.ts';
import type { BenchMeasured } from '../../protocol/bench.ts';
import { counted, durationText, shortCountText } from '../../protocol/figures.ts';
import { ENGLISH, type Localizer } from '../../protocol/localizer.ts';

/** A column of the table of a report. */
export interface ReportColumn {
  readonly title: string;
  /** What the title means. */
  readonly meaning: string;
  readonly isFigure: boolean;
  /** Set for the one that says how a target did. */
  readonly isVerdict?: true;
  /** Empty where a target has no such thing. */
  readonly text: (row: BenchReportRow) => string;
}

const figure = (
  title: string,
  meaning: string,
  text: (result: BenchMeasured) => string | undefined,
): ReportColumn => ({
  title,
  meaning,
  isFigure: true,
  text: ({ result }) => (result.outcome === 'measured' ? (text(result) ?? '') : ''),
});

function allColumns(l10n: Localizer): readonly ReportColumn[] {
  return [
    {
      title: l10n.t('Benchmark'),
      meaning: l10n.t('What was measured'),
      isFigure: false,
      text: ({ result }) => result.name,
    },
    {
      title: l10n.t('Verdict'),
      meaning: l10n.t('How it did against what it is compared with'),
      isFigure: false,
      isVerdict: true,
      text: (row) => {
        const verdict = verdictOf(row);
        return verdict === 'new' ? '' : `${VERDICT_SIGNS[verdict]} ${verdictWords(verdict, l10n)}`;
      },
    },
    {
      title: l10n.t('Beside'),
      meaning: l10n.t('The time as a multiple of that of the reference of its group'),
      isFigure: false,
      text: ({ reference }) =>
        reference ? l10n.t('{0} of {1}', ratioText(reference.time.ratio), reference.name) : '',
    },
    figure(l10n.t('Median'), l10n.t('Half of the runs took less'), ({ figures }) =>
      durationText(figures.median),
    ),
    figure(l10n.t('p95'), l10n.t('95 of 100 runs took less'), ({ figures }) => durationText(figures.p95)),
    figure(
      l10n.t('Spread'),
      l10n.t('The median distance of the runs from their median, as a part of it'),
      spreadText,
    ),
    figure(
      l10n.t('Runs'),
      l10n.t('Measured runs, and how many of them lie far from the others'),
      ({ figures }) => {
        const { mild, severe } = figures.outliers;
        const outliers = mild + severe;
        return `${figures.count.toLocaleString('en-US')}${outliers > 0 ? `, ${counted(outliers, l10n.t('{0} outlier'), l10n.t('{0} outliers'))}` : ''}`;
      },
    ),
    figure(l10n.t('Rows/s'), l10n.t('Rows a second, at the median'), (result) => {
      const rows = rowsPerSecond(result);
      return rows === undefined ? undefined : shortCountText(rows);
    }),
    figure(l10n.t('Fuel'), l10n.t('Instructions that plugins execute in a run'), ({ fuel }) => {
      if (fuel === undefined) return undefined;
      const least = fuel.least.toLocaleString('en-US');
      return fuel.least === fuel.most
        ? least
        : l10n.t('{0} to {1}', least, fuel.most.toLocaleString('en-US'));
    }),
    figure(l10n.t('Fuel/row'), l10n.t('The same for a row'), (result) => {
      const fuel = fuelPerRow(result);
      return fuel === undefined ? undefined : Number(fuel.toPrecision(3)).toLocaleString('en-US');
    }),
    {
      title: l10n.t('Against'),
      meaning: l10n.t(
        'The time as a multiple of the one before, with the range that it lies in with 99 % confidence',
      ),
      isFigure: true,
      text: ({ comparison }) =>
        comparison?.type === 'compared' && comparison.time ? changeText(comparison.time, l10n) : '',
    },
    {
      title: l10n.t('p'),
      meaning: l10n.t('How likely it is that nothing changed, by the test of Mann and Whitney'),
      isFigure: true,
      text: ({ comparison }) =>
        comparison?.type === 'compared' && comparison.time
          ? chanceText(comparison.time.p).replace('p = ', '').replace('p ', '')
          : '',
    },
  ];
}

/** The columns that a report has anything for; the first always. */
export function reportColumns(
  { rows }: Pick<BenchReport, 'rows'>,
  l10n: Localizer = ENGLISH,
): readonly ReportColumn[] {
  return allColumns(l10n).filter(({ text }, index) => index === 0 || rows.some((row) => text(row) !== ''));
}

function spreadText({ figures: { mad, median } }: BenchMeasured): string {
  return median > 0 ? `±${((mad / median) * 100).toFixed(1)} %` : '';
}
