import type { BenchReport } from '../../protocol/bench/report.ts';
import type { BenchHistory, BenchScaling } from '../../protocol/bench-page.ts';
import { durationText, shortCountText } from '../../protocol/figures.ts';
import { ENGLISH } from '../../protocol/localizer.ts';
import { linePicture } from './line-picture.ts';
import type { Picture, PictureLook } from './picture.ts';
import { type SplitRow, splitPicture } from './split-picture.ts';
import { stripPicture, tickText } from './strip-picture.ts';

/** Targets beyond these many have their figures in the table alone. */
const MAX_ROWS = 40;

/** Picture of the times of a report; undefined when nothing was measured. */
export function timesPicture({ rows }: BenchReport, look: PictureLook): Picture | undefined {
  const measured = rows
    .slice(0, MAX_ROWS)
    .flatMap(({ result, before }) =>
      result.outcome === 'measured'
        ? [{ label: result.name, micros: result.micros, ...(before && { before }) }]
        : [],
    );
  return measured.length === 0 ? undefined : stripPicture(measured, look);
}

/** Picture of where the time of statements goes; undefined when none of them calls a plugin function. */
export function costPicture({ rows }: BenchReport, look: PictureLook): Picture | undefined {
  const split = rows.slice(0, MAX_ROWS).flatMap(({ result }): SplitRow[] => {
    if (result.outcome === 'failed' || result.cost === undefined) return [];
    const { micros, functionMicros, transferMicros } = result.cost;
    return [
      {
        label: result.name,
        engine: Math.max(0, micros - functionMicros),
        functions: Math.max(0, functionMicros - transferMicros),
        transfer: transferMicros,
      },
    ];
  });
  return split.every(({ functions, transfer }) => functions + transfer === 0)
    ? undefined
    : splitPicture(split, look);
}

/** The pictures of a report, in the order in which one looks at them. @param look.width pixels */
export function reportPictures(report: BenchReport, look: PictureLook): readonly Picture[] {
  return [timesPicture(report, look), costPicture(report, look)].flatMap((picture) => picture ?? []);
}

/** Lines beyond these many cannot be told apart. */
const MAX_LINES = 8;

/** Picture of rows a second against the size of the input; undefined without any. */
export function scalingPicture(scaling: readonly BenchScaling[], look: PictureLook): Picture | undefined {
  const { width, l10n = ENGLISH } = look;
  const lines = scaling.slice(0, MAX_LINES).map(({ name, points }) => ({
    label: name,
    points: points.flatMap(({ rowCount, micros, q1, q3 }) => {
      if (micros <= 0 || rowCount <= 0) return [];
      const y = rate(rowCount, micros);
      const size = rowCount.toLocaleString('en-US');
      const title = l10n.t('{0} rows: {1} rows a second, {2}', size, countTick(y), durationText(micros));
      return [{ x: rowCount, y, low: rate(rowCount, q3), high: rate(rowCount, q1), title }];
    }),
  }));
  const points = lines.flatMap((line) => line.points);
  if (points.length === 0) return undefined;
  return linePicture(lines, {
    title: l10n.t('Rows a second by size of input'),
    description: lines
      .map(({ label, points: of }) => `${label}: ${of.map(({ title }) => title).join('; ')}.`)
      .join(' '),
    xName: l10n.t('rows of input'),
    yName: l10n.t('rows a second'),
    xText: countTick,
    yText: countTick,
    xTicks: [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b),
    isLogX: true,
    width,
    l10n,
  });
}

/** Picture of what targets took at the commits of their file; undefined without any. */
export function historyPicture(history: readonly BenchHistory[], look: PictureLook): Picture | undefined {
  const { width, l10n = ENGLISH } = look;
  const shown = history.slice(0, MAX_LINES);
  const all = shown.flatMap(({ points }) => points);
  if (all.length === 0) return undefined;
  // The same commit is at the same place on every line.
  const commits = new Map(all.map(({ revision, at }) => [revision, at]));
  const order = [...commits]
    .sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([revision]) => revision);
  const lines = shown.map(({ name, points }) => ({
    label: name,
    points: points.map(({ revision, message, at, micros, q1, q3 }) => ({
      x: order.indexOf(revision),
      y: micros,
      low: q1,
      high: q3,
      title: `${revision}, ${at.slice(0, 10)}, ${durationText(micros)}\n${message}`,
    })),
  }));
  const words = lines.map(({ label, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return '';
    const [from, to] = [order[first.x] ?? '', order[last.x] ?? ''];
    return l10n.t(
      '{0}: {1} at {2}, {3} at {4}.',
      label,
      durationText(first.y),
      from,
      durationText(last.y),
      to,
    );
  });
  return linePicture(lines, {
    title: l10n.t('History over commits'),
    description: words.join(' '),
    xName: l10n.t('commit'),
    yName: l10n.t('median of a run'),
    xText: (x) => order[x] ?? '',
    yText: tickText,
    xTicks: order.map((_, index) => index),
    width,
    l10n,
  });
}

function rate(rowCount: number, micros: number): number {
  return micros > 0 ? (rowCount / micros) * 1e6 : 0;
}

function countTick(count: number): string {
  return shortCountText(count).replace('.0', '');
}
